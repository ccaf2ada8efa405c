r"""Hand derivations held against a network: read, tried in numbers, and where they slip, explained.

    report = verify(net, r"\frac{\partial L}{\partial w_3} = -(y - f_3) f_3 (1 - f_3) f_2")
    report.ok                     # True
    print(report)                 # each line with its verdict and the reason

The way of a line: `reading` makes a tree of it, `links` asks whether its sides are equal.
`equality` tries them at random points (`worlds`, where `meaning` gives a tree its value), under
the conventions that a text may leave unsaid, where the `conditions` of the line hold. What holds
is looked at by `magnitudes`, `givens` and `proofs`, what does not by `assumptions` and `doubts`,
before it is called false; `slips` then finds the mistake. `chains` keeps in mind what was wrong,
so that what only follows from it (`beliefs`) is told apart, and what the text says of its own
names (`deltas`, `boxes`). In the end `layouts` sees to it that all gradients of a text lie in one
way.
"""

from symprop.verification.derivations import verify, verify_answer, verify_document
from symprop.verification.reports import Line, Report
from symprop.verification.verdicts import Counterexample, Judgement, Slip, Verdict

__all__ = [
    "Counterexample",
    "Judgement",
    "Line",
    "Report",
    "Slip",
    "Verdict",
    "verify",
    "verify_answer",
    "verify_document",
]
