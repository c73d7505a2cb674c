"""Color: photochrom beside gray, a palette by lightness and its first network."""

from bench.harness import Bench

BENCH = Bench(
    "Color",
    measures="bench.color.running:run",
    reports="bench.color.text:section",
    draws="bench.color.plots:draw",
    pieces=True,
    networks=("color",),
)
