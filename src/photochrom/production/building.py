"""Building a production: whatever is not up to date is made, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from photochrom.engine import (
    Engine,
    Event,
    Failure,
    Ledger,
    Progress,
    Serial,
    Store,
    Workers,
    nobody,
)
from photochrom.errors import PhotochromError
from photochrom.film.sound.narration import unspoken
from photochrom.production.file import ProductionFile
from photochrom.production.machine import MEMORY_FOR_A_JOB, cores, film_jobs, memory
from photochrom.production.outputs import Outputs, usable
from photochrom.production.result import BuildResult
from photochrom.production.stamp import Stamp, inputs_digest, stamp_path

if TYPE_CHECKING:
    from photochrom.film.sound.reading import SoundFile
    from photochrom.production.narrating import Narrator
    from photochrom.production.pictures import Order, Pictures

_FILM = "film"
_SIDECARS = "sidecars"


def build(
    production: str | Path,
    *,
    force: bool = False,
    jobs: int | None = None,
    narrate: str | None = None,
    progress: Progress = nobody,
) -> BuildResult:
    """Builds the pictures and the film of a production.

    It may be stopped in any way at any moment; the next build goes on where it was. A photograph
    that fails does not stop the others, but the film is made only when all that it shows is there.

    Args:
        production: The production file.
        force: Make everything anew, and replace even results that somebody has changed.
        jobs: How many photographs or parts of the film are worked on at a time, each in a process
            of its own; 1 works in this process. By default as many as cores and memory allow.
        narrate: Speech engine that speaks narrations without a recording, or "auto" for the first
            that is installed; None leaves them silent.
        progress: Called with what happens.

    Raises:
        ProductionError: The file is not a production.
        RecipeError: A recipe does not exist or does not hold together.
        ModelError: A network that a recipe needs does not exist.
        StoryboardError: A sound file is not there or is no sound, or does not fit the film; or no
            speech engine is there that can do what is asked.
    """
    started = time.monotonic()
    file = ProductionFile.open(production)
    building = _Building(file, force, jobs, narrate, progress)
    with usable(file.cache):
        film = building.run()
    return BuildResult(
        tuple(building.made),
        tuple(building.kept),
        tuple(building.failed),
        film,
        time.monotonic() - started,
        building.loudness,
        building.silent,
    )


class _Building:
    """One build under way, and what has come of it so far."""

    def __init__(
        self,
        file: ProductionFile,
        force: bool,
        jobs: int | None,
        narrate: str | None,
        progress: Progress,
    ):
        self.made: list[str] = []
        self.kept: list[str] = []
        self.failed: list[str] = []
        self.loudness: str | None = None
        self.silent = len(unspoken(file.storyboard())) if file.production.shots else 0
        self._narrator: Narrator | None = None
        if narrate is not None and self.silent:
            from photochrom.production.narrating import narrator

            self._narrator = narrator(file, narrate)
            self.silent = 0
        self._speech = "" if self._narrator is None else self._narrator.speaker.key
        self._file = file
        self._force = force
        self._jobs = jobs
        self._progress = progress
        self._store = Store(file.cache)
        self._ledger = Ledger(file.cache)
        self._outputs = Outputs(file, self._store, self._ledger, force)
        self._traces: list[str] = []
        self._labels: list[str] = []

    def run(self) -> Path | None:
        """Builds, and returns the film if there is one."""
        originals = self._originals()
        place = stamp_path(self._file)
        stamp = Stamp.read(place)
        if stamp is not None and not (self._force or self.failed):
            inputs = inputs_digest(self._file, originals, stamp.watched, self._speech)
            if stamp.holds(inputs, self._ledger):
                self.kept += [*originals, *([_FILM, _SIDECARS] if stamp.film_keys else [])]
                return self._film_path if stamp.film_keys else None
        self._file.cache.mkdir(parents=True, exist_ok=True)
        self._store.sweep()
        from photochrom.production.footage import sounds_of

        # A voice that does not fit is told of before hours are spent on pictures.
        sounds = sounds_of(self._file, self._ledger, self._narrator, self._progress)
        pictures = self._pictures(originals)
        film_keys = self._film(pictures, originals, sounds)
        self._write_traces()
        if not self.failed:
            self._leave_stamp(originals, stamp, film_keys, place)
        return self._film_path if film_keys else None

    @property
    def _film_path(self) -> Path:
        return self._file.film

    def _originals(self) -> dict[str, str]:
        """The digest of each original that can be read, by id."""
        entries = self._file.production.photographs
        digests: dict[str, str] = {}
        for done, entry in enumerate(entries, start=1):
            path = self._file.resolve(entry.file)
            try:
                digests[entry.id] = self._ledger.digest(path)
            except OSError as error:
                self.failed.append(f"{entry.id}: {path}: cannot be read ({error.strerror})")
            self._progress(Event("scans", entry.id, done, len(entries), "looked at", 1.0))
        return digests

    def _pictures(self, originals: Mapping[str, str]) -> dict[str, Pictures]:
        """Makes what is missing, publishes it, and returns the results by id."""
        from photochrom.nets import Registry
        from photochrom.production.pictures import (
            labelling,
            order_for,
            published_of,
            results_of,
            task_for,
        )

        jobs = self._jobs or max(1, min(cores(), memory() // MEMORY_FOR_A_JOB))
        registry = Registry.default()
        orders: dict[str, Order] = {}
        for index, entry in enumerate(self._file.production.photographs):
            if entry.id in originals:
                threads = max(1, cores() // jobs)
                orders[entry.id] = order_for(self._file, index, originals[entry.id], threads)
        tasks = [task_for(order, registry) for order in orders.values()]
        if self._force:
            for task in tasks:
                self._store.forget(task.key)
        results: dict[str, Pictures] = {}
        with closing(self._engine(jobs).run("pictures", tasks, self._progress)) as outcomes:
            for outcome in outcomes:
                id = outcome.task.item
                labelled = outcome
                if outcome.failure is None:
                    labelled = labelling(orders[id], outcome, self._store, force=self._force)
                if labelled.failure is not None:
                    self._fail(id, labelled.failure)
                    continue
                assert outcome.folder is not None and labelled.folder is not None
                targets = {
                    path: self._file.folder / "pictures" / path.name
                    for path in published_of(labelled.folder, orders[id])
                }
                if labelled is not outcome:
                    self._labels.append(labelled.task.key)
                if self._publish(id, targets, made=not (outcome.kept and labelled.kept)):
                    results[id] = results_of(outcome.folder, orders[id])
        return results

    def _film(
        self,
        pictures: Mapping[str, Pictures],
        originals: Mapping[str, str],
        sounds: Mapping[str, SoundFile],
    ) -> tuple[str, ...]:
        """Makes the film and what belongs beside it unless they are there, and publishes them.

        Returns:
            Their keys, or nothing if the film could not be made or published.
        """
        if not self._file.production.shots:
            return ()
        from photochrom.production.filming import film
        from photochrom.production.footage import shown

        missing = [id for id in shown(self._file) if id not in pictures]
        if missing:
            self.failed.append(f"film: not made, because it shows {', '.join(missing)}")
            return ()
        try:
            filmed = film(
                self._file,
                pictures,
                originals,
                sounds,
                narrator=self._narrator,
                engine_for=self._engine_for_film,
                jobs=self._film_jobs,
                store=self._store,
                ledger=self._ledger,
                force=self._force,
                failed=self._fail,
                progress=self._progress,
            )
        except PhotochromError as error:
            self.failed.append(f"film: {error}")
            return ()
        self.loudness = None if filmed.loudness is None else str(filmed.loudness)
        beside = filmed.sidecars
        published = self._publish(_FILM, {filmed.path: self._film_path}, made=filmed.made)
        targets = {path: self._film_path.with_name(path.name) for path in beside.paths}
        self._publish(_SIDECARS, targets, made=beside.made, together=False)
        return (filmed.key, beside.key) if published else ()

    def _engine(self, jobs: int) -> Engine:
        return Serial(self._store) if jobs == 1 else Workers(self._store, jobs)

    def _engine_for_film(self, store: Store) -> Engine:
        jobs = self._film_jobs
        return Serial(store) if jobs == 1 else Workers(store, jobs)

    @property
    def _film_jobs(self) -> int:
        return self._jobs or film_jobs(self._file.production.film.size)

    def _publish(
        self, name: str, targets: Mapping[Path, Path], *, made: bool, together: bool = True
    ) -> bool:
        """Puts results where people look for them.

        Args:
            name: Whose they are.
            targets: Where each file goes.
            made: Whether they were made now.
            together: Stop at the first that cannot be put there, because the files describe one
                another; else the others are put there all the same.

        Returns:
            Whether all are there.
        """
        whole = True
        for source, target in targets.items():
            try:
                made = self._outputs.put(source, target) or made
            except PhotochromError as error:
                self.failed.append(f"{name}: {error}")
                whole = False
                if together:
                    break
        if whole:
            (self.made if made else self.kept).append(name)
        return whole

    def _fail(self, name: str, failure: Failure) -> None:
        line = f"{name}: {failure.message}"
        if failure.trace is not None:
            self._traces.append(f"{line}\n{failure.trace}")
            line += f" (a mistake of photochrom's; please report it with {self._trace_path})"
        self.failed.append(line)

    @property
    def _trace_path(self) -> Path:
        return self._file.cache / "failures.txt"

    def _write_traces(self) -> None:
        if self._traces:
            from photochrom.photograph import write_text

            write_text(self._trace_path, "\n".join(self._traces))

    def _leave_stamp(
        self,
        originals: Mapping[str, str],
        last: Stamp | None,
        film_keys: tuple[str, ...],
        place: Path,
    ) -> None:
        from photochrom.nets.registry import user_folders

        watched = tuple(str(folder) for folder in user_folders())
        inputs = inputs_digest(self._file, originals, watched, self._speech)
        labels = tuple(self._labels)
        Stamp(inputs, watched, self._outputs.published, film_keys, labels).write(place)
        # Parts of films stay, so that going back to the last film takes seconds; the film itself
        # is their sum, and would be kept twice for every word that was changed in it. So would
        # pictures with what was known of them.
        if last is not None:
            now = {*film_keys, *labels}
            for key in {*last.film_keys, *last.label_keys} - now:
                self._store.forget(key)
