"""The command `symprop grade`: derivations of many people, a row of a table for each.

`grades` says what is right and wrong in one, `gradebook` keeps the table, and `session` goes
through the answers, in processes of their own.
"""
