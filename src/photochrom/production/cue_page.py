"""The cue sheet as a page to read and to print: one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from importlib.resources import files

from photochrom.production.cue_sheet import CueSheet, Line, Picture

_CARDS = "Cards"


def cue_page(sheet: CueSheet) -> str:
    """The page.

    Args:
        sheet: What it shows.
    """
    style = (files("photochrom.production") / "cue_page.css").read_text("utf-8")
    title = escape(sheet.title)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}: cue sheet</title>
<style>
{style}</style>
</head>
<body>
<header>
<p class="over">Cue sheet</p>
<h1 dir="auto"{_lang(sheet)}>{title}</h1>
{_facts(sheet)}
</header>
<main>
{_cues(sheet)}
<h2>Screen time by credit</h2>
{_credits(sheet)}
</main>
<footer>
<p>Timecode counts from the film's first frame; time out is the frame after the last one. A
transition belongs to what it leads to. What was done comes from the records beside the pictures,
which say all of it.</p>
</footer>
</body>
</html>
"""


def screen_time(sheet: CueSheet) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Photographs, shots and frames by credit and license; cards are under ("Cards", "").

    Args:
        sheet: Whose lines are counted.
    """
    found: dict[tuple[str, str], list[Line]] = {}
    for line in sheet.lines:
        key = (_CARDS, "")
        if line.picture is not None:
            key = (line.credit or "No credit", line.picture.entry.license)
        found.setdefault(key, []).append(line)
    return {
        key: (
            len({line.picture.entry.id for line in lines if line.picture is not None}),
            len(lines),
            sum(line.frames for line in lines),
        )
        # Cards are nobody's: they come last.
        for key, lines in sorted(found.items(), key=lambda pair: pair[0] == (_CARDS, ""))
    }


def _lang(sheet: CueSheet) -> str:
    """For an element with the film's own words: those of the page itself are English."""
    return f' lang="{escape(sheet.language)}"' if sheet.language else ""


def _facts(sheet: CueSheet) -> str:
    width, height = sheet.size
    rate = f"{sheet.rate}" if sheet.rate.denominator == 1 else f"{float(sheet.rate):.3f}"
    facts = [
        escape(sheet.film),
        f"{sheet.timecode(sheet.frames)} ({sheet.seconds(sheet.frames)} s)".lstrip(),
        f"{width} × {height}",
        f"{rate} frames a second",
    ]
    return f'<p class="facts">{"".join(f"<span>{fact}</span>" for fact in facts)}</p>'


def _cues(sheet: CueSheet) -> str:
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("", "In", "Out", "Length", "What is shown", "Rights", "What was done")
    )
    first: dict[str, int] = {}
    for line in sheet.lines:
        if line.picture is not None:
            first.setdefault(line.picture.entry.id, line.number)
    rows = "\n".join(_row(sheet, line, first) for line in sheet.lines)
    return f"""<table>
<thead><tr>{head}</tr></thead>
<tbody>
{rows}
</tbody>
<tfoot><tr><th></th>{_time(sheet, 0)}{_time(sheet, sheet.frames)}{_time(sheet, sheet.frames)}\
<td colspan="3" class="words">The whole film\
{_paragraphs([_heard(sheet.narration)], "soft")}</td></tr></tfoot>
</table>"""


def _row(sheet: CueSheet, line: Line, first: Mapping[str, int]) -> str:
    times = "".join(_time(sheet, frames) for frames in (line.start, line.stop, line.frames))
    number = f'<td class="number">{line.number}</td>'
    if line.picture is None:
        kind = line.kind.capitalize()
        said = f"<span{_lang(sheet)}>{escape(line.text)}</span>" if line.text else ""
        text = f'<span class="soft">{kind}</span> {said}'.rstrip()
        text += _paragraphs([_heard(line.narration)], "soft")
        cell = f'<td colspan="3" class="words" dir="auto">{text}</td>'
        return f'<tr class="card">{number}{times}{cell}</tr>'
    earlier = first[line.picture.entry.id]
    done = (
        _done(line.picture) if earlier == line.number else f'<p class="soft">As in {earlier}.</p>'
    )
    cells = _shown(sheet, line, line.picture), _rights(line, line.picture), _cell(done, "what")
    return f"<tr>{number}{times}{''.join(cells)}</tr>"


def _time(sheet: CueSheet, frames: int) -> str:
    return f'<td class="time">{sheet.timecode(frames)}<small>{sheet.seconds(frames)} s</small></td>'


def _shown(sheet: CueSheet, line: Line, picture: Picture) -> str:
    entry = picture.entry
    name = f'<p class="name" dir="auto"{_lang(sheet)}>{escape(line.text or entry.id)}</p>'
    told = _paragraphs([", ".join(entry.people), ", ".join(_known(entry.place, entry.date or ""))])
    shown = ", then ".join(line.shown)
    kind = "" if line.kind == "photograph" else f"{line.kind.capitalize()}. "
    last = f'<p class="soft">{kind}{escape(entry.id)}: {escape(shown)}</p>'
    return _cell(f"{name}{told}{last}{_paragraphs([_heard(line.narration)], 'soft')}")


def _heard(narration: str) -> str:
    return f"Narration: {narration}" if narration else ""


def _rights(line: Line, picture: Picture) -> str:
    entry = picture.entry
    return _cell(_paragraphs([line.credit, entry.license, entry.source]))


def _done(picture: Picture) -> str:
    done = picture.treatment
    networks = f"Networks: {', '.join(done.networks)}" if done.networks else ""
    told = _paragraphs([picture.record.statement()]) + _paragraphs([networks], "soft")
    pins = "".join(
        # The color itself stands at the beginning of what is said about it.
        f'<p class="pin" dir="auto"><i style="background:{escape(pin[:7])}"></i>{escape(pin)}</p>'
        for pin in done.documented
    )
    return told + pins


def _cell(content: str, kind: str = "") -> str:
    return f'<td class="{f"words {kind}".rstrip()}">{content}</td>'


def _credits(sheet: CueSheet) -> str:
    rows = "\n".join(
        f'<tr><td class="words" dir="auto">{escape(credit)}</td>'
        f'<td class="words" dir="auto">{escape(license)}</td>'
        f'<td class="number">{photographs or ""}</td><td class="number">{shots}</td>'
        f"{_time(sheet, frames)}</tr>"
        for (credit, license), (photographs, shots, frames) in screen_time(sheet).items()
    )
    head = "".join(
        f'<th scope="col"{kind}>{name}</th>'
        for name, kind in (
            ("Credit", ""),
            ("License", ""),
            ("Photographs", ' class="number"'),
            ("Times shown", ' class="number"'),
            ("Screen time", ""),
        )
    )
    return f"""<table class="small">
<thead><tr>{head}</tr></thead>
<tbody>
{rows}
</tbody>
<tfoot><tr><td colspan="3">The whole film</td><td class="number">{len(sheet.lines)}</td>\
{_time(sheet, sheet.frames)}</tr></tfoot>
</table>"""


def _known(*texts: str) -> list[str]:
    return [text for text in texts if text]


def _paragraphs(texts: Iterable[str], kind: str = "") -> str:
    start = f'<p class="{kind}" dir="auto">' if kind else '<p dir="auto">'
    return "".join(f"{start}{escape(text)}</p>" for text in texts if text)
