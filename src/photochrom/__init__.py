"""photochrom restores, sharpens and colors vintage photographs honestly, and films their story.

>>> import photochrom as pc
>>> scan = pc.Photograph.open("scan.tif")                          # doctest: +SKIP
>>> pc.restore(scan, pc.Recipe.preset("faithful")).save("out.tif")  # doctest: +SKIP

The public surface is the list in `__init__.pyi`, which type checkers read, too. Names load on first
use, so that importing photochrom (and `photochrom --help`) costs nothing.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
