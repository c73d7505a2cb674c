"""Shots rendered by themselves, as an editor wants them: whole, without words, with handles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from photochrom.engine.keys import FRAMES, key_of
from photochrom.film.frames.ahead import ahead
from photochrom.film.frames.planes import Planes
from photochrom.film.output import encode
from photochrom.film.output.dither import samples_of
from photochrom.film.plan import timeline
from photochrom.film.plan.visible import Digests, visible
from photochrom.film.scenes.opened import scene_for
from photochrom.film.storyboard import Shot
from photochrom.film.storyboard.encoder import Encoder
from photochrom.film.takes import Take

CODE = 1
"""Raised whenever the same shot gives another file."""


@dataclass(frozen=True)
class Prerendered:
    """A shot or a card as a file of its own.

    It has every frame on which the item is seen, also beneath the transitions into it and out of
    it, but not the transitions themselves: those are the editor's. Before the first and after the
    last frame come the handles, in which the camera stands where it begins and where it ends.
    Captions and credits are left out, since programs have them as titles; cards, which are nothing
    but words, are as the film has them; and the mark that a picture was colored stays in it.

    Attributes:
        take: The item.
        handles: Frames before it, and as many after it.
    """

    take: Take
    handles: int

    @property
    def encoder(self) -> Encoder:
        """ProRes, which every editing program takes; with the film's settings where it is that."""
        own = self.take.film.encoder
        return own if own.codec == "prores" else Encoder(codec="prores")

    @property
    def frames(self) -> int:
        """Length of the file."""
        return self.take.span + 2 * self.handles

    @property
    def key(self) -> str:
        """SHA-256 of all that the file depends on, hexadecimal."""
        film = self.take.film
        facts = {
            "encoder": encode.fingerprint(film.size, film.rate, self.encoder),
            "handles": self.handles,
            "take": visible(
                self.take,
                0,
                self.take.span,
                text=self._words,
                digests=Digests(self.take.film.language),
            ),
        }
        return key_of("shot", (CODE, timeline.CODE), facts, libraries=FRAMES)

    def pictures(self) -> Iterator[Planes]:
        """The frames, not yet dithered; the same object while nothing moves.

        Raises:
            PhotographError: A still cannot be read.
        """
        last = self.take.span - 1
        scene = scene_for(self.take, 0, last + 1)
        held: tuple[int, Planes] | None = None
        for index in range(-self.handles, last + 1 + self.handles):
            at = min(max(index, 0), last)
            if held is None or held[0] != at:
                planes = scene.frame(at)
                held = at, scene.with_text(planes, at) if self._words else planes
            yield held[1]

    def write(self, path: Path) -> None:
        """Renders the file.

        Args:
            path: Ends as the encoder's files do; appears whole or not at all.

        Raises:
            PhotochromError: A still cannot be read, or the file cannot be written.
        """
        film = self.take.film.model_copy(update={"encoder": self.encoder})
        with closing(ahead(samples_of(self.pictures(), film))) as frames:
            encode.encode_segment(
                path, frames, size=film.size, rate=film.rate, encoder=self.encoder
            )

    @property
    def _words(self) -> bool:
        return not isinstance(self.take.item, Shot)
