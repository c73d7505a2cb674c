"""What people put on a print on purpose: handwriting and rubber stamps.

They belong to the print and are no damage: `clean` has them as `light` has, the mask never.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.aging.fields import (
    Line,
    Plane,
    rough_noise,
    smooth_noise,
    smoothstep,
    stroke,
    wander,
)

# Pen paths in units of the x-height, baseline at 0, upwards; the last point leads to the next.
_SCRIPT: tuple[tuple[tuple[float, float], ...], ...] = (
    ((0, 0.1), (0.5, 0.5), (0.45, 1), (0.1, 0.85), (0.1, 0.1), (0.4, 0), (0.8, 0.25)),  # e
    ((0, 0.1), (0.35, 1.2), (0.5, 2.1), (0.2, 2), (0.2, 0.2), (0.45, 0), (0.75, 0.25)),  # l
    ((0, 0.1), (0.3, 1), (0.32, 0.1), (0.5, 0), (0.75, 1), (0.78, 0.1), (1.1, 0.2)),  # u
    ((0, 0.1), (0.2, 1), (0.25, 0), (0.45, 1), (0.7, 0.9), (0.72, 0.05), (1, 0.2)),  # n
    ((0.7, 0.9), (0.2, 0.95), (0.1, 0.2), (0.5, 0), (0.8, 0.7), (0.6, 1), (1, 0.85)),  # o
    ((0.6, 0.95), (0.15, 0.8), (0.15, 0.1), (0.55, 0.3), (0.75, 1), (0.75, 0), (1.1, 0.25)),  # a
    ((0, 0.1), (0.4, 1.9), (0.35, 0.2), (0.6, 0), (0.85, 0.3)),  # t
    ((0, 0.1), (0.4, 1.1), (0.5, 0.3), (0.2, -0.05), (0.7, 0.2)),  # s
    ((0.6, 0.9), (0.1, 0.7), (0.5, 0.1), (0.7, 1), (0.6, -1), (0.2, -0.9), (0.95, 0.3)),  # g
    ((0, 0.1), (0.2, 1), (0.3, 0.85), (0.55, 0.95), (0.55, 0.1), (0.85, 0.2)),  # r
    ((0, 0), (0.4, 1.9), (0.15, 2), (0.2, 0), (0.45, 1), (0.7, 0.8), (0.75, 0), (1, 0.2)),  # h
    ((0, 1.9), (0.5, 2.2), (1, 1.7), (0.5, 1), (0.1, 0.3), (0.7, -0.1), (1.4, 0.3)),  # a capital
)
_DIGITS: tuple[tuple[tuple[float, float], ...], ...] = (
    ((0.5, 2), (0.1, 1.4), (0.15, 0.3), (0.55, 0), (0.85, 0.7), (0.8, 1.6), (0.45, 2)),
    ((0.2, 1.5), (0.5, 2), (0.45, 1), (0.4, 0)),
    ((0.1, 1.6), (0.5, 2), (0.8, 1.5), (0.4, 0.6), (0.05, 0), (0.5, 0.1), (0.9, 0.1)),
    ((0.1, 1.8), (0.6, 2), (0.7, 1.4), (0.35, 1.1), (0.8, 0.7), (0.6, 0), (0.05, 0.2)),
    ((0.4, 2), (0.1, 0.9), (0.85, 0.8), (0.65, 1.3), (0.6, 0)),
    ((0.8, 2), (0.25, 2), (0.2, 1.2), (0.7, 1.1), (0.75, 0.3), (0.4, 0), (0.05, 0.2)),
    ((0.7, 2), (0.2, 1.1), (0.15, 0.3), (0.5, 0), (0.8, 0.5), (0.5, 1), (0.15, 0.6)),
    ((0.05, 1.9), (0.5, 1.9), (0.85, 2), (0.5, 1), (0.35, 0)),
    ((0.7, 1.8), (0.3, 2), (0.25, 1.3), (0.75, 0.6), (0.45, 0), (0.1, 0.5), (0.75, 1.7)),
    ((0.75, 1.6), (0.4, 2), (0.2, 1.4), (0.6, 1.2), (0.75, 1.8), (0.65, 0.8), (0.5, 0)),
)
_CAPITALS = np.array(list("ABCDEFGHIKLMNOPRSTUVZ"))
# The tallest letter reaches from -1 to 2.2 x-heights.
_LINE_STEP = 3.4


def _rounded(points: Line, rounds: int = 3) -> Line:
    """Cut a path's corners, and those of what is left (Chaikin 1974)."""
    for _ in range(rounds):
        near, far = 0.75 * points[:-1] + 0.25 * points[1:], 0.25 * points[:-1] + 0.75 * points[1:]
        points = np.vstack([points[:1], np.stack([near, far], 1).reshape(-1, 2), points[-1:]])
    return points


