"""Which part of the world a map shows, and where in it a place lies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photochrom.film.graphics.borders import Country, Land, Ring

NEAR = 0.12
"""Islands are shown with a mainland if they are not farther from what is shown already than this
share of its size: Corsica with France, and not French Guiana."""

_SMALL = 0.004
"""The least that a map shows: 25 kilometers, as a share of the earth's radius."""

_FAR = -0.5
"""Cosine of the angle beyond which land is not drawn: what lies around the other side of the earth
would be drawn around everything."""

Flat = NDArray[np.float64]
"""(N, 2): to the right and downwards, in shares of the earth's radius."""


@dataclass(frozen=True)
class View:
    """A part of the world, drawn flat with all areas true (Lambert's azimuthal projection).

    Attributes:
        longitude: Of its middle, degrees.
        latitude: Of its middle, degrees.
        box: Left, top, right and bottom of what is to be seen, in shares of the earth's radius.
        lands: Those of the country that are to be seen.
    """

    longitude: float
    latitude: float
    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    lands: tuple[Land, ...] = ()

    def faces(self, places: Ring) -> bool:
        """Whether all of some places are on this side of the earth, so that they can be drawn."""
        along, up = np.radians(places[:, 0] - self.longitude), np.radians(places[:, 1])
        middle = np.radians(self.latitude)
        near = np.sin(middle) * np.sin(up) + np.cos(middle) * np.cos(up) * np.cos(along)
        return bool(near.min() > _FAR)

    def flat(self, places: Ring) -> Flat:
        """Where places lie; places on the other side of the earth lie far out.

        Args:
            places: (N, 2) longitudes and latitudes in degrees.
        """
        along, up = np.radians(places[:, 0] - self.longitude), np.radians(places[:, 1])
        middle = np.radians(self.latitude)
        near = np.sin(middle) * np.sin(up) + np.cos(middle) * np.cos(up) * np.cos(along)
        factor = np.sqrt(2 / np.maximum(1 + near, 1e-6))
        x = factor * np.cos(up) * np.sin(along)
        y = np.cos(middle) * np.sin(up) - np.sin(middle) * np.cos(up) * np.cos(along)
        return np.stack([x, -factor * y], axis=1)

    def sees(self, flat: Flat, margin: float) -> bool:
        """Whether something that lies there is near enough to what is seen, or around it."""
        left, top, right, bottom = self.box
        low, high = flat.min(axis=0), flat.max(axis=0)
        return bool(
            low[0] < right + margin
            and high[0] > left - margin
            and low[1] < bottom + margin
            and high[1] > top - margin
        )


def view_of(country: Country, places: Sequence[tuple[float, float]]) -> View:
    """The part of the world that shows a country, and all of some places.

    Of a country that lies in several parts of the world the part is shown where the first place
    is, or else its largest.

    Args:
        country: Which.
        places: Longitudes and latitudes in degrees.
    """
    lands = list(country.lands)
    first = _nearest(lands, places[0]) if places else max(lands, key=_area)
    view = _centered([first])
    shown, rest = [first], [land for land in lands if land is not first]
    while True:
        box = _box([view.flat(land.rings[0]) for land in shown])
        reach = NEAR * max(box[2] - box[0], box[3] - box[1])
        near = View(view.longitude, view.latitude, box)
        more = [land for land in rest if near.sees(view.flat(land.rings[0]), reach)]
        if not more:
            break
        shown += more
        rest = [land for land in rest if not any(land is one for one in more)]
    view = _centered(shown)
    parts = [view.flat(land.rings[0]) for land in shown]
    if places:
        parts.append(view.flat(np.asarray(places, np.float64)))
    left, top, right, bottom = _box(parts)
    spare = max(0.0, (_SMALL - max(right - left, bottom - top)) / 2)
    box = (left - spare, top - spare, right + spare, bottom + spare)
    return View(view.longitude, view.latitude, box, tuple(shown))


def _box(parts: Sequence[Flat]) -> tuple[float, float, float, float]:
    low = np.min([part.min(axis=0) for part in parts], axis=0)
    high = np.max([part.max(axis=0) for part in parts], axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _centered(lands: Sequence[Land]) -> View:
    """Looks at the middle of some lands, seen from where most of them is."""
    rough = _middle(land.rings[0] for land in lands)
    view = View(*rough)
    left, top, right, bottom = _box([view.flat(land.rings[0]) for land in lands])
    # A degree is 1/57 of the earth's radius: close enough to turn the middle to the middle.
    x, y = np.degrees((left + right) / 2), np.degrees((top + bottom) / 2)
    across = max(np.cos(np.radians(rough[1])), 0.2)
    return View(rough[0] + float(x / across), min(max(rough[1] - float(y), -90.0), 90.0))


def _middle(rings: Iterable[Ring]) -> tuple[float, float]:
    """Longitude and latitude of the mean of places, also where they lie across the date line."""
    along, up = np.radians(np.concatenate(list(rings))).T
    vector = np.array(
        [
            np.mean(np.cos(up) * np.cos(along)),
            np.mean(np.cos(up) * np.sin(along)),
            np.mean(np.sin(up)),
        ]
    )
    flat = float(np.hypot(vector[0], vector[1]))
    return (
        float(np.degrees(np.arctan2(vector[1], vector[0]))),
        float(np.degrees(np.arctan2(vector[2], flat))),
    )


def _area(land: Land) -> float:
    """Of its shore, in square degrees at the equator."""
    x = land.rings[0][:, 0] * np.cos(np.radians(land.rings[0][:, 1]))
    y = land.rings[0][:, 1]
    return abs(float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))) / 2


def _nearest(lands: Sequence[Land], place: tuple[float, float]) -> Land:
    """The land that a place is in, or else the one whose shore is nearest."""
    view = View(*place)
    return min(lands, key=lambda land: 0.0 if _holds(land, place) else _distance(view, land))


def _distance(view: View, land: Land) -> float:
    return float(np.min(np.hypot(*view.flat(land.rings[0]).T)))


def _holds(land: Land, place: tuple[float, float]) -> bool:
    """Whether a place is inside of a shore: a line from it to the east crosses it an odd number
    of times."""
    (x, y), shore = place, land.rings[0]
    x += 360 * round((float(shore[:, 0].mean()) - x) / 360)
    one, two = shore[:-1], shore[1:]
    across = (one[:, 1] > y) != (two[:, 1] > y)
    one, two = one[across], two[across]
    share = (y - one[:, 1]) / (two[:, 1] - one[:, 1])
    return bool(np.count_nonzero(one[:, 0] + share * (two[:, 0] - one[:, 0]) > x) % 2)
