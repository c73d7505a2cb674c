"""Taking in, as the handler of a job."""

from __future__ import annotations

from photochrom.errors import StoppedError
from photochrom.service.intake.child import InterruptedLookError
from photochrom.service.intake.taking import take_in
from photochrom.service.jobs.run import JobRun


def intake(run: JobRun) -> str:
    """Looks into the photograph of a job; returns how it ended.

    Raises:
        StoppedError: Somebody ends processes here; it is looked into again.
    """
    try:
        take_in(run.context, run.subject)
    except InterruptedLookError as error:
        raise StoppedError("looking was interrupted") from error
    return "looked into"
