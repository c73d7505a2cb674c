"""Reading a production file; whatever is wrong with it is told with its line and its key."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from photochrom.errors import PhotochromError, ProductionError
from photochrom.faults import nearest, shown
from photochrom.files import expanded
from photochrom.film.storyboard import Credit, Storyboard
from photochrom.places import Place, Url, place_of, public
from photochrom.production.coherence import hold_together
from photochrom.production.elsewhere import far_place
from photochrom.production.explain import first_error, syntax_error
from photochrom.production.filled_in import storyboard_of
from photochrom.production.mirror import Mirror
from photochrom.production.reading import text_of, upgraded
from photochrom.production.schema import Entry, Production
from photochrom.source import Source
from photochrom.toml_places import Places, is_too_deep

_FOLDER = "out"
_CACHE = ".photochrom"


@dataclass(frozen=True)
class ProductionFile:
    """A production and the file that it was read from.

    Attributes:
        path: The file; of a production elsewhere its copy on this machine.
        production: What it says.
        places: Where in the file it says so.
        version: Which version of the film is meant; "" for the film as it is.
        home: Where the file lies, if that is not on this machine.
    """

    path: Path
    production: Production
    places: Places
    version: str = ""
    home: Url | None = None

    @classmethod
    def open(cls, path: str | Path, home: Url | None = None) -> ProductionFile:
        """Reads a production file of this machine; `bringing.opened` reads others, too.

        Args:
            path: The file.
            home: Of what it is a copy.

        Raises:
            ProductionError: Names the file, the line and the key that is wrong.
        """
        path = Path(path)
        return cls.parse(text_of(path), path, home)

    @classmethod
    def parse(cls, text: str, path: str | Path, home: Url | None = None) -> ProductionFile:
        """Reads the text of a production file.

        Args:
            text: TOML.
            path: The file it is (to be) in; other files are named relative to it.
            home: Where that file lies, if it is a copy; other files are named relative to this.

        Raises:
            ProductionError: As for `open`.
        """
        path = Path(path)
        where = path if home is None else str(home)
        text = text.removeprefix("\ufeff")
        if is_too_deep(text):
            raise ProductionError("is nested too deeply", where=where)
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise syntax_error(error, where) from error
        except RecursionError as error:
            raise ProductionError("is nested too deeply", where=where) from error
        except ValueError as error:  # Python bounds how long numbers are.
            raise ProductionError(f"cannot be read as TOML ({error})", where=where) from error
        places = Places(text)
        try:
            production = Production.model_validate(upgraded(data, where, places))
        except ValidationError as error:
            raise first_error(error, where, places) from error
        file = cls(path, production, places, home=home)
        hold_together(production, file.error)
        file.storyboard()
        return file

    @property
    def where(self) -> str:
        """What people call the file."""
        return str(self.home or self.path)

    def resolve(self, name: str) -> Path:
        """A file that the production names, as a path from here; the copy of one elsewhere."""
        try:
            if (far := self.far(name)) is not None:
                return far.on(self.mirror.near(far.file))
            place = place_of(name)
            assert isinstance(place, Path)
            return self.path.parent / expanded(place)
        except ProductionError:
            raise
        except PhotochromError as error:
            what = f'"{public(name)}" {error.what}'
            raise ProductionError(what, where=self.where, fix=error.fix) from error

    def far(self, name: str) -> Source[Url] | None:
        """Where a file that the production names lies, if that is not on this machine.

        Raises:
            PhotochromError: There can be no such place.
        """
        return far_place(name, self.home)

    @property
    def mirror(self) -> Mirror:
        """Where copies of what lies elsewhere are."""
        return Mirror(self.cache) if self.home is None else Mirror.of_production(self.home)

    def place(self, name: str) -> str:
        """What people call a file that the production names."""
        far = self.far(name)
        return str(self.resolve(name) if far is None else far.file)

    def told(self, path: Place) -> str:
        """What people call a file, which may be one in the output folder."""
        if self.far_folder is None or isinstance(path, Url):
            return str(path)
        if not path.is_relative_to(self.folder):
            return str(path)
        return str(self.far_folder / path.relative_to(self.folder))

    def scan(self, entry: Entry) -> Source[Path]:
        """The scan of a photograph: its file from here, and the page if one is named."""
        return Source.of(self.resolve(entry.file))

    @property
    def folder(self) -> Path:
        """Where results go; what goes elsewhere is put here first."""
        return self.resolve(self._output)

    @property
    def far_folder(self) -> Url | None:
        """Where results go in the end, if that is not on this machine."""
        far = self.far(self._output)
        return None if far is None else far.file.folder

    @property
    def _output(self) -> str:
        return self.production.output.folder or self._default_folder

    @property
    def _default_folder(self) -> str:
        """Productions that lie side by side have each a place of its own."""
        name = self.path.stem
        return _FOLDER if name == "production" else f"{_FOLDER}/{name}"

    @property
    def film(self) -> Path:
        """The film's file."""
        ending = self.production.film.encoder.ending
        return self.folder / (self.production.output.film or f"film{ending}")

    @property
    def cache(self) -> Path:
        """Where results are kept between builds."""
        if self.home is not None:
            return self.mirror.root / _CACHE
        named = place_of(self.production.output.cache)
        here = expanded(_CACHE if isinstance(named, Url) else named, ProductionError)
        return self.path.parent / here

    @property
    def far_cache(self) -> Url | None:
        """Where results are kept for all machines of a cluster; None if only here."""
        named = self.production.output.cache
        # What nobody has asked for is not put into a bucket.
        far = None if self.home is not None and named == _CACHE else self.far(named)
        return None if far is None else far.file.folder

    def versions(self) -> tuple[ProductionFile, ...]:
        """The production as each version of its film has it: the film as it is, then the others."""
        production = self.production
        stem = self.film.stem
        found = [self]
        for version in production.versions:
            film = version.of(production.film)
            name = f"{stem}-{version.name}{film.encoder.ending}"
            output = production.output.model_copy(update={"film": name})
            changed = production.model_copy(update={"film": film, "output": output})
            found.append(replace(self, production=changed, version=version.name))
        return tuple(found)

    def in_version(self, name: str) -> ProductionFile:
        """The production as a version of its film has it.

        Args:
            name: Of the version, in any case; "" for the film as it is.

        Raises:
            ProductionError: There is no such version; names those that there are.
        """
        if not name:
            return self
        versions = {one.version: one for one in self.versions()[1:]}
        for one in versions.values():
            if one.version.casefold() == name.casefold():
                return one
        like = nearest(name, versions)
        said = f"its film has the versions {', '.join(versions)}" if versions else ""
        fix = f"did you mean {like!r}? {said}" if like else said or "give it one with [[version]]"
        raise ProductionError(f"there is no version {shown(name)}", where=self.where, fix=fix)

    @property
    def language(self) -> str:
        """Of the film."""
        return self.production.film.language

    def error(self, what: str, *loc: str | int, fix: str | None = None) -> ProductionError:
        """An error about a key, or a list element, of this file."""
        line = self.places.line(loc)
        return ProductionError(what, where=f"{self.where}:{line}", fix=fix)

    def storyboard(
        self,
        disclosures: Sequence[str] = ("…",),
        credits: Sequence[Credit] = (Credit(names=("…",)),),
    ) -> Storyboard:
        """The film with everything filled in that the file leaves to be found out.

        A shot without a caption takes its photograph's caption, one without a credit its
        photograph's credit, a title card without a title the production's. Fonts that are files
        are paths from here, and so are pictures on cards.

        Args:
            disclosures: For disclosure cards that have no text of their own, the longest first:
                each takes the first that can be read before it is gone, or the last.
            credits: For end credits that name nobody.
        """
        return storyboard_of(self, disclosures, credits)
