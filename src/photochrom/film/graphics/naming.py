"""Where the names of places stand on a map: by their dots, and on nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import skia

_GAP = 26
"""From the middle of a dot to its name, in pixels of a wide 1080-pixel frame."""

_DOT = 14
"""How far a dot reaches."""

_ROWS = 10
"""How many half rows above or below its dot a name may go, where it has no room there."""

_ASIDE = (2, 3, 5)
"""How far beside its dot it goes then, in gaps."""

_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""How much of it lies left of its dot, or of the end of its stem, where it goes above or below."""

_LEVEL = 0.52
"""How far down a name the middle of its letters lies."""

_BITS = 16
"""Of a stem, that are looked at one by one."""


@dataclass(frozen=True)
class Named:
    """Where a name stands.

    Attributes:
        box: What it covers, in pixels.
        stem: Where it stands apart from its dot, a line that leads from the dot to it.
    """

    box: skia.Rect
    stem: tuple[skia.Point, skia.Point] | None = None

    def length(self) -> float:
        """Of the stem, in pixels."""
        return 0.0 if self.stem is None else float(skia.Point.Distance(*self.stem))

    def along(self) -> list[skia.Rect]:
        """The stem, as small boxes along it."""
        if self.stem is None:
            return []
        start, end = self.stem
        across, down = (end.x() - start.x()) / _BITS, (end.y() - start.y()) / _BITS
        bits = (
            skia.Rect.MakeXYWH(start.x() + at * across, start.y() + at * down, across, down)
            for at in range(_BITS)
        )
        return [one.makeSorted().makeOutset(1, 1) for one in bits]


@dataclass(frozen=True)
class Sheet:
    """What names are put on.

    Attributes:
        room: Where they may stand.
        right: As far right as they go at their dots, unless there is no room otherwise, in pixels.
        scale: Pixels of a pixel of a wide 1080-pixel frame.
        from_right: Whether what is written runs from right to left.
    """

    room: skia.Rect
    right: float
    scale: float
    from_right: bool = False


def named(
    sheet: Sheet,
    sizes: Sequence[tuple[float, float] | None],
    dots: Sequence[tuple[float, float]],
    taken: Iterable[skia.Rect] = (),
) -> list[Named | None]:
    """Finds a place for each name, in their order.

    Args:
        sheet: What they are put on.
        sizes: Width and height of each, in pixels; None for a dot without a name.
        dots: Where their dots are.
        taken: What they must not cover, besides one another and all dots.

    Returns:
        Where each stands. Where there is no free place, it covers as little as can be.
    """
    gap = _GAP * sheet.scale
    points = [skia.Rect.MakeLTRB(x, y, x, y).makeOutset(gap, gap) for x, y in dots]
    half = _DOT * sheet.scale
    covered = [skia.Rect.MakeLTRB(x - half, y - half, x + half, y + half) for x, y in dots]
    covered += taken
    found: list[Named | None] = [None] * len(dots)
    # Those that have room at their dots take nothing from one another; the others go around them.
    crowded = []
    for index, (size, dot) in enumerate(zip(sizes, dots, strict=True)):
        if size is None:
            continue
        near = (Named(box) for box in _near(sheet, *size, *dot))
        best = next((one for one in near if not _hits(one.box, covered)), None)
        if best is None:
            crowded.append(index)
        else:
            found[index] = best
            covered.append(best.box)
    for index in crowded:
        size = sizes[index]
        assert size is not None
        others = [one for at, one in enumerate(points) if at != index]
        apart = (
            one
            for one in sorted(_apart(sheet, *size, *dots[index]), key=Named.length)
            # Nearer to another dot it would be taken for its name.
            if not _hits(one.box, [*covered, *others])
            and not any(
                _hits(bit, covered) for bit in one.along() if not bit.intersects(covered[index])
            )
        )
        nearest = next(apart, None)
        best = nearest or min(
            (Named(box) for box in _near(sheet, *size, *dots[index])),
            key=lambda one: _covers(one.box, covered),
        )
        found[index] = best
        covered += [best.box, *best.along()]
    return found


def _hits(box: skia.Rect, others: Iterable[skia.Rect]) -> bool:
    return any(box.intersects(other) for other in others)


def _near(sheet: Sheet, width: float, height: float, x: float, y: float) -> Iterator[skia.Rect]:
    """Where a name may stand at its dot, the best first."""
    gap = _GAP * sheet.scale
    level = y - height * _LEVEL
    right, left = (x + gap, level), (x - gap - width, level)
    beside = [left, right] if sheet.from_right else [right, left]
    spots = [*beside, (x - width / 2, y - gap - height), (x - width / 2, y + gap)]
    room = sheet.room
    inside = [one for one in spots if room.left() <= one[0] <= room.right() - width]
    for at in [one for one in inside if one[0] + width <= sheet.right] or inside or spots:
        yield skia.Rect.MakeXYWH(*at, width, height)


def _apart(sheet: Sheet, width: float, height: float, x: float, y: float) -> Iterator[Named]:
    """Where it may stand apart from its dot, with a stem to what is nearest of it."""
    gap = _GAP * sheet.scale
    lefts = [x - share * width for share in _SHARES]
    lefts += [left for aside in _ASIDE for left in (x + aside * gap, x - aside * gap - width)]
    for half_rows in range(-_ROWS, _ROWS + 1):
        top = y - height * _LEVEL + half_rows * height / 2
        for left in lefts:
            box = skia.Rect.MakeXYWH(left, top, width, height)
            if sheet.room.contains(box):
                for end in _ends(box, x, y, gap / 4):
                    yield Named(box, (skia.Point(x, y), end))


def _ends(box: skia.Rect, x: float, y: float, clear: float) -> Iterator[skia.Point]:
    """Where a stem from a dot may end at a name: beside its letters, or above or below them."""
    if not box.left() <= x <= box.right():
        aside = box.left() - clear if x < box.left() else box.right() + clear
        yield skia.Point(aside, box.top() + box.height() * _LEVEL)
    edge = box.top() if y < box.top() else box.bottom()
    yield skia.Point(min(max(x, box.left()), box.right()), edge)
    for share in _SHARES:
        yield skia.Point(box.left() + share * box.width(), edge)


def _covers(box: skia.Rect, others: Sequence[skia.Rect]) -> float:
    """How much of others it covers, in square pixels."""
    area = 0.0
    for other in others:
        across = min(box.right(), other.right()) - max(box.left(), other.left())
        down = min(box.bottom(), other.bottom()) - max(box.top(), other.top())
        area += max(0.0, across) * max(0.0, down)
    return area
