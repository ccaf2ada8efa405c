"""Patterns in gradient flow: what a gate does with the gradient that comes back to it.

ECE 884 Deep Learning, lecture 11: an add gate distributes it, a mul gate swaps the two values, a
max gate routes it to the larger one; where a value is used twice, two gradients add up.
"""

from sympy import symbols

from symprop import Network, maximum

x, y, z = symbols("x y z", real=True)

add_gate = Network("add_gate", weights=[x, y])
add_gate.loss(x + y, name="f")
add_gate.example({x: 2, y: -3})

mul_gate = Network("mul_gate", weights=[x, y])
mul_gate.loss(x * y, name="f")
mul_gate.example({x: 2, y: -3})

max_gate = Network("max_gate", weights=[x, y])
max_gate.loss(maximum(x, y), name="f")
max_gate.example({x: 2, y: -3})

all_gates = Network("all_gates", weights=[x, y, z])
s = all_gates.step("s", x + y)
m = all_gates.step("m", maximum(y, z))
all_gates.loss(s * m, name="f")
all_gates.example({x: 3, y: -4, z: 2})
