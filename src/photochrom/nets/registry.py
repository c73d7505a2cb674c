"""Which networks there are, and which one does a task."""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Iterable
from functools import lru_cache
from pathlib import Path

import platformdirs

from photochrom.errors import ModelError
from photochrom.files import expanded
from photochrom.nets.card import Card
from photochrom.nets.provider import Provider, chosen
from photochrom.nets.session import Network, verified

MODELS_VARIABLE = "PHOTOCHROM_MODELS"
"""Environment variable: folders with the user's own cards, separated as in PATH."""


class Registry:
    """Finds networks by task; loads each once.

    Where several cards do a task, the first folder wins, and in a folder the first name of the
    alphabet. The embedded networks come first: a user's own are asked for by name, so that what a
    recipe does never depends on what else lies in a folder.

    A card that cannot be read does not get in the way of the others; `problems` tells about it.

    Args:
        folders: Folders with cards (*.toml); those that do not exist are skipped.
        licenses: If given, only networks under these licenses (SPDX identifiers) are seen.
        threads: Threads for one run of a network; None takes one for each usable core.
        provider: What networks run on; None for what the environment says.

    Raises:
        ModelError: The environment names no such provider.
    """

    def __init__(
        self,
        folders: Iterable[Path],
        *,
        licenses: Collection[str] | None = None,
        threads: int | None = None,
        provider: Provider | None = None,
    ):
        self.provider = chosen() if provider is None else provider
        self.problems: list[ModelError] = []
        self._threads = threads
        self._licenses = licenses
        self._paths: dict[str, Path] = {}
        self._cards: dict[str, Card] = {}
        self._networks: dict[str, Network] = {}
        self._lock = threading.Lock()
        for folder in folders:
            for path in sorted(folder.glob("*.toml")):
                self._read(path)

    @classmethod
    def default(cls, *, threads: int | None = None, provider: Provider | None = None) -> Registry:
        """The embedded networks and the user's own.

        Args:
            threads: For one run of a network; None takes one for each usable core. No result
                depends on it.
            provider: What networks run on; None for what the environment says.

        Raises:
            ModelError: The environment names no such provider.
        """
        return cls.of((embedded_folder(), *user_folders()), threads=threads, provider=provider)

    @classmethod
    def of(
        cls,
        folders: Iterable[Path],
        *,
        threads: int | None = None,
        provider: Provider | None = None,
    ) -> Registry:
        """The networks of some folders: the same object, so that each network loads once, for as
        long as the files in the folders look the same.

        Args:
            folders: As for the registry itself.
            threads: The same.
            provider: The same.
        """
        folders = tuple(folders)
        files = (path for folder in folders for path in sorted(folder.glob("*")))
        on = chosen() if provider is None else provider
        return _registry_of(folders, threads, on, tuple(map(_look, files)))

    def cards(self, task: str | None = None) -> tuple[Card, ...]:
        """List the cards of a task, or all, in the order in which they would be chosen."""
        return tuple(
            card
            for card in self._cards.values()
            if task in (None, card.task)
            and (self._licenses is None or card.license in self._licenses)
        )

    def card(self, task: str, *, scale: int | None = None, name: str | None = None) -> Card:
        """Choose the network for a task.

        Args:
            task: What it is for.
            scale: How many times larger its output must be; None takes any.
            name: If given, that network and no other.

        Raises:
            ModelError: There is none.
        """
        for card in self.cards(task):
            if scale in (None, card.scale) and name in (None, card.name):
                return card
        wanted = f"task {task!r}"
        wanted += f" at scale {scale}" if scale is not None else ""
        wanted += f" named {name!r}" if name is not None else ""
        known = ", ".join(_called(card) for card in self.cards(task)) or "none"
        also = f"; {len(self.problems)} cards could not be read" if self.problems else ""
        raise ModelError(
            f"no network for {wanted} (for this task there is: {known}{also})",
            fix="see `photochrom models list`",
        )

    def network(self, task: str, *, scale: int | None = None, name: str | None = None) -> Network:
        """Return the network for a task, loading and verifying it on first use.

        Args:
            task: What it is for.
            scale: How many times larger its output must be; None takes any.
            name: If given, that network and no other.

        Raises:
            ModelError: There is none, or its file is not what the card says.
        """
        card = self.card(task, scale=scale, name=name)
        with self._lock:
            if card.name not in self._networks:
                self._networks[card.name] = Network(
                    card, self.file(card), threads=self._threads, provider=self.provider
                )
            return self._networks[card.name]

    def named(self, name: str) -> Card:
        """Return the card of this name, whatever its task.

        Raises:
            ModelError: There is none.
        """
        for card in self.cards():
            if card.name == name:
                return card
        raise ModelError(f"no network named {name!r}", fix="see `photochrom models list`")

    def file(self, card: Card) -> Path:
        """Return where a card's file lies, or would lie once pulled."""
        return self._paths[card.name].parent / card.file

    def verify(self, card: Card) -> None:
        """Check a card's files without loading them.

        Raises:
            ModelError: One is missing or differs from the card's digest.
        """
        for name in card.files:
            verified(card, self.file(card).with_name(name))

    def _read(self, path: Path) -> None:
        try:
            card = Card.from_toml(path.read_text(encoding="utf-8"), path)
        except ModelError as error:
            self.problems.append(error)
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(ModelError(f"the card cannot be read ({error})", where=path))
        else:
            if card.name in self._cards:
                first = self._paths[card.name]
                self.problems.append(
                    ModelError(
                        f"a network named {card.name!r} exists already ({first})",
                        where=path,
                        fix="give this card another name",
                    )
                )
            else:
                self._cards[card.name] = card
                self._paths[card.name] = path


def _called(card: Card) -> str:
    return f"{card.name} x{card.scale}" if card.scale > 1 else card.name


def embedded_folder() -> Path:
    """Return the folder of the networks that come with photochrom."""
    return Path(__file__).parent / "weights"


def user_folders() -> tuple[Path, ...]:
    """Return the folders of the user's own networks: `$PHOTOCHROM_MODELS`, or the platform's."""
    if named := os.environ.get(MODELS_VARIABLE):
        return tuple(expanded(part, ModelError) for part in named.split(os.pathsep) if part)
    return (platformdirs.user_data_path("photochrom", appauthor=False) / "models",)


_Look = tuple[str, int, int, int]


def _look(path: Path) -> _Look:
    status = path.stat()
    return path.name, status.st_size, status.st_mtime_ns, status.st_ino


@lru_cache(maxsize=4)
def _registry_of(
    folders: tuple[Path, ...], threads: int | None, provider: Provider, looks: tuple[_Look, ...]
) -> Registry:
    return Registry(folders, threads=threads, provider=provider)
