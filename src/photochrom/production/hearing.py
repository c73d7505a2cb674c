"""What is heard in a production's film: its sound files, and what an engine speaks."""

from __future__ import annotations

from photochrom.engine import Task
from photochrom.film.sound.reading import SoundFile, listening_to, missing
from photochrom.film.sound.schedule import Soundtrack, names_in, schedule
from photochrom.production.desk import Desk


def track(desk: Desk) -> Soundtrack:
    """All that is heard, in its place; what is to be spoken is spoken now.

    Args:
        desk: A production with a film, opened.

    Raises:
        StoryboardError: A file is not there or is no sound, or the film has no room for it; or
            a speech engine failed.
    """
    storyboard = desk.file.storyboard()
    if desk.narrator is not None:
        speaker = desk.narrator.speaker
        desk.run_all("narration", [speaker.task(text) for text in desk.unspoken])
        storyboard = desk.narrator.recorded(storyboard, desk.store)
    tasks: dict[str, Task] = {}
    for name in names_in(storyboard):
        path = desk.file.resolve(name)
        try:
            tasks[name] = listening_to(path, desk.ledger.digest(path))
        except FileNotFoundError:
            raise missing(path) from None
    folders = desk.run_all("sounds", list(tasks.values()))
    heard = {
        name: SoundFile.heard(folders[task.key], desk.file.resolve(name), task.argument)
        for name, task in tasks.items()
    }
    return schedule(storyboard, heard)
