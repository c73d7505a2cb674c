"""Places elsewhere: buckets of object stores, and the web for reading.

Functions over obstore, which is imported when it is first needed.
"""

from photochrom.places.marks import etag_in, mark_of
from photochrom.places.objects import Object
from photochrom.places.reading import fetch, find, head, listed, read, read_object, stretch
from photochrom.places.trouble import retry_seconds
from photochrom.places.url import Place, Url, place_of, public
from photochrom.places.writing import Mode, copy, put, remove, remove_all

__all__ = [
    "Mode",
    "Object",
    "Place",
    "Url",
    "copy",
    "etag_in",
    "fetch",
    "find",
    "head",
    "listed",
    "mark_of",
    "place_of",
    "public",
    "put",
    "read",
    "read_object",
    "remove",
    "remove_all",
    "retry_seconds",
    "stretch",
]
