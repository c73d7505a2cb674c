"""A whole film of forty photographs, and what a changed caption costs."""

from bench.harness import Bench

BENCH = Bench(
    "A film of eight minutes",
    measures="bench.film.measuring:measured",
    reports="bench.film.report:report",
)
