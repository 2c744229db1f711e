"""Our own policies as a program for the virtual machine of `gordon-to-regorus`: made once, when changegate is built.

Only our own: their form is fixed and tested. Policies of a user's own are interpreted. docs/decisions/0021 says why.
"""
