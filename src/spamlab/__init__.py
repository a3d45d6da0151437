"""spamlab: a workshop in a box for countering spam.

Each package below is a room; its docstring says what belongs in it and what does not.
Imports point one way (see the import contract in pyproject.toml).
"""
