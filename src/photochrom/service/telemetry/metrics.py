"""Figures of one process that answers requests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

NO_ROUTE = "none"
"""Of requests for what is not there: their paths are anybody's invention."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER = "other"  # Methods can be invented as well.

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class Metrics:
    """Counts requests. Two services in one process have one each.

    Attributes:
        registry: What `/metrics` shows; more may be registered in it.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "photochrom_requests",
            "Requests that have been answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "photochrom_request_seconds",
            "From the first byte of a request to the last of its answer; streams are left out.",
            ("method", "route"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._now = Gauge(
            "photochrom_requests_now", "Requests in hand, with streams.", registry=self.registry
        )
        self._streams = Gauge(
            "photochrom_streams", "Streams of events that are open.", registry=self.registry
        )

    @contextmanager
    def in_hand(self) -> Iterator[None]:
        """While a request is in hand."""
        with self._now.track_inprogress():
            yield

    def stream(self, change: int) -> None:
        """A stream has begun (1) or ended (-1)."""
        self._streams.inc(change)

    def answered(self, method: str, route: str, status: int, seconds: float | None) -> None:
        """A request is over; `seconds` is None for streams."""
        method = method if method in _METHODS else _OTHER
        self._requests.labels(method, route, str(status)).inc()
        if seconds is not None:
            self._seconds.labels(method, route).observe(seconds)
