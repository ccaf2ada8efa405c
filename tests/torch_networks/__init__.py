"""Whole networks, each declared as a user would and written a second time by hand in torch."""
