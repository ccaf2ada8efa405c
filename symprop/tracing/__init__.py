"""The command `symprop trace`: numbers at one point, and update after update of a descent.

A descent comes as a table, row by row as it is worked out (`rows`), or as a page with every line's
numbers put in (`pages`); a long one shows how far it is (`progress`).
"""
