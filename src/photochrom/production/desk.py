"""A production opened for work: the one way to its scans, results, sounds and the plan of its film.

Builds, previews, frames, sheets and exports all begin here, and ask for as much as they need.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from photochrom.engine import (
    PAUSED,
    RESUMED,
    Event,
    Failure,
    Input,
    State,
    Task,
    is_cluster,
)
from photochrom.errors import PhotochromError, ProductionError, StoppedError
from photochrom.film.sound.narration import unspoken
from photochrom.film.storyboard import Film
from photochrom.places import public
from photochrom.production.outputs import Outputs
from photochrom.production.result import Failed, Scans
from photochrom.production.workbench import Bench
from photochrom.sidecar import sidecar_of
from photochrom.threads import usable_cores

if TYPE_CHECKING:
    from photochrom.film.sound.schedule import Soundtrack
    from photochrom.orders import Order, Pictures
    from photochrom.production.footage import Screening
    from photochrom.production.narrating import Narrator


@dataclass(frozen=True)
class Desk(Bench):
    """A production opened for work, and what is asked of it."""

    @cached_property
    def outputs(self) -> Outputs:
        """The output folder."""
        return Outputs(self.file, self.ledger, self.force)

    @cached_property
    def unspoken(self) -> list[str]:
        """Texts that nobody has recorded."""
        return unspoken(self.file.storyboard()) if self.file.production.shots else []

    @cached_property
    def narrator(self) -> Narrator | None:
        """Who speaks what nobody has recorded, if there is anything and anybody.

        Raises:
            StoryboardError: The engine is not installed, or does not speak the language.
        """
        if self.narrate is None or not self.unspoken:
            return None
        from photochrom.production.narrating import narrator

        return narrator(self.file, self.narrate)

    def with_film(self) -> Desk:
        """This; a ProductionError if the production has no film."""
        if not self.file.production.shots:
            raise ProductionError(
                "has no film", where=self.file.where, fix="add [[shot]] tables: docs/storyboard.md"
            )
        return self

    def scans(self, ids: Collection[str] | None = None) -> Scans:
        """The originals, of all photographs or of some.

        Raises:
            StoppedError: By `control`.
        """
        numbered = enumerate(self.file.production.photographs)
        entries = [(index, one) for index, one in numbered if ids is None or one.id in ids]
        digests: dict[str, str] = {}
        failed: list[Failed] = []
        for done, (index, entry) in enumerate(entries, start=1):
            self._heed("scans", done - 1, len(entries))
            try:
                digests[entry.id] = self._scanned(self.file.scan(entry).file)
            except PhotochromError as refused:
                failed.append(Failed(entry.id, "scans", Failure.of(refused)))
            except OSError as cause:
                name = public(entry.file)
                what = f"'photograph {index + 1}, file' is \"{name}\", and cannot be read"
                loc = ("photograph", index, "file")
                error = self.file.error(f"{what} ({cause.strerror})", *loc)
                failed.append(Failed(entry.id, "scans", Failure.of(error)))
            self.progress(Event("scans", entry.id, done, len(entries), "looked at", 1.0))
        return Scans(digests, tuple(failed))

    def _heed(self, stage: str, done: int, total: int) -> None:
        """Waits as long as there is a pause, between pieces of work of no engine."""
        if self.control.state is State.PAUSED:
            self.progress(Event(stage, "", done, total, PAUSED))
            if self.control.goes_on():
                self.progress(Event(stage, "", done, total, RESUMED))
        if self.control.is_ending:
            raise StoppedError("stopped", fix="run the same again to go on")

    def _scanned(self, scan: Path) -> str:
        """The digest of a scan; what is written beside it must be readable, too."""
        if sidecar_of(scan) is not None:
            from photochrom.photograph import sidecar_digest

            sidecar_digest(scan)
        return self.ledger.digest(scan)

    def orders(self, scans: Scans) -> dict[str, tuple[Order, Task]]:
        """What is ordered of each scan, and the task for it.

        Raises:
            PhotochromError: A recipe does not hold together, or there is no network for it.
        """
        from photochrom.nets import Registry
        from photochrom.orders import task_for
        from photochrom.production.agreeing import agreeing

        registry = Registry.default()
        orders = agreeing(self.file.production, self._ordered(scans), registry)
        return {id: (order, task_for(order, registry)) for id, order in orders.items()}

    def _ordered(self, scans: Scans) -> dict[str, Order]:
        """What is ordered of each scan by itself."""
        from photochrom.production.pictures import order_for

        # Of several that run side by side on this machine, each has its share of the cores.
        side_by_side = max(1, min(self.workers, len(scans.digests)))
        threads = 1 if is_cluster(self.engine) else max(1, usable_cores() // side_by_side)
        return {
            entry.id: order_for(self.file, index, scans.digests[entry.id], threads)
            for index, entry in enumerate(self.file.production.photographs)
            if entry.id in scans.digests
        }

    def built(self) -> tuple[Scans, dict[str, Pictures]]:
        """The scans that the film shows, and the results of them that are up to date, in its order.

        Raises:
            PhotochromError: A scan cannot be read, or a recipe does not hold together.
        """
        from photochrom.orders import results_of
        from photochrom.production.footage import shown

        wanted = shown(self.file)
        scans = self.scans(wanted)
        for one in scans.failed:
            raise one.failure.as_error(ProductionError)
        orders = self.orders(scans)
        found = ((id, self.store.get(orders[id][1].key)) for id in wanted)
        pictures = {id: results_of(folder, orders[id][0]) for id, folder in found if folder}
        return Scans({id: scans.digests[id] for id in wanted}), pictures

    def footage(self) -> tuple[Scans, dict[str, Pictures]]:
        """The same where all that the film shows has to be there.

        Raises:
            ProductionError: Some of it has not been made.
            PhotochromError: As `built`.
        """
        from photochrom.production.footage import shown

        # Who only asks is not given a cache.
        scans, pictures = self.built() if self.file.cache.is_dir() else (Scans({}), {})
        missing = [id for id in shown(self.file) if id not in pictures]
        if not missing:
            return scans, pictures
        named = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if missing[3:] else "")
        raise ProductionError(
            f"the restored picture of {named} is not there or not up to date",
            where=self.file.where,
            fix=f"run first: photochrom make {self.file.where}",
        )

    def voices(self) -> Callable[[str | None], str] | None:
        """Says of a recording who speaks in it."""
        if self.narrator is None:
            return None
        return self.narrator.voices(self.unspoken, self.store)

    def screening(
        self,
        scans: Scans,
        pictures: Mapping[str, Pictures],
        track: Soundtrack,
        *,
        small: bool = False,
        changed: Callable[[Film], Film] = lambda film: film,
    ) -> Screening:
        """Plans the film.

        Args:
            scans: At least those that the film shows.
            pictures: Results; what has none is shown as it was scanned.
            track: What is heard, from `hearing.track`.
            small: Show small copies of the pictures.
            changed: Gives other settings of the film.

        Raises:
            PhotochromError: It cannot be filmed, or a picture cannot be read.
        """
        from photochrom.film.plan import Plan
        from photochrom.production.footage import (
            Screening,
            described,
            labels,
            shown,
            storyboard_of,
        )
        from photochrom.production.looks import Looks, detector_named

        known = described(self.file, pictures)
        scanned = [id for id in shown(self.file) if id not in known]
        statement = "" if self.narrator is None else self.narrator.statement
        storyboard = storyboard_of(self.file, known, scanned, statement)
        if self.narrator is not None:
            storyboard = self.narrator.recorded(storyboard, self.store)
        storyboard = storyboard.model_copy(update={"film": changed(storyboard.film)})
        files = {id: self._files(id, scans, pictures) for id in shown(self.file)}
        detector = detector_named(storyboard.film.faces)
        looks = Looks(files, storyboard.shots, small, detector)
        self.run_all("views", looks.tasks())
        plan = Plan.of(
            storyboard, looks.stills(self.store), track, labels(known, storyboard.film.say)
        )
        return Screening(self.file, plan, pictures, known)

    def _files(
        self, id: str, scans: Scans, pictures: Mapping[str, Pictures]
    ) -> tuple[Input, Input, Input]:
        """Scan, gray and colored picture of a photograph."""
        entry = self.file.production.entry(id)
        # Two pages of one file are two pictures.
        scan = Input(self.file.resolve(entry.file), self.file.scan(entry).digest(scans.digests[id]))
        if id not in pictures:
            return scan, scan, scan
        if (trimmed := pictures[id].scan) is not None:
            scan = Input(trimmed, self.ledger.digest(trimmed))
        gray, color = (
            Input(path, self.ledger.digest(path))
            for path in (pictures[id].gray, pictures[id].color)
        )
        return scan, gray, color
