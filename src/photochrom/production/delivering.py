"""Results that go to a bucket: brought there from the output folder, and only ours over ours."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from photochrom.engine import Event, Failure, Progress, nobody
from photochrom.errors import (
    PhotochromError,
    PhotographError,
    PlaceError,
    ProductionError,
    RetouchedError,
)
from photochrom.files import sha256_of
from photochrom.places import Place, Url, find, is_same, mark_of, put, read
from photochrom.production.file import ProductionFile
from photochrom.production.owning import owner_of, spare
from photochrom.production.result import Delivered, Failed, Left
from photochrom.production.shelves import Shelves
from photochrom.record import ENDING as RECORD
from photochrom.record import Record
from photochrom.threads import side_by_side

AT_ONCE = 4
"""Pictures, with what belongs to them, that are brought at a time."""

_STAGE = "results brought"
PICTURES = "pictures"
"""The folder of pictures in the output folder."""

_MEDIA = {
    ".tif": "image/tiff",
    ".jp2": "image/jp2",
    ".webp": "image/webp",
    ".json": "application/json",
    ".srt": "application/x-subrip",
    ".vtt": "text/vtt",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".mkv": "video/x-matroska",
}


def deliver(
    file: ProductionFile,
    files: Mapping[str, str],
    *,
    force: bool = False,
    progress: Progress = nobody,
) -> Delivered:
    """Brings results from the output folder to where the production wants them, if that is far.

    Pictures come first, each with its record last, then what lies beside the films, then the films.
    What lies there already is not sent again; what somebody else has put there is left.

    Args:
        file: The production.
        files: SHA-256 of each result in the output folder, by its path.
        force: Replace even what somebody else has put there.
        progress: Told of each.

    Raises:
        PlaceError: The bucket cannot be reached or written to. What has come there is there.
    """
    if file.far_folder is None:
        return Delivered()
    delivery = _Delivery(file, file.far_folder, files, Shelves(), force)
    sent: list[str] = []
    failed: list[Failed] = []
    left: list[Left] = []
    done = 0
    for stage in _stages(file, files):
        for group, one in side_by_side(delivery.bring, stage, AT_ONCE):
            sent += one.sent
            failed += one.failed
            left += one.left
            done += len(group)
            name = Path(group[0]).name
            progress(Event(_STAGE, name, done, len(files), _said(one), 1.0))
    ordered = tuple(sorted(failed, key=str)), tuple(sorted(left, key=str))
    return Delivered(tuple(sorted(sent)), *ordered)


def deliver_whole(
    file: ProductionFile, paths: Sequence[Path], *, force: bool = False, progress: Progress = nobody
) -> None:
    """Brings some results to where the production wants them, if that is a bucket.

    Args:
        file: The production.
        paths: Files; those that do not lie in the output folder stay where they are.
        force: As for `deliver`, like `progress`.

    Raises:
        ProductionError: Somebody else has put something there.
        RetouchedError: The same of what was ours.
        PlaceError: As for `deliver`.
    """
    if file.far_folder is None:
        return
    here, folder = (path.absolute() for path in paths), file.folder.absolute()
    files = {str(one): sha256_of(one) for one in here if one.is_relative_to(folder)}
    brought = deliver(file, files, force=force, progress=progress)
    for refused in brought.failed:
        raise refused.failure.as_error(ProductionError)
    for left in brought.left:
        raise RetouchedError(left.what, where=left.where, fix=left.fix)


def make_room_there(file: ProductionFile, path: Path, *, force: bool) -> None:
    """Makes sure, before it is made, that a result may go where the production wants it.

    Args:
        file: The production.
        path: Where in the output folder it is going to lie.
        force: As for `deliver`.

    Raises:
        PhotochromError: What belongs to another production lies there.
        PlaceError: The bucket cannot be asked.
    """
    if file.far_folder is None:
        return
    there = find(file.far_folder / path.relative_to(file.folder))
    if there is not None:
        spare(file, there, force=force)


@contextmanager
def written_at(place: Place) -> Iterator[Path]:
    """Where to write a file that is wanted somewhere; what is wanted elsewhere is brought there
    when the block ends well.

    Raises:
        ProductionError: Somebody else has put something there.
        PlaceError: It cannot be written there.
    """
    if isinstance(place, Path):
        yield place
        return
    with tempfile.TemporaryDirectory(prefix="photochrom-") as folder:
        path = Path(folder) / (place.name or "file")
        yield path
        there = find(place)
        if there is None:
            put(path, place)
        elif is_same(there, path, sha256_of(path)):
            return
        elif there.sha256 is None:
            raise _somebody_elses(place, " or name another")
        else:
            put(path, place, mode="replace", etag=there.etag)


def _somebody_elses(url: Url, more: str) -> ProductionError:
    what = "was changed, or put there, by somebody else and is left as it is"
    return ProductionError(what, where=str(url), fix=f"rename it to keep it{more}")


def _stages(file: ProductionFile, files: Mapping[str, str]) -> list[Sequence[Sequence[str]]]:
    """What is brought after what; each in groups, of which nothing comes after what is refused."""
    films = {str(one.film.absolute()) for one in file.versions()}
    folder = (file.folder / PICTURES).absolute()
    pictures: dict[str, list[str]] = {}
    for path in map(Path, files):
        if path.is_relative_to(folder):
            pictures.setdefault(_id(file, path.name), []).append(str(path))
    for group in pictures.values():
        # Where a record lies, all that it describes has come.
        group.sort(key=lambda path: (path.endswith(RECORD), path))
    single = [(one,) for one in files if not Path(one).is_relative_to(folder)]
    beside, last = ([one for one in single if (one[0] in films) is film] for film in (False, True))
    return [[*map(tuple, pictures.values())], beside, last]


def _id(file: ProductionFile, name: str) -> str:
    """Whose a picture is: an id may itself have dots in it."""
    ids = [one.id for one in file.production.photographs if name.startswith(f"{one.id}.")]
    return max(ids, key=len, default=name)


def _said(brought: Delivered) -> str:
    """What became of what belongs together, for progress."""
    if brought.failed:
        return "failed"
    if brought.left:
        return "left"
    return "brought" if brought.sent else "there"


def _is_described(file: ProductionFile, url: Url) -> bool:
    """Whether a record there says that we have put such a file there: another machine may have."""
    record = url.with_name(f"{_id(file, url.name)}{RECORD}")
    if url == record or (found := find(record)) is None:
        return False
    try:
        said = Record.from_json(read(record, found.etag).decode(), str(record))
    except (PhotographError, UnicodeDecodeError):
        return False  # Whatever it is, it says nothing of ours.
    return any(one["file"] == url.name for one in said.derivatives)


@dataclass(frozen=True)
class _Delivery:
    """Results on their way."""

    file: ProductionFile
    target: Url
    files: Mapping[str, str]
    shelves: Shelves
    force: bool

    def bring(self, group: Sequence[str]) -> Delivered:
        """Brings what belongs together, up to the first that has to stay as it is."""
        sent: list[str] = []
        folder = self.file.folder.absolute()
        for path in map(Path, group):
            name = path.relative_to(folder)
            try:
                if self._put(path, self.target / name, self.files[str(path)]):
                    sent.append(name.as_posix())
            except RetouchedError as error:
                return Delivered(tuple(sent), left=(Left.of(name.as_posix(), error),))
            except PhotochromError as error:
                if isinstance(error, PlaceError) and error.kind not in ("taken", "changed"):
                    raise
                return Delivered(
                    tuple(sent), (Failed(name.as_posix(), "deliver", Failure.of(error)),)
                )
        return Delivered(tuple(sent))

    def _put(self, path: Path, url: Url, sha256: str) -> bool:
        mirror, seen = self.file.mirror, self.shelves.find(url)
        if seen is not None and mirror.sent(url) == (mark_of(seen), sha256):
            return False
        there = None if seen is None else find(url)
        media, owner = _MEDIA.get(path.suffix), owner_of(self.file)
        if there is None:
            now = put(path, url, media_type=media, owner=owner)
        elif is_same(there, path, sha256):
            mirror.note_sent(there, sha256, found=True)
            return False
        elif there.sha256 is None and not self.force:
            raise self._to_stay(url)
        else:
            spare(self.file, there, force=self.force)
            now = put(path, url, mode="replace", etag=there.etag, media_type=media, owner=owner)
        mirror.note_sent(now, sha256)
        return True

    def _to_stay(self, url: Url) -> PhotochromError:
        """What is said of an object that somebody else has put there."""
        more = ", or run again with --force to replace it"
        if self.file.mirror.sent(url) is None and not _is_described(self.file, url):
            return _somebody_elses(url, more)
        what = "was changed by somebody, and is left as it is"
        return RetouchedError(what, where=str(url), fix=f"rename it to keep it{more}")
