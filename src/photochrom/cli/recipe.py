"""`photochrom recipe`: list the presets, or print a recipe with every parameter written out."""

from __future__ import annotations

import click


@click.command("recipe")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """List the presets; with NAME (a preset or a .toml file), print that recipe in full.

    Redirect the output to a file to start a recipe of your own.
    """
    from photochrom.recipe import Recipe

    if name is None:
        for preset in Recipe.presets():
            click.echo(f"{preset}: {', '.join(Recipe.preset(preset).steps)}")
    else:
        click.echo(Recipe.open(name).to_toml(), nl=False)
