"""A photograph before and after: a sheet to print, a page with a slider, a wipe that moves."""

from photochrom.comparing.kinds import KINDS, compare
from photochrom.comparing.pair import Pair
from photochrom.comparing.sheet import Sheet, write_sheet

__all__ = ["KINDS", "Pair", "Sheet", "compare", "write_sheet"]
