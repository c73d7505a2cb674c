"""Choices that several commands offer, written out so that `--help` imports nothing heavy.

A test holds them against the rooms that own them.
"""

import click

EMULSIONS = ("blue-sensitive", "orthochromatic", "panchromatic", "unknown")
FORMATS = ("tiff", "jpeg", "png", "webp", "jp2")
STRIPPED = ("location",)
SCALES = ("1", "2", "4")
REPAIRS = ("gentle", "normal", "strong")
FRAMES = ("keep", "cut")
COLORS = ("quiet", "natural", "vivid")
TONES = ("plate", "eye")
VARIANTS = ("a", "b", "c", "d")
NARRATORS = ("piper", "say", "sapi", "flite", "espeak-ng")
CHAPTERS = ("auto", "folder", "date", "none")
TEMPLATES = ("portraits",)
EXPORTS = ("otio", "fcpxml", "edl", "prores")

engine_option = click.option(
    "--engine",
    default="local",
    show_default=True,
    metavar="ENGINE",
    help="Where work is done: local; ray, on the cluster that RAY_ADDRESS names or this machine "
    "belongs to; or ray://HOST:PORT; with ?cpus=0.5 two workers share a CPU.",
)
