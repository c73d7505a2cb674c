"""Making a film, as the handler of a job: what is staged is built as any production is."""

from __future__ import annotations

from pathlib import Path

import av

from photochrom.engine import is_cluster
from photochrom.errors import PhotochromError, ProductionError, StoppedError
from photochrom.production import BuildResult, ProductionFile, build, draft
from photochrom.production.sidecars import POSTER, SUFFIXES
from photochrom.service.films.repository import Films
from photochrom.service.films.stage import Stage
from photochrom.service.films.tables import Film
from photochrom.service.jobs.away import away_of
from photochrom.service.jobs.queue import LostError
from photochrom.service.jobs.run import JobRun
from photochrom.service.jobs.states import Wish
from photochrom.service.photographs import DELETED
from photochrom.service.photographs.repository import Photographs
from photochrom.service.productions.reading import NAME, placed, read
from photochrom.service.productions.repository import Productions
from photochrom.service.results.keeping import keep
from photochrom.service.results.repository import Results
from photochrom.service.results.tables import ResultKind
from photochrom.service.usage.repository import Usage
from photochrom.service.usage.tables import Did

_KINDS = {
    ".srt": ResultKind.CAPTIONS,
    ".vtt": ResultKind.CAPTIONS,
    ".descriptions.vtt": ResultKind.DESCRIPTIONS,
    ".cues.csv": ResultKind.CUE_SHEET,
    ".cues.html": ResultKind.CUE_SHEET,
    POSTER: ResultKind.POSTER,
}


def film(run: JobRun) -> str:
    """Makes the film of a job; returns how it ended.

    Raises:
        StoppedError: It was to stop; what was finished is kept.
        PhotochromError: Something that the film shows could not be made.
    """
    with run.reading() as session:
        row = Films(session).get(run.subject)
    stage = Stage.of(run.context, run.organization, row.id)
    try:
        said = _made(run, row, stage)
    except LostError:
        raise  # Whoever has it now may be at work in there.
    except StoppedError:
        if run.wish is Wish.CANCEL and not run.is_lost:
            stage.clear()
        raise
    except Exception as error:
        # One that waits for what does not answer goes on with what it has brought here.
        if not (isinstance(error, PhotochromError) and away_of(error) is not None):
            stage.clear()
        raise
    stage.clear()
    return said


def _made(run: JobRun, row: Film, stage: Stage) -> str:
    text = row.toml if row.toml is not None else _drafted(run, row, stage)
    file = _staged(run, row, stage, text)
    settings = run.context.settings
    # With more than one, pictures are decoded in processes that can die without us.
    workers = settings.workers if is_cluster(settings.engine) else max(2, settings.workers or 2)
    try:
        result = build(
            file, jobs=workers, engine=settings.engine, progress=run.progress, control=run.control
        )
    except ProductionError as error:
        raise _plain(error, stage) from error
    if result.film is None:
        raise PhotochromError(_said(result, stage))
    _keep(run, row, file)
    return f"{row.title}: made in {result.seconds:.0f} s"


def _drafted(run: JobRun, row: Film, stage: Stage) -> str:
    """The production file, drafted from photographs; from now on it is the production's."""
    with run.reading() as session:
        production = Productions(session).get(row.production_id)
        if production.toml is not None:
            return production.toml
        said = production.draft or {}
        rows = Photographs(session).named(said.get("photographs", []))
    wanted = [rows[id] for id in said.get("photographs", []) if id in rows]
    folder, ids = stage.to_draft(wanted)
    drafted = draft(
        folder,
        output=stage.root / NAME,
        title=production.title,
        length=said.get("seconds"),
        progress=run.progress,
    )
    text = drafted.text
    for name, id in ids.items():
        text = text.replace(f'"{folder.name}/{name}"', f'"{id}/{name}"')
    read(text)
    with run.writing() as session:
        production = Productions(session).get(row.production_id, change=True)
        if production.toml is None:
            # Whoever has read it without a file writes none over this one unasked.
            production.toml, production.revision = text, production.revision + 1
        film = Films(session).get(row.id)
        film.toml, film.revision = production.toml, production.revision
        film.photographs = list(read(production.toml).photographs)
        return production.toml


def _staged(run: JobRun, row: Film, stage: Stage, text: str) -> ProductionFile:
    with run.reading() as session:
        assets = Productions(session).assets(row.production_id)
        found = read(text, [one.name for one in assets])
        rows = Photographs(session).named(found.photographs)
    for id in found.photographs:
        if id not in rows:
            raise PhotochromError(DELETED, where=id)
    near = stage.photographs(rows[id] for id in found.photographs)
    stage.assets(one for one in assets if one.name in found.assets)
    return placed(found.file, stage.root / NAME, stage.cache, near)


def _keep(run: JobRun, row: Film, file: ProductionFile) -> None:
    """Keeps the film in all its versions, with what lies beside it."""
    files: dict[Path, ResultKind] = {}
    for version in file.versions():
        files[version.film] = ResultKind.FILM
        for suffix in (*SUFFIXES, POSTER):
            beside = version.film.with_name(version.film.stem + suffix)
            if not _is_empty(beside):
                files[beside] = _KINDS[suffix]
    seconds = sum(_seconds(path) for path, kind in files.items() if kind is ResultKind.FILM)
    rows = keep(run.context, run.organization, row.id, "", files)
    with run.writing() as session:
        Results(session).replace(row.id, "", rows)
        Usage(session).count(run.organization, Did.FILMED, row.id, amount=seconds)
    run.count(done=1, failed=0, total=1)


def _is_empty(file: Path) -> bool:
    """Whether it is a track of text without a text, which players would offer all the same."""
    return file.suffix in (".srt", ".vtt") and "-->" not in file.read_text("utf-8")


def _seconds(film: Path) -> float:
    """How long a film is."""
    with av.open(str(film)) as container:
        return (container.duration or 0) / av.time_base


def _said(result: BuildResult, stage: Stage) -> str:
    lines = [str(one) for one in result.failed] or ["the film was not made"]
    return "; ".join(lines).replace(f"{stage.root}/", "")


def _plain(error: PhotochromError, stage: Stage) -> PhotochromError:
    """An error without the place where the service keeps things."""
    return PhotochromError(str(error).replace(f"{stage.root}/", ""))
