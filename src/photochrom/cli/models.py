"""`photochrom models`: the networks there are."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click


@click.group("models", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List, show, fetch and verify networks. Without a subcommand: list."""
    if context.invoked_subcommand is None:
        context.invoke(list_)


@command.command("list")
@click.option("--license", "licenses", multiple=True, help="Only networks under this license.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a network.")
def list_(licenses: tuple[str, ...] = (), as_json: bool = False) -> None:
    """List the networks, those that are used by default first."""
    from photochrom.nets import Registry

    for card in Registry.default().cards():
        if licenses and card.license not in licenses:
            continue
        if as_json:
            print(card.model_dump_json())
        else:
            scale = f" x{card.scale}" if card.scale > 1 else ""
            print(f"{card.name:<16}{card.task + scale:<14}{card.license:<14}{card.description}")


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
