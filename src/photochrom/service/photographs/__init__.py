"""Photographs: what was sent in, what is in it, what people say of it."""

from __future__ import annotations

from typing import Final

DELETED: Final = "the photograph was deleted"
"""What is said where one was."""
