"""Lowering: from the syntax trees of modules to rules in normal form.

What OPA's compiler does, in its order: names become whole paths, variables that are declared get names of their own,
calls inside terms become statements before the one that they stand in, and what a head reaches into is bound at the end
of its body. `plain` then binds what a statement looks up early.
"""
