"""Many machines: what a cluster costs beside this machine alone, and how far a supervisor goes."""

from bench.harness import Bench

BENCH = Bench(
    "Clusters",
    measures="bench.cluster.measuring:run",
    reports="bench.cluster.report:report",
    draws="bench.cluster.report:draw",
)
