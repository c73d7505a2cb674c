"""The section of `docs/benchmarks.md` about TIFFs."""

from __future__ import annotations

from typing import Any

from bench import page


def report(figures: dict[str, Any]) -> str:
    """Counts, and the files that are refused or read otherwise than by libtiff."""
    verdicts = figures["verdicts"]
    by = {how: [one for one in verdicts if one["by"] == how] for how in ("8 bits", "full depth")}
    rows = [
        ["files", figures["files"]],
        ["read", figures["read"]],
        ["checked at 8 bits (`tiff2rgba`, within 1 of 255)", len(by["8 bits"])],
        ["checked at full depth (`tiffcp`, within 1 of 65,535)", len(by["full depth"])],
        ["of these right", figures["right"]],
        ["read, with no second reader", figures["unchecked"]],
        ["refused", figures["files"] - figures["read"]],
    ]
    parts = [
        "The test pictures of two public libraries (image-tiff, with libtiff's own collection in "
        "it): bits from 1 to 64, floats, signed numbers, palettes, planes, tiles, CMYK, YCbCr, "
        "LogLuv, fax, old JPEG. Each is read by photochrom and, where it can be, by libtiff's "
        "tools.",
        page.table(["", "files"], rows),
    ]
    for title, chosen in (
        ("Read otherwise than by libtiff", [one for one in verdicts if one["right"] is False]),
        ("Refused", [one for one in verdicts if not one["read"]]),
    ):
        if chosen:
            lines = [f"- `{one['file']}`: {_why(one)}" for one in chosen]
            parts.append(f"{title}:\n\n" + "\n".join(lines))
    return "\n\n".join(parts)


def _why(verdict: dict[str, Any]) -> str:
    off = "" if verdict["off"] is None else f"off by {verdict['off']:g} ({verdict['by']})"
    return "; ".join(part for part in (verdict["said"], off) if part)
