"""Mathematical notation: made once of an expression, spelled by each format.

What is bracketed, what is a fraction and how a name is shown is decided where the tree (`markup`)
is made (`expressions`, `formulas`, `names`); `latex`, `mathml` and `unicode` only spell it, and
`breaking` breaks what is too wide for a line.
"""
