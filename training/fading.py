"""`python -m training.fading`: fits what `photochrom.steps.fading` goes by.

A third of the photographs of the color set, 64 x 64 pixels of each, are faded in two ways: dyes
of each layer lose density and paper yellows, seen through a scanner's glare and exposure; or each
layer takes a curve of its own. Some are left as they are, or nearly. From its features a small
network says the nine figures of the inverse; it learns from how far the picture then is from what
it was, in CIELAB.

Writes `src/photochrom/steps/fading.npz` and prints figures of the evaluation photographs.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from photochrom.steps.fading import (
    BANDS,
    NEAR,
    QUANTILES,
    RANGE,
    WORTH_IT,
    along,
    changed_by,
    features,
    layers_of,
    looked_at,
)
from training.shards import color_shards, decode, evaluation_files, read_samples

OUT = Path(__file__).resolve().parents[1] / "src/photochrom/steps/fading.npz"
SIDE, EVERY, BATCH, WIDTH = 64, 3, 48, 64
RATE, DECAY, MOST = 6e-3, 1e-3, 1.0
# Shares of pictures that fade by density, by curves, hardly at all; the rest are left alone.
BY_DENSITY, BY_CURVES, HARDLY = 0.38, 0.34, 0.14
# What is left of what was spoiled is divided by that and this much; those that were sound, whose
# changes the step ignores when they are small, count this often.
AT_LEAST, SOUND = 6.0, 0.5

_XYZ = torch.tensor(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def linear(x: Tensor) -> Tensor:
    """sRGB-encoded to linear light."""
    return torch.where(x <= 0.04045, x / 12.92, ((x.clamp_min(0) + 0.055) / 1.055) ** 2.4)


def encoded(x: Tensor) -> Tensor:
    """Linear light to sRGB-encoded."""
    return torch.where(x <= 0.0031308, x * 12.92, 1.055 * x.clamp_min(1e-8) ** (1 / 2.4) - 0.055)


def lab(x: Tensor) -> Tensor:
    """sRGB-encoded to CIELAB, with gradients."""
    xyz = linear(x) @ _XYZ.T / _XYZ.sum(1)
    straight = xyz * (29 / 6) ** 2 / 3 + 4 / 29
    f = torch.where(xyz > (6 / 29) ** 3, xyz.clamp_min(1e-6) ** (1 / 3), straight)
    a, b = 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])
    return torch.stack([116 * f[..., 1] - 16, a, b], -1)


def distance(one: Tensor, other: Tensor) -> Tensor:
    """Mean CIELAB distance (CIE76) of pictures (n, pixels, 3): (n,)."""
    return ((lab(one) - lab(other)) ** 2).sum(-1).add(1e-3).sqrt().mean(1)


def faded(x: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Pictures (n, pixels, 3) as time and a scanner left them, and which of them are sound."""

    def some(*shape: int) -> Tensor:
        return torch.rand(len(x), 1, *shape, generator=generator)

    kept = 1 - 0.65 * some(3) * some(1)
    stain = some(3) * torch.tensor([0.1, 0.1, 0.25])
    glare = 0.1 * some(3) * some(1)
    dyes = encoded((linear(x).clamp_min(1e-4) ** kept * 10**-stain) * (1 - glare) + glare)
    white = torch.quantile(dyes.amax(2), 0.995, dim=1)[:, None, None]
    dyes = (dyes * (0.85 + 0.13 * some(1)) / white).clamp(0, 1)
    contrast = torch.exp(0.28 * torch.randn(len(x), 1, 3, generator=generator))
    black, most = 0.2 * some(1) * some(3) + 0.05 * some(1), 1 - 0.4 * some(3) * some(1)
    curves = black + (most - black) * x**contrast
    hardly = x * (1 - 0.03 * some(3))
    which = torch.rand(len(x), 1, 1, generator=generator)
    rest = torch.where(which < BY_DENSITY + BY_CURVES + HARDLY, hardly, x)
    rest = torch.where(which < BY_DENSITY + BY_CURVES, curves, rest)
    y = torch.where(which < BY_DENSITY, dyes, rest)
    return (torch.round(y * 255) / 255).clamp(0, 1), which[:, 0, 0] >= BY_DENSITY + BY_CURVES


def corrected(y: Tensor, told: Tensor) -> Tensor:
    """Pictures along the curves that were told, as `photochrom.steps.fading.Layers` says."""
    black, white, contrast = told.reshape(-1, 1, 3, 3).unbind(-1)
    black, white = 0.35 * torch.tanh(black), 1 - 0.5 * torch.sigmoid(white - 3)
    share = ((y - black) / (white - black).clamp_min(0.1)).clamp(1e-3, 1)
    return share ** torch.exp(contrast)


