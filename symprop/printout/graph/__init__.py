"""The computational graph: read from a derivation, laid out, drawn as SVG, TikZ, DOT or text.

What is read (`reading`) is a graph of notation (`model`). Its vertices get columns and rows
(`layers`, `columns`), an order in each column (`ordering`) and heights (`heights`); so they are
placed (`placing`, `wires`) in a picture of points and letters (`picture`), which each format
writes down.
"""
