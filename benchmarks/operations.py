"""Operations of the gradients over those of the forward pass, for perceptrons in scalars.

    python benchmarks/operations.py

prints for each width the plan's count (symprop.program.cost) and, independent of it, a count on
the text of the emitted plain Python module, for one sample. The exit status is 1 if a ratio is
above 2.1.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Sequence
from dataclasses import dataclass

from networks import scalar_perceptron

from symprop import derive, emit
from symprop.program import build_program, cost

WIDTHS = (2, 4, 8, 16, 32)
LIMIT = 2.1


@dataclass(frozen=True)
class TextCost:
    """Operations on one sample: of `loss`, and of `loss_and_gradients` beyond those."""

    forward: int
    gradient: int

    @property
    def ratio(self) -> float:
        """Gradient operations per forward operation."""
        return self.gradient / self.forward


def text_cost(source: str) -> TextCost:
    """Count the operations on one sample in the text of a plain Python module."""
    nodes = ast.parse(source).body
    functions = {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}
    forward = operations(loop_over_samples(functions["loss"]))
    both = operations(loop_over_samples(functions["loss_and_gradients"]))
    return TextCost(forward, both - forward)


def loop_over_samples(function: ast.FunctionDef) -> list[ast.stmt]:
    """The statements in the one loop of a function."""
    (loop,) = (node for node in function.body if isinstance(node, ast.For))
    return loop.body


def operations(statements: Sequence[ast.stmt]) -> int:
    """How many operations on numbers the statements make."""
    count = 0
    pending: list[ast.AST] = [*statements]
    while pending:
        node = pending.pop()
        count += is_operation(node)
        if not isinstance(node, ast.IfExp):  # a function that is written out, such as the sigmoid
            pending.extend(ast.iter_child_nodes(node))
    return count


def is_operation(node: ast.AST) -> bool:
    """Whether a node is an arithmetic operation or a call; the sign of a number is none."""
    if isinstance(node, ast.UnaryOp):
        return not isinstance(node.operand, ast.Constant)
    return isinstance(node, ast.BinOp | ast.AugAssign | ast.Call | ast.IfExp)


def row(width: int) -> tuple[str, float]:
    """A line of the table, and the larger of the two ratios."""
    derivation = derive(scalar_perceptron(width))
    plan = cost(build_program(derivation))
    start = time.process_time()
    source = emit(derivation, "python")
    seconds = time.process_time() - start
    text = text_cost(source)
    cells = "".join(f"{c.forward:>9,}{c.gradient:>9,}{c.ratio:>7.2f}" for c in (plan, text))
    return f"{width:>5}{cells}{seconds:>9.2f}", max(plan.ratio, text.ratio)


def main() -> int:
    """Print the table; return 1 if a ratio is above the limit, else 0."""
    print(f"{'':>5}{'plan':>25}{'text':>25}{'emit':>9}")
    print(f"{'width':>5}" + f"{'forward':>9}{'gradient':>9}{'ratio':>7}" * 2 + f"{'seconds':>9}")
    worst = 0.0
    for width in WIDTHS:
        line, ratio = row(width)
        worst = max(worst, ratio)
        print(line, flush=True)
    print(f"the limit of a ratio is {LIMIT:g}")
    return int(worst > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