def _word(rng: np.random.Generator) -> tuple[list[Line], float]:
    """Pen paths of a word or a number, in x-heights, and its width."""
    at, paths = 0.0, []
    if rng.random() < 0.3:
        for digit in rng.integers(10, size=int(rng.integers(1, 5))):
            paths.append(_rounded(np.array(_DIGITS[digit]) + np.array([at, 0])))
            at += rng.uniform(1.0, 1.25)
        return paths, at
    joined = []
    for letter in rng.integers(len(_SCRIPT), size=int(rng.integers(2, 9))):
        shape = np.array(_SCRIPT[letter]) * rng.uniform(0.85, 1.15, 2)
        joined.append(shape + np.array([at, 0]) + rng.normal(0, 0.05, shape.shape))
        at += float(shape[-1, 0])
    return [_rounded(np.vstack(joined))], at


def writing(light: Plane, count: int, rng: np.random.Generator, *, unit: float = 1.0) -> Plane:
    """Write on a print: names, dates and numbers, in dark ink or pencil, or white on the negative.

    The letters are cursive in form and have no meaning.

    Args:
        light: sRGB-encoded gray, 0..1.
        count: How many inscriptions, of one to eight words each.
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.
    """
    light = light.copy() if count else light
    for _ in range(count):
        height = unit * rng.uniform(6, 20)
        turn = rng.normal(0, 0.12) + (rng.choice([-1, 1]) * np.pi / 2 if rng.random() < 0.1 else 0)
        # Oblique as handwriting is; a number on the negative prints white, and mirrored at times.
        slant, white = rng.uniform(0, 0.5), rng.random() < 0.25
        mirrored = -1.0 if white and rng.random() < 0.3 else 1.0
        turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        start = rng.uniform(-0.2, 0.9, 2) * (light.shape[1], light.shape[0])
        value = rng.uniform(0.88, 1.0) if white else rng.uniform(0.05, 0.3)
        body = rng.uniform(0.35, 0.7) if rng.random() < 0.25 else rng.uniform(0.75, 0.98)
        nib = max(0.8, height * rng.uniform(0.07, 0.16))
        for line in range(int(rng.choice([1, 1, 2]))):
            at = rng.uniform(0, 2)
            for _ in range(int(rng.integers(1, 5))):
                paths, wide = _word(rng)
                for path in paths:
                    # A pointed pen spreads on the way down.
                    down = np.clip(-np.gradient(path[:, 1]) * 8, 0, 1)
                    slanted = path + np.stack([slant * path[:, 1] + at, 0 * path[:, 1]], -1)
                    flat = height * slanted * (mirrored, -1) + (0, line * _LINE_STEP * height)
                    ink = body * np.clip(0.95 + 0.2 * wander(len(path), 12, rng), 0, 1)
                    stroke(light, start + flat @ turned, nib * (0.6 + 0.7 * down), ink, value)
                at += wide + rng.uniform(0.8, 1.6)
    return light


