"""From scans to the restored pictures of a production."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from photochrom.engine import Failure, Task
from photochrom.production.desk import Desk
from photochrom.production.publishing import put, together
from photochrom.production.result import Failed, Published, Restored, Scans
from photochrom.variant import LETTERS

if TYPE_CHECKING:
    from pathlib import Path

    from photochrom.orders import Order, Pictures


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
    blind = _looked(desk, orders)
    for id, why in blind.items():
        failed.append(desk.failed(id, "pictures", why))
    tasks = [task for id, (_, task) in orders.items() if id not in blind]
    # What may turn out not to be there comes first: it is told before all others are made.
    tasks.sort(key=lambda task: not _wants_variant(orders[task.item][0]))
    for outcome in desk.run("pictures", tasks):
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


def _wants_variant(order: Order) -> bool:
    return getattr(order.recipe.params.get("color"), "variant", LETTERS[0]) != LETTERS[0]


def _looked(desk: Desk, orders: Mapping[str, tuple[Order, Task]]) -> dict[str, Failure]:
    """Takes the glances that are wanted; gives the photographs that lack one, and why."""
    missing: dict[str, Failure] = {}
    tasks = _glances(desk, orders)
    for outcome in desk.run("glances", tasks) if tasks else ():
        if outcome.folder is None:
            missing[outcome.task.item] = outcome.failure or Failure("not looked at")
    return {
        id: missing[one.name]
        for id, (order, _) in orders.items()
        for one in order.companions
        if one.name in missing
    }


def _glances(desk: Desk, orders: Mapping[str, tuple[Order, Task]]) -> list[Task]:
    """The tasks of the glances that pictures want which are still to be made."""
    from photochrom.nets import Registry
    from photochrom.orders import glance_task

    wanted = {one.name for order, _ in orders.values() for one in order.companions}
    if not wanted:
        return []
    registry = Registry.default()
    tasks = [glance_task(order, registry) for id, (order, _) in orders.items() if id in wanted]
    # What others will need that are changed later is kept, also where nothing is made now.
    desk.note_needed(tasks)
    asked = {
        one.name
        for order, task in orders.values()
        if desk.anew(task.key) or not desk.store.has(task.key)
        for one in order.companions
    }
    return [task for task in tasks if task.item in asked]


def _targets(desk: Desk, shown: Pictures) -> Mapping[Path, Path]:
    return {path: desk.file.folder / "pictures" / path.name for path in shown.published}
