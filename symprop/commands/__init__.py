"""What the command line does, a module for each larger command, and what they share.

SymPy and NumPy are imported where they are needed, so that `--help` is quick.
"""
