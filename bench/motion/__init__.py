"""A slow move over a photograph: photochrom beside MoviePy and FFmpeg's zoompan."""

from bench.harness import Bench

BENCH = Bench(
    "A slow move",
    measures="bench.motion.measuring:measured",
    reports="bench.motion.report:report",
)
