"""Recipes: which steps, in which order, with which parameters.

A recipe is a small TOML file with a versioned schema::

    schema = "photochrom.recipe/1"
    name = "faithful"
    steps = ["tone", "repair", "clean", "clarity", "color", "grain"]

    [clarity]
    scale = 2

Each table is named after a step and holds its parameters, or is a word for them (`steps.words`);
what is not written takes the step's default. The presets are such files, in `presets`.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.resources import files
from itertools import takewhile
from pathlib import Path
from typing import Any

import tomli_w

from photochrom.emulsion import Tones
from photochrom.errors import RecipeError
from photochrom.recipe_text import SCHEMA, did_you_mean, line, params_of, upgraded
from photochrom.steps import STEPS
from photochrom.steps.plate import StepParams
from photochrom.toml_places import is_too_deep

_AFTER_CLARITY = ("sharpen", "color", "grain")

_PRESETS = files("photochrom") / "presets"


@dataclass(frozen=True)
class Recipe:
    """Which steps, in which order, with which parameters.

    Attributes:
        name: What people call it; does not change the result.
        steps: Names of steps in the order in which they run, each at most once.
        params: Parameters by step name, for every step in `steps`.
    """

    name: str
    steps: tuple[str, ...]
    params: Mapping[str, StepParams] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for step in self.steps:
            if step not in STEPS:
                raise RecipeError(f"there is no step {step!r}", fix=did_you_mean(step, STEPS))
        if len(set(self.steps)) != len(self.steps):
            raise RecipeError("a step is named twice", fix="name each step once")
        if not self.steps:
            raise RecipeError("no step is named", fix=f"choose from {', '.join(STEPS)}")
        full = {name: self.params.get(name) or STEPS[name].params() for name in self.steps}
        object.__setattr__(self, "params", full)

    # -- where recipes come from ------------------------------------------------------------

    @staticmethod
    def presets() -> tuple[str, ...]:
        """Names of the recipes that come with photochrom, the default first."""
        names = sorted(
            entry.name[:-5] for entry in _PRESETS.iterdir() if entry.name[-5:] == ".toml"
        )
        return tuple(sorted(names, key=lambda name: name != "faithful"))

    @classmethod
    def preset(cls, name: str) -> Recipe:
        """A recipe that comes with photochrom.

        Raises:
            RecipeError: There is none of that name.
        """
        if name not in cls.presets():
            raise RecipeError(f"there is no preset {name!r}", fix=did_you_mean(name, cls.presets()))
        return cls.from_toml((_PRESETS / f"{name}.toml").read_text("utf-8"), f"preset {name}")

    @staticmethod
    def about(name: str) -> str:
        """What a preset is for, in a sentence: the comment that its file begins with.

        Args:
            name: One of `presets()`.
        """
        text = (_PRESETS / f"{name}.toml").read_text("utf-8")
        lines = takewhile(lambda line: line.startswith("#"), text.splitlines())
        return " ".join(line.removeprefix("#").strip() for line in lines)

    @classmethod
    def open(cls, name_or_path: str | Path) -> Recipe:
        """A preset by its name, or a recipe file by its path (anything ending in .toml)."""
        if not str(name_or_path).endswith(".toml"):
            return cls.preset(str(name_or_path))
        path = Path(name_or_path)
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise RecipeError(f"cannot be read as a recipe ({error})", where=path) from error
        return cls.from_toml(text, path)

    @classmethod
    def from_toml(cls, text: str, where: str | Path = "recipe") -> Recipe:
        """Parses a recipe.

        Args:
            text: TOML.
            where: What to call it in errors.

        Raises:
            RecipeError: Names the line and the key that is wrong.
        """
        if is_too_deep(text):
            raise RecipeError("is nested too deeply", where=where)
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise RecipeError(f"is not valid TOML ({error})", where=where) from error
        except RecursionError as error:
            raise RecipeError("is nested too deeply", where=where) from error
        except ValueError as error:  # Python bounds how long numbers are.
            raise RecipeError(f"cannot be read as TOML ({error})", where=where) from error
        data = upgraded(data, where)
        name = data.pop("name", Path(str(where)).stem)
        steps = data.pop("steps", list(STEPS))
        for key in data:
            if key not in STEPS:
                raise RecipeError(
                    f"unknown key {key!r}",
                    where=line(text, where, key),
                    fix=did_you_mean(key, [*STEPS, "schema", "name", "steps"]),
                )
        if not isinstance(steps, list) or not all(isinstance(step, str) for step in steps):
            raise RecipeError("'steps' must be a list of names", where=line(text, where, "steps"))
        if unused := [key for key in data if key not in steps]:
            raise RecipeError(
                f"has parameters for {unused[0]!r}, which is not among its steps",
                where=line(text, where, unused[0]),
                fix="add it to 'steps' or remove the table",
            )
        params = {key: params_of(key, table, text, where) for key, table in data.items()}
        try:
            return cls(str(name), tuple(steps), params)
        except RecipeError as error:
            place = line(text, where, "steps")
            raise RecipeError(error.what, where=place, fix=error.fix) from error

    # -- what becomes of them ---------------------------------------------------------------

    def to_toml(self) -> str:
        """The recipe as TOML with every parameter written out; reads back equal."""
        data: dict[str, Any] = {"schema": SCHEMA, "name": self.name, "steps": list(self.steps)}
        for name in self.steps:
            if values := self.params[name].model_dump(mode="json", exclude_none=True):
                data[name] = values
        return tomli_w.dumps(data)

    def only(self, steps: Iterable[str]) -> Recipe:
        """The same recipe with just these steps, in this order; parameters are kept."""
        steps = tuple(steps)
        kept = {name: self.params[name] for name in steps if name in self.params}
        return replace(self, steps=steps, params=kept)

    def with_params(self, step: str, **changes: Any) -> Recipe:
        """The same recipe with some parameters of one step changed."""
        if step not in self.steps:
            raise RecipeError(f"the recipe {self.name!r} has no step {step!r}")
        values = {**self.params[step].model_dump(), **changes}
        params = params_of(step, values, "", f"recipe {self.name}")
        return replace(self, params={**self.params, step: params})

    def with_scale(self, scale: int) -> Recipe:
        """The same recipe, enlarging so many times; one without clarity gets it if need be."""
        if "clarity" in self.steps:
            return self.with_params("clarity", scale=scale)
        if scale == 1:
            return self
        # What is sharpened and colored, and gets its grain back, is the enlarged picture.
        steps = self.steps
        at = next((n for n, one in enumerate(steps) if one in _AFTER_CLARITY), len(steps))
        recipe = replace(self, steps=(*steps[:at], "clarity", *steps[at:]))
        return recipe.with_params("clarity", scale=scale)

    def with_change(self, text: str) -> Recipe:
        """The same recipe with one parameter changed as a line of text says.

        Args:
            text: "STEP.KEY=VALUE" with the value as TOML writes it: `color.sizes=[256, 320]`. A
                word needs no quotes.

        Raises:
            RecipeError: It is not of that form, or there is no such step or parameter.
        """
        path, _, value = text.partition("=")
        step, _, key = path.strip().partition(".")
        value = value.strip()
        if not (step and key and value):
            raise RecipeError(
                f"{text!r} is not a change of a recipe",
                fix="write STEP.KEY=VALUE, for example color.saturation=0.8",
            )
        try:
            (parsed,) = tomllib.loads(f"value = {value}").values()
        except (tomllib.TOMLDecodeError, ValueError):
            parsed = value
        return self.with_params(step, **{key: parsed})

    def with_tones(self, tones: Tones) -> Recipe:
        """The same recipe with the plate's own tones, or with an eye's.

        It is the color network that knows what an eye saw, so a recipe without color gets a color
        step that adds none.

        Args:
            tones: "plate" or "eye".
        """
        recipe = self
        if "color" not in self.steps:
            if tones == "plate":
                return self
            # Grain comes last.
            at = self.steps.index("grain") if "grain" in self.steps else len(self.steps)
            recipe = replace(self, steps=(*self.steps[:at], "color", *self.steps[at:]))
            recipe = recipe.with_params("color", saturation=0)
        return recipe.with_params("color", tones=tones)

    def with_recolor(self) -> Recipe:
        """The same recipe, coloring photographs anew that are in color.

        Raises:
            RecipeError: It does not color.
        """
        return self.with_params("color", recolor=True)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of all that decides the result: steps, their versions and parameters."""
        said = [
            [name, STEPS[name].version, self.params[name].model_dump(mode="json")]
            for name in self.steps
        ]
        text = json.dumps([SCHEMA, said], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
