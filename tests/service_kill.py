"""A service with small jobs that leave a trace, for tests that kill it.

python -m service_kill work     an executor
python -m service_kill serve    the service, with a route that takes jobs
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

from fastapi import APIRouter, Depends

from photochrom.errors import StoppedError
from photochrom.service import app, work
from photochrom.service.access.guards import AnyContext, anyone
from photochrom.service.core import clock
from photochrom.service.core.database import EVERYONE
from photochrom.service.events.repository import announce
from photochrom.service.jobs.repository import Jobs
from photochrom.service.jobs.run import JobRun, Kind
from photochrom.service.jobs.states import ItemState, Lane
from photochrom.service.serve import serve
from photochrom.service.settings import Settings

KIND = "small"
ITEMS = ("ph_a", "ph_b", "ph_c")
ORGANIZATION = "or_kill"
BACK = "SERVICE_KILL_CLOCK"
"""Hours by which the clock of an executor goes back with each start."""

router = APIRouter(prefix="/kill", dependencies=[Depends(anyone)])


@router.post("/{name}")
def accept(name: str, context: AnyContext) -> str:
    """Takes a job on."""
    with context.database.writing(EVERYONE) as session:
        return Jobs(session).accept(ORGANIZATION, KIND, name, "us_x", items=ITEMS).id


def handler(run: JobRun) -> str:
    """Does each item once, however often it is called: the trace is written with its state."""
    with run.reading() as session:
        todo = [one.subject for one in Jobs(session).items(run.held.job, ItemState.WAITING)]
    for subject in todo:
        if run.control.is_ending:
            raise StoppedError("stopped")
        with run.writing() as session:
            run.item(session, subject, ItemState.DONE)
            announce(session, run.organization, "made", subject, {}, run.held.job)
    return "made"


def _set_clock_back(data: Path) -> None:
    """Each start of a process of these has an earlier time than the one before."""
    hours = int(os.environ.get(BACK, "0"))
    if hours:
        data.mkdir(parents=True, exist_ok=True)
        starts = data / "starts"
        with starts.open("ab") as file:
            file.write(b".")
        shift, true = timedelta(hours=hours * starts.stat().st_size), clock.now
        for module in list(sys.modules.values()):
            if getattr(module, "now", None) is true:
                module.now = lambda: true() - shift  # type: ignore[attr-defined]


if __name__ == "__main__":
    data = Path(os.environ["PHOTOCHROM_SERVICE_DATA"])
    _set_clock_back(data)
    if sys.argv[1] == "work":
        sys.exit(work.main([Kind(KIND, Lane.HEAVY, handler)]))
    app.DOMAINS += (router,)
    command = (sys.executable, "-m", "service_kill", "work")
    serve(Settings.read(), lambda line: print(line, flush=True), command)
