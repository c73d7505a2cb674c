"""Large pictures through networks, piece by piece, without seams.

Tiles overlap. In the middle half of each overlap one tile's result passes into the next one's along
a cosine; the outer quarters are dropped, because a network knows least about the rim of what it is
shown. The weights of neighbors sum to 1 by construction, so a constant stays a constant. Tiles
begin at multiples of the network's own grid, so that neighbors see a pixel in the same phase.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photochrom.nets.session import Network

Plane = NDArray[np.float32]
Run = Callable[..., Mapping[str, Plane]]
"""A tile of light (h, w) and of what lies beside it in; named planes, scaled, out."""


@dataclass(frozen=True)
class Band:
    """Finished rows of the results of a sweep.

    Attributes:
        top: Index of the first row, in pixels of the output.
        planes: Results by name, each (rows, W * scale) float32.
    """

    top: int
    planes: dict[str, Plane]

    @property
    def rows(self) -> slice:
        """Where the band lies in the output."""
        height = len(next(iter(self.planes.values())))
        return slice(self.top, self.top + height)


@dataclass(frozen=True)
class Axis:
    """How one side of the picture is covered by tiles.

    Attributes:
        length: Of the picture.
        margin: By how much the picture is continued (mirrored) before its beginning; behind its end
            it is at least as much.
        size: Of each tile.
        starts: Of the tiles, counted from the beginning of the margin.
    """

    length: int
    margin: int
    size: int
    starts: tuple[int, ...]

    @classmethod
    def plan(cls, length: int, *, tile: int, overlap: int, multiple: int) -> Axis:
        """Cover `length` pixels.

        Args:
            length: Pixels to cover, at least 1.
            tile: The largest tile; at least twice `overlap` is used however small it is.
            overlap: The least overlap of neighbors.
            multiple: Sides and beginnings of tiles are multiples of this.
        """
        overlap = _rounded_up(overlap, multiple)
        tile = max(tile // multiple * multiple, 2 * overlap, multiple)
        margin = _rounded_up(overlap // 2, multiple)
        padded = _rounded_up(length + 2 * margin, multiple)
        if padded <= tile:
            return cls(length, margin, padded, (0,))
        count = math.ceil((padded - overlap) / (tile - overlap))
        # Equal tiles, no larger than needed: the least work for this number of tiles.
        even = math.ceil((padded + (count - 1) * overlap) / count)
        size = max(_rounded_up(even, multiple), 2 * overlap)
        last = max(padded - size, 0) // multiple
        starts = tuple(last * i // (count - 1) * multiple for i in range(count))
        return cls(length, margin, size, starts)

    @property
    def feather(self) -> int:
        """Over how many pixels of the input a tile passes into the next one."""
        strides = [after - before for before, after in pairwise(self.starts)]
        if not strides:
            return 0
        shortest = (self.size - max(strides)) // 2
        # Where tiles lie so close that three of them overlap, two passages must not.
        return shortest if len(strides) == 1 else min(shortest, min(strides))

    def source(self, index: int) -> NDArray[np.intp]:
        """Return which pixels of the picture a tile shows; mirrored beyond the borders."""
        wanted = np.arange(self.size) + (self.starts[index] - self.margin)
        if self.length == 1:
            return np.zeros(self.size, dtype=np.intp)
        period = 2 * self.length - 2
        wanted = np.abs(wanted) % period
        return np.minimum(wanted, period - wanted)

    def weights(self, index: int, scale: int) -> Plane:
        """Return how much each (output) pixel of a tile counts, 0..1."""
        weights = np.ones(self.size * scale, dtype=np.float32)
        if index > 0:
            middle = (self.starts[index - 1] + self.size - self.starts[index]) / 2
            weights *= _rise(len(weights), middle * scale, self.feather * scale)
        if index < len(self.starts) - 1:
            middle = (self.starts[index + 1] + self.size - self.starts[index]) / 2
            weights *= 1 - _rise(len(weights), middle * scale, self.feather * scale)
        return weights

    def target(self, index: int, scale: int) -> tuple[slice, slice]:
        """Return where a tile lies in the output, and which part of the tile that is."""
        start = (self.starts[index] - self.margin) * scale
        first, last = max(start, 0), min(start + self.size * scale, self.length * scale)
        return slice(first, last), slice(first - start, last - start)

    def finished(self, index: int, scale: int) -> int:
        """Return how many output pixels no tile after this one will touch."""
        if index == len(self.starts) - 1:
            return self.length * scale
        return max((self.starts[index + 1] - self.margin) * scale, 0)


def sweep(
    run: Run,
    light: Plane,
    *beside: NDArray[Any],
    scale: int = 1,
    tile: int = 512,
    overlap: int = 32,
    multiple: int = 1,
    progress: Callable[[float], None] | None = None,
) -> Iterator[Band]:
    """Run a function over a picture in overlapping tiles, from top to bottom.

    Args:
        run: What to do with a tile; its height and width are multiples of `multiple`.
        light: (H, W) float32. Never copied as a whole.
        beside: Other (H, W) planes, which are cut and handed over likewise.
        scale: How many times larger the results are.
        tile: The largest tile, in pixels of the input.
        overlap: By how much tiles overlap, in pixels of the input.
        multiple: Of what tiles' sides must be multiples.
        progress: Called with the share done, 0..1.

    Yields:
        Bands that together cover the output once, in order. Only about one row of tiles is held.
    """
    down = Axis.plan(light.shape[0], tile=tile, overlap=overlap, multiple=multiple)
    across = Axis.plan(light.shape[1], tile=tile, overlap=overlap, multiple=multiple)
    width = light.shape[1] * scale
    held: dict[str, Plane] = {}
    top = 0
    for row in range(len(down.starts)):
        target_rows, tile_rows = down.target(row, scale)
        height = target_rows.stop - top
        held = {name: _grown(plane, height) for name, plane in held.items()}
        row_weights = down.weights(row, scale)[tile_rows, None]
        for column in range(len(across.starts)):
            target_columns, tile_columns = across.target(column, scale)
            weights = row_weights * across.weights(column, scale)[tile_columns]
            places = np.ix_(down.source(row), across.source(column))
            for name, result in run(*(plane[places] for plane in (light, *beside))).items():
                if name not in held:
                    held[name] = np.zeros((height, width), dtype=np.float32)
                here = held[name][target_rows.start - top : target_rows.stop - top, target_columns]
                here += result[tile_rows, tile_columns] * weights
            if progress is not None:
                done = row * len(across.starts) + column + 1
                progress(done / (len(down.starts) * len(across.starts)))
        ready = down.finished(row, scale) - top
        if ready > 0:
            yield Band(top, {name: plane[:ready] for name, plane in held.items()})
            # A copy: a view would keep the yielded rows alive as well.
            held = {name: plane[ready:].copy() for name, plane in held.items()}
            top += ready


def sweep_network(
    network: Network,
    light: Plane,
    *,
    memory: int,
    outputs: tuple[str, ...],
    mask: NDArray[np.uint8] | None = None,
    prepare: Callable[[Plane, NDArray[np.bool_]], Plane] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Iterator[Band]:
    """Run a network that takes `gray` over a picture, tiled as its card allows.

    Args:
        network: The network.
        light: (H, W) float32, 0..1.
        memory: Bytes that one run may use.
        outputs: The outputs wanted, by the contract's names.
        mask: (H, W), above 0 where there is a defect; for networks that want to be told.
        prepare: What becomes of a tile and its mask before the network sees the tile.
        progress: Called with the share done, 0..1.

    Yields:
        Bands of the wanted outputs, as `sweep` does.

    Raises:
        ModelError: The network failed.
    """
    card = network.card

    def run(tile: Plane, told: NDArray[np.uint8] | None = None) -> dict[str, Plane]:
        inputs = {"gray": tile[None, None]}
        if told is not None:
            holes = told > 0
            inputs["mask"] = holes.astype(np.float32)[None, None]
            if prepare is not None:
                inputs["gray"] = prepare(tile, holes)[None, None]
        results = network.run(inputs)
        return {name: results[name][0, 0] for name in outputs}

    return sweep(
        run,
        light,
        *(() if mask is None else (mask,)),
        scale=card.scale,
        tile=tile_for(memory, network) if card.tile else max(light.shape) + 2 * card.overlap,
        overlap=card.overlap,
        multiple=card.multiple,
        progress=progress,
    )


def tile_for(memory: int, network: Network) -> int:
    """Return the largest tile that the memory allows: at most the card's, at least 64."""
    side = math.isqrt(memory // network.card.bytes_per_pixel)
    return max(64, min(side, network.card.tile_size))


def _rise(length: int, middle: float, feather: int) -> Plane:
    """0, then along a cosine of `feather` pixels around `middle`, then 1."""
    position = (np.arange(length) + 0.5 - middle) / max(feather, 1) + 0.5
    rise: Plane = (0.5 - 0.5 * np.cos(np.clip(position, 0, 1) * np.pi)).astype(np.float32)
    return rise


def _grown(plane: Plane, height: int) -> Plane:
    grown = np.zeros((height, plane.shape[1]), dtype=np.float32)
    grown[: len(plane)] = plane
    return grown


def _rounded_up(value: int, multiple: int) -> int:
    return -(-value // multiple) * multiple
