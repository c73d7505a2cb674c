"""From scans to the restored pictures of a production."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from photochrom.engine import Failure
from photochrom.production.desk import Desk
from photochrom.production.publishing import put, together
from photochrom.production.result import Failed, Published, Restored, Scans

if TYPE_CHECKING:
    from pathlib import Path

    from photochrom.orders import Pictures


def pictures(desk: Desk, scans: Scans) -> Restored:
    """Restores the photographs that are not up to date; each is published as soon as it is there.

    Args:
        desk: The production, opened.
        scans: Its originals.

    Raises:
        PhotochromError: A recipe does not hold together, or there is no network for it.
    """
    from photochrom.orders import label_for, results_of

    orders = desk.orders(scans)
    results: dict[str, Pictures] = {}
    failed: list[Failed] = []
    published: list[Published] = []
    labels: list[str] = []
    for outcome in desk.run("pictures", [task for _, task in orders.values()]):
        id = outcome.task.item
        if outcome.failure is not None or outcome.folder is None:
            failed.append(desk.failed(id, "pictures", outcome.failure or Failure("not made")))
            continue
        order = orders[id][0]
        found = shown = results_of(outcome.folder, order)
        made = desk.has_made(outcome.task.key)
        if (task := label_for(order, outcome.folder, outcome.task.key)) is not None:
            labelled = desk.run_here(task)
            if labelled.folder is None:
                failed.append(desk.failed(id, "pictures", labelled.failure or Failure("not made")))
                continue
            labels.append(task.key)
            shown = results_of(labelled.folder, order)
            made = made or desk.has_made(task.key)
        # They describe one another: none is put beside one that is not ours.
        published.append(put(desk, id, _targets(desk, shown), made=made, whole=True))
        # The film shows what was made, also where somebody else's picture is left in its place.
        results[id] = found
    put_there = together(published)
    return Restored(
        results,
        put_there.made,
        put_there.kept,
        (*failed, *put_there.failed),
        put_there.files,
        tuple(labels),
        put_there.left,
    )


def _targets(desk: Desk, shown: Pictures) -> Mapping[Path, Path]:
    return {path: desk.file.folder / "pictures" / path.name for path in shown.published}
