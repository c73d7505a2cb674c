"""Commands of photochrom in `deploy/` are commands that parse."""

from __future__ import annotations

import re
import shlex

import click
import pytest

from deploy_kit import DEPLOY, parsed
from photochrom.cli.app import app


def _lines() -> list[str]:
    """What comes after "photochrom" where it is called in README and manifests."""
    shell = re.findall(r"```sh\n(.*?)```", (DEPLOY / "README.md").read_text(), flags=re.DOTALL)
    text = "\n".join(shell).replace("\\\n", " ")
    told = re.findall(r"\b(?:exec .*photochrom|run .* (?:photochrom:\S+|web))\s+(.*)", text)
    return [*told, parsed("rayjob.yaml")["spec"]["entrypoint"].removeprefix("photochrom ")]


def test_they_are_found() -> None:
    assert len(_lines()) == 5


@pytest.mark.parametrize("line", _lines())
def test_a_command_parses(line: str) -> None:
    name, *words = shlex.split(line)
    context = click.Context(app, info_name="photochrom")
    command = app.get_command(context, name)
    assert command is not None
    command.make_context(name, words, parent=context)
