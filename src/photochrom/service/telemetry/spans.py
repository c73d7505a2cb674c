"""Spans of OpenTelemetry, for those who have it installed and set up (`OTEL_...`).

Its API alone, which web frameworks bring along, does nothing and costs nothing. With
`opentelemetry-instrument photochrom serve` requests and jobs are seen as spans.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

try:
    from opentelemetry import propagate, trace
except ImportError:  # pragma: no cover - Some release of a framework may stop bringing it.
    trace = None  # type: ignore[assignment]

NAME = "photochrom"


class Span:
    """A span, or nothing where nobody looks."""

    def __init__(self, inner: Any = None):
        self._inner = inner

    def name(self, name: str) -> None:
        """Calls it otherwise, now that more is known."""
        if self._inner is not None:
            self._inner.update_name(name)

    def note(self, **attributes: str | int | float) -> None:
        """Says more of it; names are written with dots for double underscores."""
        if self._inner is not None:
            for name, value in attributes.items():
                self._inner.set_attribute(name.replace("__", "."), value)


@contextmanager
def span(
    name: str, headers: Mapping[str, str] | None = None, **attributes: str | int | float
) -> Iterator[Span]:
    """A span for as long as the block lasts; what the block raises is noted in it.

    Args:
        name: What is done.
        headers: Of a request that may belong to a trace of its caller's.
        attributes: See `Span.note`.
    """
    if trace is None:
        yield Span()
        return
    parent = propagate.extract(dict(headers)) if headers is not None else None
    tracer = trace.get_tracer(NAME)
    with tracer.start_as_current_span(name, context=parent) as inner:
        made = Span(inner)
        made.note(**attributes)
        yield made
