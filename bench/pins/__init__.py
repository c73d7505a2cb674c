"""Documented colors: how far each reaches over its thing, and over whose edges it goes."""

from bench.harness import Bench

BENCH = Bench(
    "What a documented color does",
    measures="bench.pins.measuring:measured",
    reports="bench.pins.report:report",
    pieces=True,
    networks=("color",),
)
