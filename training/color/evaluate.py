"""Measure an exported color network: `python -m training.color.evaluate color.onnx`.

Color photographs are exposed on each emulsion, colored, given back the true luminance, and compared
with the truth; gray (no color at all) is the baseline to beat. PSNR favors caution and colorfulness
boldness: watch both.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from skimage.color import deltaE_ciede2000

from photochrom.emulsion import Emulsion, expose, weights
from training.color.predict import Predictor, join, lab_of
from training.metrics import colorfulness, psnr_of_levels, rank_correlation
from training.shards import decode, evaluation_files, shrink

SIZE = 256
Results = dict[str, float | list[float]]

# From this chroma on a pixel counts as strongly colored.
_STRONG: Final = 30


@dataclass(frozen=True)
class Figures:
    """Means over pictures.

    Attributes:
        psnr: In dB, of RGB with the true luminance put back.
        delta_e: Mean CIEDE2000, likewise.
        delta_e_strong: Mean CIEDE2000 of all pixels whose true chroma is above 30.
        colorfulness: Hasler and Suesstrunk (2003), of 8-bit RGB.
        agreement: Rank correlation of certainty with the negative error in a*b*, over places.
        error_by_certainty: Mean error in a*b* of each quarter of the places, least certain first.
    """

    psnr: float
    delta_e: float
    delta_e_strong: float
    colorfulness: float
    agreement: float
    error_by_certainty: tuple[float, ...]


# What the folders of evaluation pictures are called in the results.
KINDS: Final[Mapping[str, str]] = {"colour": "modern", "historical_colour": "historical"}


def pictures(kind: str, count: int | None = None) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Yield name and RGB of evaluation pictures of a kind, at a short side of at most 256."""
    for file in evaluation_files(kind)[:count]:
        yield file.stem, shrink(decode(file.read_bytes()), SIZE)


def measure(
    predictor: Predictor,
    kind: str,
    made_on: Emulsion,
    told: Emulsion,
    *,
    temperature: float,
    count: int | None = None,
) -> Figures:
    """Measure on pictures of a kind, exposed on one emulsion while the network is told another."""
    rows, certainties, errors = [], [], []
    strong_sum, strong_count = 0.0, 0
    for _, rgb in pictures(kind, count):
        gray = expose(rgb.astype(np.float32) / np.float32(255), weights(made_on))
        said = predictor(gray, told, temperature=temperature)
        truth = lab_of(rgb)
        result = join(truth[..., 0], said.ab)
        difference = deltaE_ciede2000(truth, lab_of(result))
        strong = np.hypot(truth[..., 1], truth[..., 2]) > _STRONG
        strong_sum += float(difference[strong].sum())
        strong_count += int(strong.sum())
        rows.append((psnr_of_levels(rgb, result), difference.mean(), colorfulness(result)))
        places = (slice(2, None, 8), slice(2, None, 8))
        certainties.append(said.certainty[places].ravel())
        errors.append(np.linalg.norm(said.ab - truth[..., 1:], axis=-1)[places].ravel())
    certainty, error = np.concatenate(certainties), np.concatenate(errors)
    quarters = np.array_split(error[np.argsort(certainty)], 4)
    psnr_mean, delta_e_mean, colorfulness_mean = np.mean(rows, axis=0).tolist()
    return Figures(
        psnr_mean,
        delta_e_mean,
        strong_sum / max(strong_count, 1),
        colorfulness_mean,
        rank_correlation(certainty, -error),
        tuple(round(float(quarter.mean()), 1) for quarter in quarters),
    )


def baseline(kind: str, count: int | None = None) -> dict[str, float]:
    """Figures of leaving pictures gray, and the colorfulness of the truth."""
    rows = []
    for _, rgb in pictures(kind, count):
        truth = lab_of(rgb)
        gray = join(truth[..., 0], np.zeros_like(truth[..., 1:]))
        difference = deltaE_ciede2000(truth, lab_of(gray)).mean()
        rows.append((psnr_of_levels(rgb, gray), difference, colorfulness(rgb)))
    psnr_mean, delta_e_mean, colorfulness_mean = np.mean(rows, axis=0).tolist()
    return {
        "pictures": len(rows),
        "gray_psnr": psnr_mean,
        "gray_delta_e": delta_e_mean,
        "truth_colorfulness": colorfulness_mean,
    }


def evaluate(onnx: Path, *, temperature: float = 0.5, count: int | None = None) -> Results:
    """Measure a network on all emulsions, told and untold; returns figures by a flat name."""
    predictor = Predictor(onnx)
    cases: list[tuple[Emulsion, Emulsion]] = [
        (kind, kind) for kind in Emulsion if kind is not Emulsion.UNKNOWN
    ]
    cases.append((Emulsion.ORTHOCHROMATIC, Emulsion.UNKNOWN))
    cases.append((Emulsion.ORTHOCHROMATIC, Emulsion.PANCHROMATIC))
    results: Results = {"temperature": temperature}
    for kind, title in KINDS.items():
        results |= {f"{title}_{name}": round(v, 3) for name, v in baseline(kind, count).items()}
        for made_on, told in cases:
            results |= case_results(predictor, kind, made_on, told, temperature, count)
    return results


def case_results(
    predictor: Predictor,
    kind: str,
    made_on: Emulsion,
    told: Emulsion,
    temperature: float,
    count: int | None,
) -> Results:
    """Figures of one kind of picture, exposed on one emulsion, by their names on the card."""
    figures = measure(predictor, kind, made_on, told, temperature=temperature, count=count)
    name = f"{KINDS[kind]}_{made_on}_told_{told}".replace("-", "_")
    return {
        f"{name}_psnr": round(figures.psnr, 3),
        f"{name}_delta_e": round(figures.delta_e, 3),
        f"{name}_delta_e_strong": round(figures.delta_e_strong, 3),
        f"{name}_colorfulness": round(figures.colorfulness, 2),
        f"{name}_certainty_agreement": round(figures.agreement, 3),
        f"{name}_error_by_certainty": list(figures.error_by_certainty),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("onnx", type=Path)
    parser.add_argument("--temperature", type=float, default=0.5)
    parser.add_argument("--count", type=int, help="pictures of each kind; all if not given")
    args = parser.parse_args()
    for name, value in evaluate(args.onnx, temperature=args.temperature, count=args.count).items():
        print(f"{name:70} {value}")


if __name__ == "__main__":
    main()
