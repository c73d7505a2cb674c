"""Texts that devices and programs write where a caption belongs."""

from __future__ import annotations

import re

# What cameras and scanners say of themselves is made of these words alone, with a number or two.
_BRANDS = """acer agfa agfaphoto aiptek apple asus benq brother canon casio concord dji epson fuji
fujifilm fujitsu general ge gateway genius google gopro hasselblad hewlett packard hitachi hp htc
huawei imacon jenoptik jvc kodak konica kyocera leica lexmark lg maginon medion microtek minolta
motorola mustek nikon nokia noritsu olympus oneplus optronics panasonic pentax philips plustek
polaroid praktica premier reflecta ricoh rollei samsung sanyo sigma skanhex sony sony-ericsson
sonyericsson techwin toshiba traveler umax vivitar xerox xiaomi yakumo corporation co corp inc ltd
electric optical eastman company imaging""".split()  # noqa: SIM905 (a list of quotes reads worse)
_DEVICES = """digital still camera cameras camcorder dsc dslr scanner scan scanned image images
picture pictures photo photos jpeg jpg exif tiff file document flatbed film
default""".split()  # noqa: SIM905
_WORDS = frozenset(_BRANDS) | frozenset(_DEVICES)
_DEVICES_ALONE = frozenset(_DEVICES) - {"camera", "cameras", "film", "document"}

_PROGRAMS = """acdsee adobe affinity apple camscanner canon canva corel ebay epson ffmpeg gimp
google graphicsmagick hp imagemagick inkscape instagram irfanview jpegmini lightroom matlab
microsoft paint photoscan photoshop picasa polarr silverfast snapseed vsco vuescan
windows""".split()  # noqa: SIM905

# How programs of science tell one another what the samples of a TIFF are: tifffile, ImageJ, OME.
_LAYOUTS = r"""(\{"shape":|shape=\(|imagej=|(<\?xml\b[^>]*>\s*)?(<!--.*?-->\s*)?<ome\b)"""

_PATTERNS = re.compile(
    r"""
    dcim[\\/].* | .*\\dcim\\.*                          # where a drone keeps its files
    | exif[_ ]?jpeg([_ ].*)? | jpeg[_ ]exif.*
    | <\s*(digimax|kenox|samsung|vluu|nx)\b.*>           # "<Digimax S500 / Kenox S500>"
    | (created|made|processed|generated|edited|optimi[sz]ed|compressed|saved|scanned|resized|
       written|converted)\ (with|by|using|in|on|via)\ (the\ )?(PROGRAMS)\b.*
    | file\ written\ by\ adobe.* | creator:\ gd-jpeg.* | lead\ technologies\b.*
    | charset\s*=.* | binary\ comment | (user)?\ ?comments? | ascii | unicode
    | applemark | untitled(-\d+)?(\.\w{3,4})? | (no\ )?(title|description|caption) | none | null
    | LAYOUTS.* | <\?xml\b.* | software:.* | picasa.* | screenshot.*
    | (img|dsc|dscn|dscf|pict|pxl|mvi|imgp|scan|image|_mg|_dsc|p)[-_ ]?\d{3,}(\.\w{3,4})?
    # Modes of telephones: beauty, portrait, HDR ...
    | (cof|dav|edf|fbt|fhdr|hdr|hdrpl|hdrpl\d|mde|nor|ptr|rbt|rhdr|rpt|sdr|btf|btfmdn|btfhdr|
       oznor(co|w|cow)?|dcim|vsco.*|maker:\w,.*)
    """.replace("PROGRAMS", "|".join(_PROGRAMS)).replace("LAYOUTS", _LAYOUTS),
    re.VERBOSE | re.IGNORECASE,
)


def is_device_text(text: str) -> bool:
    """Whether a description was written by a camera, a scanner or a program, not by a person."""
    plain = " ".join(text.split()).casefold()
    words = re.findall(r"[^\W\d_][\w-]*", plain)
    if not words:  # Blanks, dashes, numbers of pictures.
        return not re.search(r"\d{4}", plain)
    if _PATTERNS.fullmatch(plain):
        return True
    # "Kodak" may be what a picture shows, and so may "camera": a scan or an image is a device's.
    return set(words) <= _WORDS and bool(
        set(words) & _DEVICES_ALONE or {"digital", "camera"} <= set(words)
    )


def describes_pixels(text: str) -> bool:
    """Whether a description says how the pixels of its own file are laid out, for programs."""
    return re.match(rf"\s*{_LAYOUTS}", text, re.IGNORECASE | re.DOTALL) is not None
