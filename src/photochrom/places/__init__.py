"""Places elsewhere: buckets of object stores, and the web for reading.

Functions over obstore, which is imported when it is first needed.
"""

from photochrom.places.looking import find, head, listed
from photochrom.places.marks import etag_in, mark_of
from photochrom.places.objects import Object
from photochrom.places.reading import digest_of, fetch, is_same, read, read_object, stretch
from photochrom.places.removing import remove, remove_all
from photochrom.places.sending import Mode
from photochrom.places.trouble import retry_seconds
from photochrom.places.url import Place, Url, place_of, public
from photochrom.places.writing import copy, put

__all__ = [
    "Mode",
    "Object",
    "Place",
    "Url",
    "copy",
    "digest_of",
    "etag_in",
    "fetch",
    "find",
    "head",
    "is_same",
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
