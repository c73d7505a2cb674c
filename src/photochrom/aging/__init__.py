"""The opposite of restoring: what an emulsion, time and hands do to a photograph.

Used to train the networks, to test the steps and to make the demo's worn prints from photographs
whose truth is known. Everything is drawn from one seed, and so the same seed gives the same print.
"""

from photochrom.aging.fields import Plane
from photochrom.aging.printing import Aged, Worn, age, wear_out
from photochrom.aging.wear import Halftone, Wear, draw_wear

__all__ = ["Aged", "Halftone", "Plane", "Wear", "Worn", "age", "draw_wear", "wear_out"]
