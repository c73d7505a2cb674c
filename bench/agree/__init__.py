"""Photographs of one thing: do they come out in one palette, and what does a reference lend?"""

from bench.harness import Bench

BENCH = Bench(
    "What photographs of one thing learn from one another",
    measures="bench.agree.measuring:measured",
    reports="bench.agree.report:report",
    pieces=True,
    networks=("color",),
)
