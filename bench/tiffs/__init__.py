"""TIFFs of every kind: how many are read, and whether what is read is what libtiff reads."""

from bench.harness import Bench

BENCH = Bench(
    "TIFFs of every kind",
    measures="bench.tiffs.judging:judged",
    reports="bench.tiffs.report:report",
    pieces=True,
)
