"""Repair, clean and clarity, beside the peers."""

from bench.harness import ROOT, Bench

BENCH = Bench(
    "Repair, clean and clarity",
    measures="bench.prints.measuring:measured",
    reports="bench.prints.report:report",
    draws="bench.prints.drawing:draw",
    pieces=True,
    networks=tuple(
        file.stem
        for file in sorted((ROOT / "src/photochrom/nets/weights").glob("*.onnx"))
        if file.stem != "color"
    ),
)
