"""Variants: how far they differ where the network is unsure, and how near the best comes."""

from bench.harness import Bench

BENCH = Bench(
    "What variants are worth",
    measures="bench.variants.measuring:measured",
    reports="bench.variants.report:report",
    pieces=True,
    networks=("color",),
)
