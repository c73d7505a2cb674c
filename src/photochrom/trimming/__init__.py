"""How much of a scan is shown, and how it lies: crop, straightening, prints seen askew, borders.

A scan may show more than the picture: the lid of a scanner, the table on which a print was
photographed, its border. What is asked for is a `Trim`; `trimmed.trim` finds what has to be found,
leaves alone what is not sure, and says so. Where the picture lies in its scan is a `Geometry`,
which leads from places of one to places of the other.
"""

from photochrom.trimming.asked import CODE, FRAMES, Frame, Trim, crop_of, degrees_of, of_data

__all__ = [
    "CODE",
    "FRAMES",
    "Frame",
    "Trim",
    "crop_of",
    "degrees_of",
    "of_data",
]
