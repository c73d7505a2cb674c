"""The film for editing programs: its cut as OpenTimelineIO, FCPXML and CMX 3600, and back again."""

from photochrom.film.exchange.cut import Clip, Media, Timeline, Transition, timeline_of
from photochrom.film.exchange.timecode import timecode

__all__ = ["Clip", "Media", "Timeline", "Transition", "timecode", "timeline_of"]