def seen(y: Tensor) -> Tensor:
    """`photochrom.steps.fading.features` of many pictures (n, pixels, 3) at once: (n, 83)."""
    shares = torch.tensor(QUANTILES, dtype=y.dtype)
    quantiles = torch.quantile(y, shares, dim=1).permute(1, 2, 0)
    black, white = quantiles[:, None, :, 0], quantiles[:, None, :, -1]
    even = ((y - black) / (white - black + RANGE)).clamp(0, 1)
    order = even.mean(2).argsort(dim=1, stable=True)[..., None].expand(-1, -1, 3)
    bands = torch.gather(even, 1, order).reshape(len(y), BANDS, -1, 3)
    middle = bands.median(2).values
    aside = bands - bands.mean(3, keepdim=True)
    colorful = aside.abs().sum(3)
    nearest = colorful.argsort(dim=2, stable=True)[:, :, : bands.shape[2] // NEAR]
    gray = torch.gather(aside, 2, nearest[..., None].expand(-1, -1, -1, 3)).mean(2)
    parts = (
        quantiles.flatten(1),
        3 * (middle - middle.mean(2, keepdim=True)).flatten(1),
        6 * gray.flatten(1),
        3 * colorful.mean(2),
    )
    return torch.cat(parts, 1)


def network() -> nn.Sequential:
    last = nn.Linear(WIDTH, 9)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    size = len(features(np.zeros((SIDE * SIDE, 3))))
    return nn.Sequential(
        nn.Linear(size, WIDTH), nn.Tanh(), nn.Linear(WIDTH, WIDTH), nn.Tanh(), last
    )


def fit(pictures: Tensor, steps: int) -> nn.Sequential:
    """A network fitted to faded pictures (n, pixels, 3)."""
    torch.manual_seed(0)
    made = network()
    generator = torch.Generator().manual_seed(1)
    optimizer = torch.optim.AdamW(made.parameters(), RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps)
    for step in range(1, steps + 1):
        x = pictures[torch.randint(len(pictures), (BATCH,), generator=generator)]
        y, sound = faded(x, generator)
        # How much of what was spoiled is left counts, not how much was spoiled.
        weight = torch.where(sound, SOUND, 1.0) / (AT_LEAST + distance(y, x))
        loss = (distance(corrected(y, made(seen(y))), x) * weight).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(made.parameters(), MOST)
        optimizer.step()
        schedule.step()
        if step % 250 == 0:
            print(f"{step}: {loss.item():.2f}", flush=True)
    return made


def report(pictures: Sequence[NDArray[np.uint8]]) -> str:
    """What the product makes of faded pictures, three ways each, and of sound ones."""
    generator = torch.Generator().manual_seed(9)
    found = []
    for true in (one for one in pictures for _ in range(3)):
        flat = torch.tensor(true.reshape(1, -1, 3)).float() / 255
        y, sound = faded(flat, generator)
        scan = np.rint(y[0].numpy() * 255).astype(np.uint8).reshape(true.shape)
        table = layers_of(scan).table(256)
        acts = changed_by(table, looked_at(scan)) >= WORTH_IT
        after = torch.tensor(along(table, scan).reshape(1, -1, 3) / 65535).float() if acts else y
        was, is_ = float(distance(y, flat)), float(distance(after, flat))
        found.append((bool(sound), acts, was, is_))
    sound_, acted, was_, now = (np.array(column) for column in zip(*found, strict=True))
    spoiled = was_ > 5
    return (
        f"{spoiled.sum()} faded: {was_[spoiled].mean():.2f} -> {now[spoiled].mean():.2f}, the "
        f"median falls to {np.median((now / was_)[spoiled]):.2f}, {acted[spoiled].mean():.0%} are "
        f"changed, {(now > was_)[spoiled].mean():.0%} get worse; {acted[sound_].mean():.0%} of "
        f"{sound_.sum()} sound ones are changed"
    )


def learn(steps: int) -> None:
    """Fit to the color set, and write what was learned."""
    samples = list(read_samples(color_shards()))[::EVERY]
    pictures = np.array([looked_at(decode(sample.data)) for sample in samples])
    made = fit(torch.tensor(pictures).float(), steps)
    named = {
        f"{number}.{name}": value.detach().numpy().astype(np.float16)
        for number, layer in enumerate(made)
        for name, value in layer.named_parameters()
    }
    np.savez(OUT, **named)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1800, help="of training (1800)")
    parser.add_argument("--report", action="store_true", help="only measure what ships")
    args = parser.parse_args(arguments)
    torch.set_num_threads(1)
    if not args.report:
        learn(args.steps)
    print(report([decode(path.read_bytes()) for path in evaluation_files("colour")]))


if __name__ == "__main__":
    main()
