"""Scans of 10 to 200 megapixels through the recipe `faithful`: memory and time."""

from bench.harness import Bench

BENCH = Bench(
    "Large scans",
    measures="bench.large.measuring:run",
    reports="bench.large.report:report",
    draws="bench.large.report:draw",
    networks=("color", "defects", "restore"),
)
