"""A picture: pixels, profile, metadata, where it came from; read and write."""

from photochrom.photograph.encode import ENDINGS, save_rows
from photochrom.photograph.inversion import Inversion, positive
from photochrom.photograph.picture import MAX_PIXELS, SUFFIXES, Photograph
from photochrom.photograph.profiles import gray_profile, srgb_profile
from photochrom.photograph.reduced import dimensions, open_reduced
from photochrom.photograph.scan_info import ScanInfo
from photochrom.photograph.spool import several_times
from photochrom.photograph.xmp import made_by_us

__all__ = [
    "ENDINGS",
    "MAX_PIXELS",
    "SUFFIXES",
    "Inversion",
    "Photograph",
    "ScanInfo",
    "dimensions",
    "gray_profile",
    "made_by_us",
    "open_reduced",
    "positive",
    "save_rows",
    "several_times",
    "srgb_profile",
]
