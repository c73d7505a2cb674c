"""What executors are told by whoever has started them: lines in a pipe."""

from __future__ import annotations

from typing import Final

STOP: Final = b"stop\n"
"""End what is in hand, and then yourself."""

NOW: Final = b"now\n"
"""Put back what is in hand, and end."""
