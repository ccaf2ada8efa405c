"""How much longer work may take where cores are shared with other work, in tests of time.

Processor time grows too where two threads share a core; a search that hangs, or grows with the
square of its input, is beyond any such factor.
"""

BUSY = 3
