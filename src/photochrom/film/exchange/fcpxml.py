"""The cut as FCPXML 1.10, for Final Cut Pro, DaVinci Resolve and whatever else reads it.

Structure and attributes are those of Apple's "FCP XML Interchange Format, Version 1.10". All times
are exact fractions of a second on whole frames. Final Cut Pro centers a transition on the cut, so
the cut stands in the middle of each; what is seen is the same to the frame. Every still has an hour
of its own before it begins, as Final Cut Pro gives it, so that transitions have frames to use.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement

from photochrom.film.exchange.cut import Clip, Media, Timeline
from photochrom.film.exchange.timecode import drops, start_frame
from photochrom.phrases import one_line

DISSOLVE = ("Cross Dissolve", "FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265")
DIP = ("Fade To Color", "FxPlug:F779C565-486D-4633-8035-0374B4DB8F5C")
TITLE = (
    "Basic Title",
    ".../Titles.localized/Bumper:Opener.localized/Basic Title.localized/Basic Title.moti",
)
"""Name and identifier of what is built into Final Cut Pro."""

STILL_SECONDS = 3600
"""Where a still's own time begins."""

LOW = -33
"""Where captions stand: this far from the middle, in percent of the frame's height."""

CARD_TYPE, CAPTION_TYPE = (78, 48), (44, 32)
"""Sizes of type, of what stands large and of what stands below, in points of a frame 1080 pixels
high."""


def fcpxml(timeline: Timeline) -> str:
    """The text of the file.

    Raises:
        StoryboardError: There is no timecode for the film's rate.
    """
    return _Document(timeline).text()


