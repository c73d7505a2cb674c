"""How a film looks: fonts, colors, what lies around and over its pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from photochrom.film.storyboard.values import Color, Image, Model, is_font_file


def _as_bug(value: object) -> object:
    """Let a file write `bug = "logo.svg"` for `bug = { image = "logo.svg" }`."""
    return {"image": value} if isinstance(value, str) else value


class Bug(Model):
    """A small picture in a corner, throughout the film.

    Attributes:
        image: A PNG or SVG file.
        at: In which corner.
        strength: 0 (not there) .. 1 (opaque).
    """

    image: Image
    at: Literal["upper left", "upper right"] = "upper right"
    strength: Annotated[float, Field(ge=0, le=1)] = 0.75


class Theme(Model):
    """How the film looks.

    Attributes:
        title_font: Family for titles; a font package's family name, or a path to a font file.
        text_font: Family for captions and credits.
        background: What cards and mats are made of.
        surround: What a picture that does not fill the frame lies on: "plain", the background, or
            "blur", the picture itself, out of focus and sunk into the background.
        ink: The color of text.
        rule: The color of thin rules and of small print.
        vignette: 0 (none) .. 1: how much the corners of pictures darken.
        letterbox: Width over height of the picture area; bars above and below when it is wider
            than the frame. None: no bars.
        grain: 0 (none) .. 1: film grain over pictures, and over nothing else.
        mark: A word or two in a corner of shots, in small print, for as long as colors are seen
            that were not photographed; "auto" has the film say it. Empty: none.
        logo: A PNG or SVG file that stands at the foot of title cards and below the end credits.
        bug: A small picture in a corner, throughout the film.
    """

    title_font: str = "EB Garamond"
    text_font: str = "Alegreya Sans"
    background: Color = "#1b1917"
    ink: Color = "#efe8da"
    rule: Color = "#b5a27f"
    surround: Literal["plain", "blur"] = "plain"
    vignette: Annotated[float, Field(ge=0, le=1)] = 0.0
    letterbox: Annotated[float, Field(ge=1, le=4)] | None = None
    grain: Annotated[float, Field(ge=0, le=1)] = 0.0
    mark: str = ""
    logo: Image | None = None
    bug: Annotated[Bug | None, BeforeValidator(_as_bug)] = None

    @property
    def font_files(self) -> dict[str, str]:
        """Those of its fonts that are files, by their key."""
        fonts = {"title_font": self.title_font, "text_font": self.text_font}
        return {key: name for key, name in fonts.items() if is_font_file(name)}

    @property
    def image_files(self) -> dict[tuple[str, ...], str]:
        """Its pictures from elsewhere, by the keys that lead to their names."""
        bug = None if self.bug is None else self.bug.image
        images = {("logo",): self.logo, ("bug", "image"): bug}
        return {keys: name for keys, name in images.items() if name is not None}

    def located(self, at: Callable[[str], str]) -> Theme:
        """The same with its files where they are.

        Args:
            at: Says for the name of a file where it is.
        """
        changed: dict[str, Any] = {key: at(name) for key, name in self.font_files.items()}
        if self.logo is not None:
            changed["logo"] = at(self.logo)
        if self.bug is not None:
            changed["bug"] = self.bug.model_copy(update={"image": at(self.bug.image)})
        return self.model_copy(update=changed)
