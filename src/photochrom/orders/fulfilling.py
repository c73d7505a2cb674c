"""What workers do with an order: they restore, and write what is known into copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from photochrom.engine import Report
from photochrom.errors import PhotographError
from photochrom.files import write_text
from photochrom.nets import Provider, Registry
from photochrom.orders.glances import lenders_of
from photochrom.orders.order import SCAN, Order, beside_of, derivatives, gray_of, trimmed_of
from photochrom.orders.portions import WRITE, portions
from photochrom.record import Record, record_path
from photochrom.source import Source
from photochrom.threads import limited_threads

if TYPE_CHECKING:
    from photochrom.restored import Restored


def work(
    folder: Path, argument: tuple[Order, str, Provider], inputs: Mapping[str, Path], report: Report
) -> None:
    """Restores a photograph and fills a folder with its derivatives and its record.

    Networks run on what the key was made for, whatever the environment of the worker says.
    """
    from photochrom.photograph import Photograph
    from photochrom.restoration import restore

    order, key, provider = argument
    scan = Source.of(order.scan).on(inputs[SCAN])
    photograph = Photograph.open(scan)
    found = (photograph.info.sha256, photograph.info.sidecar)
    # Of what comes from elsewhere, whoever has brought it has made sure.
    if isinstance(order.scan, Path) and found != (order.sha256, order.sidecar):
        raise PhotographError(
            "was changed while it was being worked on", where=str(order.scan), fix="run it again"
        )
    portion = portions(order.recipe)

    def progress(step: str, done: float) -> None:
        report(step, portion(step, done))

    # Of several that run side by side each has its share of the cores.
    with limited_threads(order.threads):
        registry = Registry.default(threads=order.threads, provider=provider)
        restored = restore(
            photograph,
            order.recipe,
            emulsion=order.emulsion,
            year=order.year,
            pins=order.pins,
            lenders=lenders_of(order, inputs, registry),
            negative=order.negative,
            trim=order.trim,
            registry=registry,
            variants=order.variants,
            progress=progress,
        )
        progress(WRITE, 0.0)
        _write(restored, folder, order, key, scan)


def write_labels(
    folder: Path, argument: tuple[Order, str], inputs: Mapping[str, Path], report: Report
) -> None:
    """Writes what is known into copies of the derivatives, and their digests into the record."""
    from photochrom.photograph import relabel

    order, key = argument
    targets = derivatives(folder, order)
    made = []
    for number, target in enumerate(targets):
        report("label", number / len(targets))
        digest = relabel(inputs[target.name], target, order.known, strip=order.strip)
        made.append({"file": target.name, "sha256": digest})
    record = record_path(targets[0])
    said = replace(Record.open(inputs[record.name]), derivatives=made, order=key)
    write_text(record, said.to_json())


def _write(restored: Restored, folder: Path, order: Order, key: str, scan: Path) -> None:
    pictures = derivatives(folder, order)
    record = restored.save(*pictures, quality=order.quality, strip=order.strip, order=key)
    if order.beside:
        made = []
        for one, path in zip(order.beside, beside_of(folder, order), strict=True):
            digest = one.write(path, restored, scan, pictures[0])
            made.append({"file": path.name, "sha256": digest})
        write_text(record_path(pictures[0]), replace(record, beside=made).to_json())
    if order.gray and not restored.shows_own_light:
        restored.save_gray(gray_of(folder))
    if order.gray and record.geometry is not None:
        restored.save_scan(trimmed_of(folder))
