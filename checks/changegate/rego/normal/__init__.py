"""Policies of one's own on the embedded engine: their normal form, and the machine that evaluates it, and only that.

`forms` lists the forms. `lower` makes them from a syntax tree, `machine` evaluates them, `engine` is asked.
"""
