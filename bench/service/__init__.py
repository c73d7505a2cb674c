"""The service under load: clients that send scans, order, ask and read, beside its executors."""

from bench.harness import Bench

BENCH = Bench(
    "The service under load",
    measures="bench.service.measuring:measured",
    reports="bench.service.report:report",
    draws="bench.service.report:draw",
    minutes=5.0,
)
"""The section of the page on the service, and its plots."""