class _Document:
    def __init__(self, timeline: Timeline):
        self._timeline = timeline
        self._start = start_frame(timeline.rate)
        self._still = int(STILL_SECONDS * timeline.rate)
        self._root = Element("fcpxml", version="1.10")
        self._resources = SubElement(self._root, "resources")
        self._known: dict[object, str] = {}
        self._styles = 0

    def text(self) -> str:
        timeline = self._timeline
        width, height = timeline.size
        self._resource(
            "format",
            "sequence",
            frameDuration=self._time(1),
            width=str(width),
            height=str(height),
            colorSpace="1-1-1 (Rec. 709)",
        )
        event = SubElement(SubElement(self._root, "library"), "event", name=timeline.title)
        sequence = SubElement(
            SubElement(event, "project", name=timeline.title),
            "sequence",
            format=self._known["sequence"],
            duration=self._time(timeline.length),
            tcStart=self._time(self._start),
            tcFormat="DF" if drops(timeline.rate) else "NDF",
            audioLayout="stereo",
            audioRate="48k",
        )
        spine = SubElement(sequence, "spine")
        for index, clip in enumerate(timeline.clips):
            if clip.into:
                self._transition(spine, clip.into.kind, clip.start, clip.into.frames)
            first = self._shift(clip) if index else 0
            last = clip.length
            if index + 1 < len(timeline.clips):
                last += self._shift(timeline.clips[index + 1])
            element = self._clip(spine, clip, first, last)
            if index == 0 and timeline.sound is not None:
                self._sound(element, timeline.sound, first, self._base(clip))
            self._markers(element, clip, first, last)
        if timeline.fade:
            self._transition(spine, "dissolve", timeline.length - timeline.fade, timeline.fade)
        for element in self._root.iter():
            element.text = _legal(element.text) if element.text else None
            element.attrib = {name: _legal(value) for name, value in element.attrib.items()}
        ET.indent(self._root)
        body = ET.tostring(self._root, encoding="unicode")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n\n{body}\n'

    def _shift(self, clip: Clip) -> int:
        """By how much a cut comes later here: it stands in the middle of its transition."""
        return clip.into.frames // 2 if clip.into else 0

    def _clip(self, spine: Element, clip: Clip, first: int, last: int) -> Element:
        """A clip that shows its own frames `first` to `last`."""
        base = self._base(clip)
        timing = {
            "offset": self._time(self._start + clip.start + first),
            "start": self._time(base + first),
            "duration": self._time(last - first),
        }
        if clip.media is None:
            element = SubElement(
                spine, "title", {"ref": self._effect(*TITLE), "name": clip.name, **timing}
            )
            self._text(element, (clip.heading, clip.body), CARD_TYPE)
            return element
        kind = "asset-clip" if clip.media.frames else "video"
        element = SubElement(
            spine, kind, {"ref": self._asset(clip.media), "name": clip.name, **timing}
        )
        SubElement(element, "note").text = "; ".join(
            f"{name}: {said}" for name, said in clip.media.facts.items()
        )
        if clip.move:
            self._transform(element, clip)
        if clip.caption:
            begin, end = max(clip.words[0], first), min(clip.words[1], last)
            title = SubElement(
                element,
                "title",
                ref=self._effect(*TITLE),
                lane="1",
                offset=self._time(base + begin),
                name=f"{clip.name}, caption",
                start=self._time(self._still),
                duration=self._time(max(end - begin, 1)),
            )
            name, _, rest = clip.caption.partition("\n")
            self._text(title, (name, rest) if rest else ("", name), CAPTION_TYPE)
            SubElement(title, "adjust-transform", position=f"0 {LOW}")
        return element

    def _base(self, clip: Clip) -> int:
        """Which time of its own a clip's first frame has."""
        return clip.media.first if clip.media and clip.media.frames else self._still

    def _transform(self, element: Element, clip: Clip) -> None:
        first = clip.move[0]
        place = f"{first.x * 100:.4f} {first.y * 100:.4f}"
        scale = f"{first.scale:.6f} {first.scale:.6f}"
        transform = SubElement(element, "adjust-transform", position=place, scale=scale)
        if len(clip.move) == 1:
            return
        for name in ("position", "scale"):
            animation = SubElement(SubElement(transform, "param", name=name), "keyframeAnimation")
            for key in clip.move:
                value = f"{key.x * 100:.4f} {key.y * 100:.4f}"
                if name == "scale":
                    value = f"{key.scale:.6f} {key.scale:.6f}"
                time = self._time(self._still + key.frame)
                SubElement(animation, "keyframe", time=time, value=value)

    def _text(self, title: Element, parts: tuple[str, str], points: tuple[int, int]) -> None:
        """What stands large and what stands below, each in a style of its own."""
        runs = [(text, size) for text, size in zip(parts, points, strict=True) if text]
        text = SubElement(title, "text")
        for index, (said, size) in enumerate(runs):
            self._styles += 1
            style = f"ts{self._styles}"
            run = SubElement(text, "text-style", ref=style)
            run.text = said if index == len(runs) - 1 else f"{said}\n"
            SubElement(
                SubElement(title, "text-style-def", id=style),
                "text-style",
                font="Helvetica Neue",
                fontSize=str(size),
                fontColor="1 1 1 1",
                alignment="center",
            )

    def _markers(self, element: Element, clip: Clip, first: int, last: int) -> None:
        if not clip.label:
            return
        # Within what the clip shows, or programs lose it.
        at = min(max(clip.words[0], first), last - 1)
        marker = SubElement(
            element,
            "chapter-marker" if clip.chapter else "marker",
            start=self._time(self._base(clip) + at),
            duration=self._time(1),
            value=clip.label,
        )
        if clip.heading and clip.body:
            marker.set("note", one_line(clip.body))

    def _transition(self, spine: Element, kind: str, start: int, frames: int) -> None:
        name, uid = DIP if kind == "dip" else DISSOLVE
        element = SubElement(
            spine,
            "transition",
            name=name,
            offset=self._time(self._start + start),
            duration=self._time(frames),
        )
        SubElement(element, "filter-video", ref=self._effect(name, uid), name=name)

    def _sound(self, element: Element, sound: Media, first: int, base: int) -> None:
        SubElement(
            element,
            "asset-clip",
            ref=self._asset(sound, is_sound=True),
            lane="-1",
            offset=self._time(base + first),
            name=sound.path.name,
            start="0s",
            duration=self._time(self._timeline.length),
            srcEnable="audio",
        )

    def _asset(self, media: Media, *, is_sound: bool = False) -> str:
        if media.path in self._known:
            return self._known[media.path]
        if is_sound:
            attributes = {
                "duration": self._time(self._timeline.length),
                "format": self._known["sequence"],
                "hasAudio": "1",
                "audioSources": "1",
                "audioChannels": "2",
                "audioRate": "48000",
            }
        elif media.frames:
            attributes = {
                "duration": self._time(media.frames),
                "format": self._known["sequence"],
            }
        else:
            attributes = {"duration": "0s", "format": self._still_format(media.size)}
        id = self._resource(
            "asset",
            media.path,
            name=media.path.stem,
            start="0s",
            hasVideo="1",
            videoSources="1",
            **attributes,
        )
        asset = self._resources[-1]
        SubElement(asset, "media-rep", kind="original-media", src=media.url)
        self._metadata(asset, media.facts)
        return id

    def _metadata(self, asset: Element, facts: Mapping[str, str]) -> None:
        if not facts:
            return
        metadata = SubElement(asset, "metadata")
        for name, said in facts.items():
            SubElement(
                metadata,
                "md",
                key=f"org.photochrom.{name}",
                value=said,
                type="string",
                displayName=name.capitalize(),
            )

    def _still_format(self, size: tuple[int, int]) -> str:
        if ("still", size) in self._known:
            return self._known["still", size]
        return self._resource(
            "format",
            ("still", size),
            name="FFVideoFormatRateUndefined",
            width=str(size[0]),
            height=str(size[1]),
            colorSpace="1-13-1",
        )

    def _effect(self, name: str, uid: str) -> str:
        return self._known.get(uid) or self._resource("effect", uid, name=name, uid=uid)

    def _resource(self, tag: str, known_as: object, **attributes: str) -> str:
        id = f"r{len(self._known) + 1}"
        self._known[known_as] = id
        SubElement(self._resources, tag, {"id": id, **attributes})
        return id

    def _time(self, frames: int) -> str:
        """A number of frames as an exact time."""
        seconds = Fraction(frames) / self._timeline.rate
        if seconds.denominator == 1:
            return f"{seconds.numerator}s"
        return f"{seconds.numerator}/{seconds.denominator}s"


def _legal(text: str) -> str:
    """Text without the control characters that XML cannot hold (XML 1.0, section 2.2)."""
    return "".join(char for char in text if char >= " " or char in "\t\n\r")
