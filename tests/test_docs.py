"""The docs say what there is: every command, option, parameter and link, and no other."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import click
import pytest

from photochrom.cli.app import app
from photochrom.recipe import Recipe
from photochrom.steps import STEPS

ROOT = Path(__file__).parents[1]
FOLDERS = [ROOT, *(ROOT / name for name in ("docs", "training", "deploy"))]
PAGES = sorted(page for folder in FOLDERS for page in folder.glob("*.md"))


def _commands(group: click.Group, name: str) -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    context = click.Context(group)
    for child in group.list_commands(context):
        command = group.get_command(context, child)
        assert command is not None
        found[f"{name} {child}"] = command
        if isinstance(command, click.Group):
            found |= _commands(command, f"{name} {child}")
    return found


COMMANDS = _commands(app, "photochrom")


def _sections(text: str) -> dict[str, str]:
    parts = re.split(r"^##+ (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_has_its_section_and_no_other() -> None:
    sections = _sections((ROOT / "docs/commands.md").read_text())
    assert sections.keys() == COMMANDS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_documented_and_no_other(name: str) -> None:
    section = _sections((ROOT / "docs/commands.md").read_text())[name]
    documented = set(re.findall(r"^\| `(--[a-z-]+)`", section, flags=re.MULTILINE))
    options = {
        max(param.opts, key=len)
        for param in COMMANDS[name].params
        if isinstance(param, click.Option)
    }
    assert documented == options


def _examples() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for block in re.findall(r"```sh\n(.*?)```", page.read_text(), flags=re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                words = line.split("#")[0].split(">")[0].strip()
                if words.startswith("photochrom "):
                    found.append((page.name, words))
    return found


@pytest.mark.parametrize(("page", "line"), _examples())
def test_every_example_is_a_command_that_parses(page: str, line: str) -> None:
    words = shlex.split(line)[1:]
    command: click.Command = app
    context = click.Context(app, info_name="photochrom")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words.pop(0))
        assert found is not None, f"{page}: {line}"
        command = found
    if words not in (["--version"], ["--help"]):
        command.make_context("photochrom", words, parent=context)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
        if not target.startswith(("http:", "https:")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_parameter_of_every_step_is_documented_with_its_default_and_no_other() -> None:
    sections = _sections((ROOT / "docs/recipes.md").read_text())
    for name, step in STEPS.items():
        rows = re.findall(r"^\| `([a-z_]+)` \|.*\| (\S.*) \|$", sections[name], flags=re.MULTILINE)
        params = step.params()
        # Some are left out of keys where they are the default.
        told = params.model_dump(mode="json")
        values = {key: told.get(key, getattr(params, key)) for key in step.params.model_fields}
        assert [row[0] for row in rows] == list(values), name
        for key, documented in rows:
            value = values[key]
            written = "the embedded one" if value is None else f"`{json.dumps(value)}`"
            assert documented == written, f"{name}.{key}"


def test_every_preset_is_documented() -> None:
    text = (ROOT / "docs/recipes.md").read_text()
    for name in Recipe.presets():
        assert f"`{name}`" in text


def test_every_environment_variable_is_documented() -> None:
    told = "".join(page.read_text() for page in PAGES)
    names = {
        name
        for path in (ROOT / "src").rglob("*.py")
        for name in re.findall(r'^[A-Z_]+(?:: Final)? = "(PHOTOCHROM_\w+)"', path.read_text(), re.M)
    }
    assert "PHOTOCHROM_CACHE" in names
    assert [name for name in sorted(names) if f"`{name}`" not in told] == []


def test_no_machine_is_named() -> None:
    for page in PAGES:
        assert not re.search(r"/(work|root|home)/", page.read_text()), page.name


def test_every_key_of_a_model_card_is_documented_and_no_other() -> None:
    from photochrom.nets import Card

    section = _sections((ROOT / "docs/networks.md").read_text())["The model card"]
    documented = re.findall(r"^\| `([a-z_0-9]+)` ", section, flags=re.MULTILINE)
    assert documented == ["schema", *Card.model_fields]


def test_the_model_card_of_the_docs_is_one() -> None:
    from photochrom.nets import Card

    section = _sections((ROOT / "docs/networks.md").read_text())["The model card"]
    text = re.search(r"```toml\n(.*?)```", section, flags=re.DOTALL)
    assert text is not None
    assert Card.from_toml(text[1], "docs/networks.md").scale == 4
