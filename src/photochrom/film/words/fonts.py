"""Where type comes from, and what is known of it.

Fonts are those of packages in the shape that `fontpkg` reads (open-licensed families, one a
package), or files that a theme names. A character that such a font lacks is set from another
installed package, and only then from a font of the system. Whatever gives a character is in the
digest of the words that show it, so that films never hang on a font unseen.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import fontpkg  # type: ignore[import-untyped]
import skia

from photochrom.errors import StoryboardError
from photochrom.film.storyboard.values import is_font_file

INVISIBLE = frozenset(
    "\n\r\t\u00a0\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2028\u202a\u202b\u202c\u202d\u202e"
    "\u202f\u2060\u2066\u2067\u2068\u2069\ufe0f"
)
"""Characters that need no glyph."""

_NAMED_FOR = MappingProxyType({"Hans": "SC", "Hant": "TC", "Jpan": "JP", "Kore": "KR"})
"""How fonts for Chinese, Japanese and Korean end, whose characters are of other shapes in each."""

_UPRIGHT = skia.FontStyle(400, skia.FontStyle.kNormal_Width, skia.FontStyle.kUpright_Slant)


@dataclass(frozen=True)
class Fallback:
    """A font that lends a character.

    Attributes:
        face: The font, upright and regular.
        digest: SHA-256 of its data.
        borrowed: Whether it is one of the system.
    """

    face: skia.Typeface = field(repr=False)
    digest: str
    borrowed: bool

    @property
    def name(self) -> str:
        """Its family."""
        return str(self.face.getFamilyName())


class Fonts:
    """Fonts by name and by character; keeps what it has opened.

    Args:
        system: Knows the fonts of the system; None: asked for when first needed, because it goes
            through all fonts of the machine.
        language: Of what is set, BCP 47: of fonts that have a character those made for it are
            taken first.
    """

    def __init__(self, system: skia.FontMgr | None = None, *, language: str = "") -> None:
        self._language = language
        self._system = system
        self._files = skia.FontMgr.New_Custom_Empty()
        self._faces: dict[Path, skia.Typeface] = {}
        self._fallbacks: dict[str, Fallback | None] = {}
        self._borrowed: dict[int, Fallback] = {}
        self._digests: dict[Path, str] = {}

    def face(self, name: str, *, weight: int = 400, italic: bool = False) -> skia.Typeface:
        """A font; of a variable one the instance at a weight.

        Args:
            name: Family or file.
            weight: 100..900; the nearest that the family has is taken.
            italic: Whether it slants.

        Raises:
            StoryboardError: As for `font_file`, or the file is not a font.
        """
        face = self._open(font_file(name, weight=weight, italic=italic))
        return at_weight(face, weight)

    def fallback(self, sign: str) -> Fallback | None:
        """The font that lends a character to those that lack it, the same for every style.

        Args:
            sign: One character.

        Returns:
            Of an installed package before one of the system; None if no font has it.
        """
        if sign not in self._fallbacks:
            self._fallbacks[sign] = self._packaged(sign) or self._borrow(sign)
        return self._fallbacks[sign]

    def missing(self, text: str, *names: str) -> list[str]:
        """The characters of a text that not every file of the named fonts has, in order."""
        signs = sorted(set(text) - INVISIBLE)
        faces = [self._open(path) for name in names for path in _family_files(name)]
        return [sign for sign in signs if not all(face.unicharToGlyph(ord(sign)) for face in faces)]

    def borrowed(self, text: str, *names: str) -> set[str]:
        """The fonts of the system that a text in the named fonts may be set from, by family."""
        lent = (self.fallback(sign) for sign in self.missing(text, *names))
        return {one.name for one in lent if one is not None and one.borrowed}

    def digest(self, *names: str, text: str = "") -> str:
        """SHA-256 of everything that a text in the named fonts is set from.

        Args:
            names: Families or files, in any order.
            text: What is set, and perhaps more.

        Raises:
            StoryboardError: As for `face`.
        """
        facts = hashlib.sha256()
        for name in sorted(set(names)):
            for path in _family_files(name):
                facts.update(bytes.fromhex(self._digest(path)))
        for sign in self.missing(text, *names) if text else []:
            lent = self.fallback(sign)
            facts.update(f"{ord(sign):x} {lent.digest if lent else None}\n".encode())
        return facts.hexdigest()

    def _packaged(self, sign: str) -> Fallback | None:
        for family in sorted(fontpkg.families(), key=lambda one: (not self._is_for(one), one)):
            path = font_file(family)
            try:
                face = self._open(path)
            except StoryboardError:
                continue  # A package that is broken, and that nobody has asked for.
            if face.unicharToGlyph(ord(sign)):
                return Fallback(face, self._digest(path), borrowed=False)
        return None

    def _is_for(self, family: str) -> bool:
        """Whether a font is made for the language's script, by its name."""
        ending = _NAMED_FOR.get(self._script, "")
        return bool(ending) and family.upper().endswith(ending)

    @cached_property
    def _script(self) -> str:
        from langcodes import Language

        return str(Language.get(self._language).maximize().script) if self._language else ""

    @property
    def _tags(self) -> list[str]:
        return [self._language] if self._language else []

    def _borrow(self, sign: str) -> Fallback | None:
        if self._system is None:
            self._system = skia.FontMgr.RefDefault()
        face = self._system.matchFamilyStyleCharacter("", _UPRIGHT, self._tags, ord(sign))
        if face is None or not face.unicharToGlyph(ord(sign)):
            return None
        known = self._borrowed.get(face.uniqueID())
        if known is None:
            # What it is called, which of a collection it is, at which weight, and its data.
            data = bytes(face.serialize(skia.Typeface.SerializeBehavior.kDoIncludeData))
            known = Fallback(face, hashlib.sha256(data).hexdigest(), borrowed=True)
            self._borrowed[face.uniqueID()] = known
        return known

    def _open(self, path: Path) -> skia.Typeface:
        if path not in self._faces:
            face = self._files.makeFromFile(str(path))
            if face is None:
                raise StoryboardError("the file is not a font", where=path)
            self._faces[path] = face
        return self._faces[path]

    def _digest(self, path: Path) -> str:
        if path not in self._digests:
            try:
                self._digests[path] = hashlib.sha256(path.read_bytes()).hexdigest()
            except OSError as error:
                what = f"the font cannot be read ({error.strerror or error})"
                raise StoryboardError(what, where=path) from error
        return self._digests[path]


