"""What coloring costs: seconds and memory of a process that does nothing else.

    python -m bench.color.cost

Timed are the color step and the joining of chroma to light, as `faithful` runs them, on two
threads. Reading and writing files are not. What is in a picture does not matter here.
"""

from __future__ import annotations

import json
from typing import Any, Final

import numpy as np

from bench.harness import THREADS, Times
from bench.processes import answer, module, peak
from photochrom.emulsion import Emulsion
from photochrom.measure import measure
from photochrom.nets import Registry
from photochrom.nets.registry import embedded_folder
from photochrom.photograph import Photograph
from photochrom.recipe import Recipe
from photochrom.steps import STEPS
from photochrom.steps.compose import compose
from photochrom.steps.plate import Context, Plate

# Height and width of the pictures, by what the results call them.
_PICTURES: Final = {"photograph": (384, 512), "twelve_megapixels": (3000, 4000)}
_TIMES: Final = {"photograph": 9, "twelve_megapixels": 3}


def measured() -> dict[str, Any]:
    """Run the measurement in a process of its own."""
    found: dict[str, Any] = answer(module("bench.color.cost"))
    return found


def main() -> None:
    """Print the figures as JSON."""
    found: dict[str, Any] = {
        "threads": THREADS,
        "weights_mb": _weights(),
        "memory_idle_mb": peak(),
    }
    loading = Times()
    with loading.once():
        registry = Registry([embedded_folder()], threads=THREADS)
        registry.network("color")
    found["loading_seconds"] = round(loading.seconds[0], 2)
    params = Recipe.preset("faithful").params["color"]
    for name, shape in _PICTURES.items():
        light = np.random.default_rng(0).random(shape, dtype=np.float32)
        scan = Photograph.from_array((light[:64, :64] * 65535).astype(np.uint16))
        context = Context(registry, Emulsion.ORTHOCHROMATIC, measure(scan))
        times = Times()
        for _ in range(_TIMES[name]):
            with times.once():
                plate, _ = STEPS["color"].apply(Plate(light), params, context)
                for _ in compose(plate):
                    pass
        found |= times.figures(name)
        found[f"{name}_peak_mb"] = peak()
    print(json.dumps(found))


def _weights() -> float:
    return round((embedded_folder() / "color.onnx").stat().st_size / 1e6, 1)


if __name__ == "__main__":
    main()
