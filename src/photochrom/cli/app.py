"""The command `photochrom`: finds a command's file when it is asked for, and reports errors."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn, cast

import click

from photochrom._version import __version__
from photochrom.cli.signals import TERMINATED
from photochrom.errors import PhotochromError, StoppedError

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "restore": "photochrom.cli.restore",
        "compare": "photochrom.cli.compare",
        "plan": "photochrom.cli.plan",
        "new": "photochrom.cli.new",
        "check": "photochrom.cli.check",
        "pins": "photochrom.cli.pins",
        "colors": "photochrom.cli.colors",
        "make": "photochrom.cli.make",
        "film": "photochrom.cli.film",
        "cache": "photochrom.cli.cache",
        "inspect": "photochrom.cli.inspect",
        "verify": "photochrom.cli.verify",
        "report": "photochrom.cli.report",
        "age": "photochrom.cli.age",
        "models": "photochrom.cli.models",
        "recipe": "photochrom.cli.recipe",
        "serve": "photochrom.cli.serve",
        "executor": "photochrom.cli.serve:executor",
        "backup": "photochrom.cli.backup",
        "restore-backup": "photochrom.cli.backup:restore",
        "database": "photochrom.cli.database",
        "account": "photochrom.cli.account",
    }
)

_STOPPED = "stopped; run the same command again to go on"


class LazyGroup(click.Group):
    """Imports the file of a command only when that command is named or listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        return cast(click.Command, getattr(importlib.import_module(module), name or "command"))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(error.message + _meant(args[0]), ctx) from error


def _meant(word: str) -> str:
    """What somebody who wrote no command most likely meant, as the end of a message."""
    from photochrom.faults import nearest

    there = False
    with suppress(OSError, ValueError):  # what no file can be called
        there = Path(word).exists()
    if there:
        command = "make" if word.endswith(".toml") else "restore"
        named = f'"{word}"' if " " in word else word
        return f" To {command} it: photochrom {command} {named}"
    like = nearest(word, COMMANDS)
    return f" Did you mean '{like}'?" if like else ""


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="photochrom %(version)s")
def app() -> None:
    """Restore, sharpen and color vintage photographs, and film their story."""


def main() -> NoReturn:
    """Runs the command line; an error of ours is a line, and exit code 2."""
    try:
        code = app(standalone_mode=False)
        # What `--help` and `--version` print may still wait in a pipe whose reader is gone.
        sys.stdout.flush()
    except StoppedError:
        _say(_STOPPED)
        code = TERMINATED
    except PhotochromError as error:
        for line in error.lines:
            _say(line)
        code = 2
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        _say(_STOPPED)
        code = 130
    except BrokenPipeError:
        # Keeps the interpreter from flushing into the closed pipe once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code or 0)


def _say(line: str) -> None:
    print(f"photochrom: {line}", file=sys.stderr)
