"""Documented colors against what plates recorded: conflicts found, false alarms, emulsions."""

from bench.harness import Bench

BENCH = Bench(
    "What the plate says of documented colors",
    measures="bench.plate.measuring:measured",
    reports="bench.plate.report:report",
)
