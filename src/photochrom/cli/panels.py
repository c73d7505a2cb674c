"""Options of a command in panels of its `--help`, each under a title of its own."""

from __future__ import annotations

from typing import Any

import click

_REST = "Options"


class PanelOption(click.Option):
    """An option that stands in a panel.

    Args:
        panel: The panel's title.
    """

    def __init__(self, *names: Any, panel: str, **options: Any):
        super().__init__(*names, **options)
        self.panel = panel


class PanelCommand(click.Command):
    """A command whose help lists its panels, in the order of their options, and then the rest."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        panels: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            said = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if said is not None:
                panels.setdefault(getattr(param, "panel", _REST), []).append(said)
        for title in sorted(panels, key=lambda one: one == _REST):
            with formatter.section(title):
                formatter.write_dl(panels[title])
