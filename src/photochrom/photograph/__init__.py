"""A picture: pixels, profile, metadata, where it came from; read and write."""

from photochrom.photograph.encode import ENDINGS, save_rows
from photochrom.photograph.inversion import Inversion, positive
from photochrom.photograph.known import Known
from photochrom.photograph.metadata.sidecar import sidecar_digest
from photochrom.photograph.ours import made_by_us
from photochrom.photograph.picture import MAX_PIXELS, SUFFIXES, Photograph
from photochrom.photograph.profiles import gray_profile, srgb_profile
from photochrom.photograph.reduced import dimensions, open_reduced
from photochrom.photograph.relabel import relabel
from photochrom.photograph.scan_info import ScanInfo
from photochrom.photograph.spool import several_times

__all__ = [
    "ENDINGS",
    "MAX_PIXELS",
    "SUFFIXES",
    "Inversion",
    "Known",
    "Photograph",
    "ScanInfo",
    "dimensions",
    "gray_profile",
    "made_by_us",
    "open_reduced",
    "positive",
    "relabel",
    "save_rows",
    "several_times",
    "sidecar_digest",
    "srgb_profile",
]
