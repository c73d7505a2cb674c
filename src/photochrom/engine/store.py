"""What a store is: results by key, each a folder of files, wherever they are kept."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from photochrom.engine.folder import FolderStore, Result
from photochrom.engine.gone import GoneError
from photochrom.engine.task import Input, Stored

__all__ = ["FolderStore", "Result", "Store", "there"]


class Store(Protocol):
    """Results by key, each a folder of files.

    Stores travel to workers, which open them themselves; whatever a store is, what it hands out are
    folders on the machine where it is asked.
    """

    def has(self, key: str) -> bool:
        """Whether there is a result of a key."""
        ...

    def get(self, key: str) -> Path | None:
        """The folder with the result of a key, or None if there is none yet."""
        ...

    def at_home(self) -> Store:
        """This store as a machine opens it on which it was not made."""
        ...

    def named(self, path: Path) -> Stored | None:
        """How a file in a folder that `get` has given is named on every machine; None if it is in
        no such folder."""
        ...

    def lent(self, file: Input) -> Input | Stored:
        """How other machines come by a file of this one."""
        ...

    def key_lent(self, file: Input) -> str | None:
        """Under which key a file lies here once it is lent; None if it stays where it is."""
        ...

    def writing(
        self, key: str, kind: str = "", *, replace: bool = False
    ) -> AbstractContextManager[Path]:
        """An empty folder to fill; it becomes the result when the block ends without an error.

        What is there already stays, and what was written is thrown away, unless it is to be
        replaced. Replacing, too, happens when the block ends, and with the whole result: nobody
        ever finds files of both. Whoever has a file of the old one open reads on; whoever has only
        its folder may find the new one, or none, and asks again. Of several who replace at once
        each succeeds, and one of their results stays. A store of objects keeps its promise by
        putting the files under a new name and then, in one step, the note of which name holds.

        Args:
            key: Of the result.
            kind: What it is, for whoever looks at what the store holds.
            replace: Take the place of a result that is there.
        """
        ...

    def scratch(self) -> AbstractContextManager[Path]:
        """An empty folder that is gone, with whatever is in it, when the block ends."""
        ...

    def held(self, key: str) -> AbstractContextManager[None]:
        """Keeps others of this machine who do the same from the result of a key, until the block
        ends."""
        ...

    def forget(self, key: str) -> None:
        """Removes a result; no error if there is none."""
        ...

    def sweep(self) -> int:
        """Removes what killed processes left half-written; returns how many folders that were."""
        ...


def there(store: Store, key: str) -> Path:
    """The folder with the result of a key.

    Raises:
        GoneError: It is not there any more.
    """
    folder = store.get(key)
    if folder is None:
        raise GoneError("a result has been removed meanwhile", fix="run it again")
    return folder