def font_file(name: str, *, weight: int = 400, italic: bool = False) -> Path:
    """The file of a font.

    Raises:
        StoryboardError: If there is no such family installed and no such file.
    """
    if is_font_file(name):
        return _named(name)
    try:
        return Path(fontpkg.path(name, weight, "italic" if italic else "normal", nearest=True))
    except fontpkg.FontpkgError:
        raise _not_installed(name) from None


def at_weight(face: skia.Typeface, weight: int) -> skia.Typeface:
    """The instance of a variable font at a weight; a static font as it is."""
    tag = int.from_bytes(b"wght", "big")
    for axis in face.getVariationDesignParameters():
        if axis.tag == tag:
            value = min(max(weight, axis.min), axis.max)
            kind = skia.FontArguments.VariationPosition
            coordinates = kind.Coordinates([kind.Coordinate(tag, value)])
            # Skia keeps only a pointer to it, until the clone is made.
            position = kind(coordinates)
            arguments = skia.FontArguments()
            arguments.setVariationDesignPosition(position)
            return face.makeClone(arguments) or face
    return face


def _family_files(name: str) -> list[Path]:
    """All files of a font, whatever their weight and slant."""
    if is_font_file(name):
        return [_named(name)]
    try:
        return [Path(file.path) for file in fontpkg.family(name).files]
    except fontpkg.FontpkgError:
        raise _not_installed(name) from None


def _named(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise StoryboardError("the font file does not exist", where=path)
    return path


def _not_installed(name: str) -> StoryboardError:
    package = "fontpkg-" + name.lower().replace(" ", "-")
    return StoryboardError(
        f'the font "{name}" is not installed', fix=f"pip install {package}, or name a font file"
    )
