"""Numbers of the command line, and what is said where one is none."""

from __future__ import annotations

import re
from typing import Any

import click


class Number(click.FloatRange):
    """A number within a range; many languages write its fraction behind a comma."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number; a `BadParameter` that says how it is written if it is none."""
        try:
            float(value)
        except ValueError:
            text = str(value).strip()
            pointed = text.replace(",", ".")
            fix = f"write {pointed}, with a point" if re.fullmatch(r"-?\d*,\d+", text) else ""
            self.fail(f"{text!r} is no number; {fix or self._like}.", param, ctx)
        return super().convert(value, param, ctx)

    @property
    def _like(self) -> str:
        if self.min is not None and self.max is not None:
            return f"write one from {self.min:g} to {self.max:g}"
        return "write one like 2.5"
