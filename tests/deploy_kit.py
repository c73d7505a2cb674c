"""What tests of `deploy/` share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"

# Somebody's own settings may lie there, too.
FILES = sorted(path for path in DEPLOY.iterdir() if not path.name.startswith("."))

USER = 10001
CLUSTERS = ("raycluster.yaml", "rayjob.yaml")


def parsed(name: str) -> Any:
    """What a file says."""
    return yaml.safe_load((DEPLOY / name).read_text())


def cluster_of(name: str) -> Any:
    """The cluster in a manifest."""
    spec = parsed(name)["spec"]
    return spec.get("rayClusterSpec", spec)


def templates_of(name: str) -> Iterator[tuple[str, Any]]:
    """The templates of pods in a manifest, by what they are for."""
    cluster = cluster_of(name)
    yield "head", cluster["headGroupSpec"]["template"]
    for group in cluster["workerGroupSpecs"]:
        yield group["groupName"], group["template"]
    if submitter := parsed(name)["spec"].get("submitterPodTemplate"):
        yield "submitter", submitter


def locked(name: str) -> dict[str, str]:
    """Versions in a lock file, by package."""
    found = re.findall(r"^([A-Za-z0-9_.\-]+)==([^\s;]+)", (DEPLOY / name).read_text(), re.MULTILINE)
    return {canonicalize_name(package): version for package, version in found}