def _lettering(length: int, height: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """A strip of capitals, (height, length) uint8, that fills about what it is given."""
    strip = np.zeros((height, length), np.uint8)
    font = cv2.FONT_HERSHEY_DUPLEX if rng.random() < 0.5 else cv2.FONT_HERSHEY_COMPLEX
    scale = 0.75 * height / 22
    at = rng.uniform(0, 0.1) * length
    while at < 0.92 * length:
        letter = " " if rng.random() < 0.15 else str(rng.choice(_CAPITALS))
        place = (int(at), int(0.85 * height))
        cv2.putText(strip, letter, place, font, scale, 255, max(1, height // 9), cv2.LINE_AA)
        at += 1.05 * height
    return strip


def _ring(around: NDArray[np.uint8], radius: float, side: int) -> NDArray[np.uint8]:
    """Bend a strip of letters into a ring between two circles, (side, side) uint8."""
    reach = int(radius)
    polar = np.zeros((around.shape[1], reach), np.uint8)
    line = max(1, reach // 30)
    outer = reach - 2 * line - 2
    # Angles run clockwise; the tops of letters point outwards.
    polar[:, outer - around.shape[0] : outer] = around.T[:, ::-1]
    polar[:, reach - line - 1 : reach - 1] = 255
    inner = int(0.93 * (outer - around.shape[0]))
    polar[:, inner - line : inner] = 255
    middle = (side / 2, side / 2)
    bent = cv2.warpPolar(
        polar, (side, side), middle, reach, cv2.WARP_INVERSE_MAP | cv2.WARP_FILL_OUTLIERS
    )
    return np.ascontiguousarray(bent, np.uint8)


def stamps(light: Plane, count: int, rng: np.random.Generator, *, unit: float = 1.0) -> Plane:
    """Stamp a print: rings of capitals about a date, or a framed line, unevenly inked.

    Args:
        light: sRGB-encoded gray, 0..1.
        count: How many.
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.
    """
    light = light.copy() if count else light
    for _ in range(count):
        radius = unit * rng.uniform(22, 60)
        middle = rng.uniform(0, 1, 2) * (light.shape[1], light.shape[0])
        side = 2 * int(np.ceil(radius)) + 4
        letters = max(7, int(0.27 * radius))
        if rng.random() < 0.7:
            around = _lettering(int(2 * np.pi * 0.75 * radius), letters, rng)
            die = _ring(around, radius, side)
            date = _lettering(int(1.05 * radius), max(6, int(0.22 * radius)), rng)
            top, left = (side - date.shape[0]) // 2, (side - date.shape[1]) // 2
            die[top : top + date.shape[0], left : left + date.shape[1]] = date
        else:
            die = np.zeros((side, side), np.uint8)
            line = _lettering(side - 10, letters, rng)
            top = (side - letters) // 2
            die[top : top + letters, 5:-5] = line
            rim = int(0.4 * letters)
            corners = (2, top - rim), (side - 3, top + letters + rim)
            cv2.rectangle(die, *corners, 255, max(1, letters // 8), cv2.LINE_AA)
        turn = np.rad2deg(rng.normal(0, 0.35))
        place = cv2.getRotationMatrix2D((side / 2, side / 2), turn, 1)
        die = np.asarray(cv2.warpAffine(die, place, (side, side)), np.uint8)
        # Rubber presses harder on one side, ink gathers and misses.
        inked = np.clip(0.8 + 0.6 * rough_noise((side, side), 0.7 * radius, rng, octaves=6), 0, 1)
        missed = smoothstep(smooth_noise((side, side), 2 * unit, rng), -0.75, -0.35)
        coverage = die * np.float32(rng.uniform(0.35, 0.85) / 255) * inked * missed
        top, left = (int(v) - side // 2 for v in middle[::-1])
        rows = slice(max(0, -top), min(side, light.shape[0] - top))
        columns = slice(max(0, -left), min(side, light.shape[1] - left))
        patch = light[
            top + rows.start : top + rows.stop, left + columns.start : left + columns.stop
        ]
        patch += coverage[rows, columns] * (np.float32(rng.uniform(0.05, 0.3)) - patch)
    return light
