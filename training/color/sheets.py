"""Contact sheets to look at: `python -m training.color.sheets color.onnx OUT`.

Nothing of these goes into the repository: the photographs are not ours.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.emulsion import Emulsion, expose, weights
from training.color.evaluate import pictures
from training.color.predict import Predictor, colored, join, lab_of

TILE = 224
PANCHROMATIC, ORTHOCHROMATIC = Emulsion.PANCHROMATIC, Emulsion.ORTHOCHROMATIC


def tile(picture: NDArray[Any]) -> NDArray[np.uint8]:
    """Fit a picture, gray 0..1 or RGB, into a square tile."""
    if picture.ndim == 2:
        picture = np.repeat((picture * 255).astype(np.uint8)[..., None], 3, axis=-1)
    height, width = picture.shape[:2]
    scale = TILE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    square = np.full((TILE, TILE, 3), 32, np.uint8)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    top, left = (TILE - size[1]) // 2, (TILE - size[0]) // 2
    square[top : top + size[1], left : left + size[0]] = small
    return square


def sheet(rows: Sequence[Sequence[NDArray[Any]]], columns: int = 2) -> NDArray[np.uint8]:
    """Lay rows of pictures out in a number of columns of rows."""
    strips = [np.concatenate([tile(p) for p in row], axis=1) for row in rows]
    while len(strips) % columns:
        strips.append(np.zeros_like(strips[0]))
    lines = [
        np.concatenate(strips[i : i + columns], axis=1) for i in range(0, len(strips), columns)
    ]
    return np.concatenate(lines, axis=0)


def color_rows(
    predictor: Predictor, kind: str, temperature: float, start: int, count: int
) -> list[list[NDArray[Any]]]:
    """Rows: orthochromatic plate, colored from it, from a panchromatic one, certainty, truth."""
    rows = []
    for _, rgb in list(pictures(kind))[start : start + count]:
        truth = lab_of(rgb)
        light = rgb.astype(np.float32) / np.float32(255)
        row: list[NDArray[Any]] = []
        for emulsion in (ORTHOCHROMATIC, PANCHROMATIC):
            gray = expose(light, weights(emulsion))
            said = predictor(gray, emulsion, temperature=temperature)
            if emulsion is ORTHOCHROMATIC:
                row += [gray, colored(gray, said.ab)]
            else:
                row += [join(truth[..., 0], said.ab), np.clip(said.certainty, 0, 1)]
        rows.append([*row, rgb])
    return rows


def vintage_rows(predictor: Predictor, kind: str, temperature: float) -> list[list[NDArray[Any]]]:
    """Rows: the scan as gray; colored as unknown, orthochromatic, panchromatic; certainty."""
    rows = []
    for _, rgb in pictures(kind):
        gray = expose(rgb.astype(np.float32) / np.float32(255), weights(PANCHROMATIC))
        low, high = np.percentile(gray, (0.5, 99.5))
        gray = np.clip((gray - low) / (high - low), 0, 1)
        row: list[NDArray[Any]] = [gray]
        for emulsion in (Emulsion.UNKNOWN, ORTHOCHROMATIC, PANCHROMATIC):
            said = predictor(gray, emulsion, temperature=temperature)
            row.append(colored(gray, said.ab))
        rows.append([*row, np.clip(said.certainty, 0, 1)])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("onnx", type=Path)
    parser.add_argument("out", type=Path, help="folder")
    parser.add_argument("--temperature", type=float, default=0.5)
    args = parser.parse_args()
    predictor = Predictor(args.onnx)
    args.out.mkdir(parents=True, exist_ok=True)
    sheets = {
        "vintage_bw": vintage_rows(predictor, "vintage_bw", args.temperature),
        "historical": color_rows(predictor, "historical_colour", args.temperature, 0, 10),
        "color1": color_rows(predictor, "colour", args.temperature, 0, 16),
        "color2": color_rows(predictor, "colour", args.temperature, 50, 16),
    }
    for name, rows in sheets.items():
        cv2.imwrite(str(args.out / f"{name}.png"), sheet(rows)[..., ::-1])


if __name__ == "__main__":
    main()
