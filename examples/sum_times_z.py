"""The circuit f = (x + y)*z: two gates, and what flows back through them.

ECE 884 Deep Learning, lecture 11. Its numbers, all of them:

    symprop trace examples/sum_times_z.py
"""

from sympy import symbols

from symprop import Network

x, y, z = symbols("x y z", real=True)

network = Network("sum_times_z", weights=[x, y, z])
q = network.step("q", x + y)
network.loss(q * z, name="f")
network.example({x: -2, y: 5, z: -4}, decimals=2)
