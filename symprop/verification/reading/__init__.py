r"""Reading formulas of hand derivations, in LaTeX or plain text, over the names of a network.

    symbols = Symbols.of(network)
    reading = read(r"\frac{\partial L}{\partial w_3} = -(y - \hat{y}) f_3 (1 - f_3) f_2", symbols)
    reading.statements[0].links[0].right      # a tree, as printed
    str(reading)                              # dL/dw3 = -(y - y_hat)*f3*(1 - f3)*f2

The contract. A text is read as it is meant for certain, or refused with an UnreadableError that has
line, column and what was expected. Where a rule decided between two readings that are both
mathematics (`f_3(w_2 f_2)`: a call or a product), the other one is in `reading.choices`, and
`reading.alternatives` gives the statements as they would be then: call no line wrong that is right
so. What comes out is printed again and compared with what went in. Nothing is evaluated, simplified
or looked up but names; any text is safe: length, depth, exponents and time are bounded.

The rooms, in the order of the data:

    tokens, plain, macros       text as tokens of LaTeX, plain text too; nothing is executed
    items, building, commanding tokens put together as TeX does: scripts, arguments, brackets, rows
    names, entries, families,   what a name is on paper, and what it refers to: all forms of the
    declared, layers, symbols,  names of a network, and functions that need no declaration
    functions
    reader, arithmetic, atoms,  the grammar, by precedence: rules are functions of reader and cursor
    applications, functional,
    definitions, indicators,
    rates, scripts, shorthand,
    structures
    tree                        what comes out: records with their place in the text
    rows, lefts, assembling,    rows to statements and their links: what a left side says of the
    statements, iterations,     rest, updates however they are written, names that are defined
    anew, later, slices,        behind their use or once more, rows of matrices and samples
    rewriting
    echo, fidelity              trees back to LaTeX, compared with what was read
    understanding, outlines     trees as understood: plain text that reads back; bare structure
    formula, document, scanning a formula, a file: its formulas in displays, in sentences, among
    prose, inline, options,     words; its options; what it defines anywhere
    abbreviations
"""

from symprop.verification.reading.document import Document, Formula, Skipped, read_document
from symprop.verification.reading.errors import AmbiguousError, Span, UnreadableError, pointer
from symprop.verification.reading.formula import Reading, read
from symprop.verification.reading.outlines import outline
from symprop.verification.reading.statements import (
    Link,
    Relation,
    Statement,
    indices_captured,
)
from symprop.verification.reading.symbols import Entry, Reference, Symbols
from symprop.verification.reading.understanding import plain

__all__ = [
    "AmbiguousError",
    "Document",
    "Entry",
    "Formula",
    "Link",
    "Reading",
    "Reference",
    "Relation",
    "Skipped",
    "Span",
    "Statement",
    "Symbols",
    "UnreadableError",
    "indices_captured",
    "outline",
    "plain",
    "pointer",
    "read",
    "read_document",
]
