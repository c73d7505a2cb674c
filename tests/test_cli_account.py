"""`photochrom account`: made without echo or default, listed, let in again."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Ran
from service_kit import PASSWORD, service_in

Command = Callable[..., Ran]
WHO = ("--email", "Ada@example.org", "--organization", "City archive")


@pytest.fixture
def _typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(PASSWORD + "\n"))


@pytest.mark.usefixtures("_typed")
def test_made_listed_and_signed_in_with(photochrom: Command, tmp_path: Path) -> None:
    made = photochrom("account", "create", *WHO, "--password-stdin", "--data", tmp_path)
    assert (made.code, made.out) == (0, "ada@example.org owns City archive\n"), made.err
    listed = json.loads(photochrom("account", "list", "--json", "--data", tmp_path).out)
    assert listed["organizations"][0]["role"] == "owner"
    with service_in(tmp_path) as service:
        asked = {"email": "ada@example.org", "password": PASSWORD}
        assert service.client.post("/v1/session", json=asked).status_code == 201
        ran = photochrom("account", "reset", "ADA@example.org", "--data", tmp_path)
        token = ran.out.strip().partition("/#reset=")[2]
        body = {"token": token, "password": "a wholly other sentence"}
        assert service.client.post("/v1/reset", json=body).status_code == 201


@pytest.mark.usefixtures("_typed")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("create", "--email", "nobody", "--organization", "x", "--password-stdin"), "--email"),
        (("create", *WHO[:3], " ", "--password-stdin"), "--organization"),
        (("create", *WHO), "no terminal"),
        (("create", *WHO[:3], "or_nowhere", "--password-stdin"), "no such organization"),
        (("list",), "no service's data"),
        (("reset", "ada@example.org"), "no service's data"),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_one_line(
    photochrom: Command, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    ran = photochrom("account", *words, "--data", tmp_path / "data")
    assert ran.code == 2 and said in ran.err and ran.err.count("\n") == 1, ran.err


@pytest.mark.parametrize("password", ["", "short"])
def test_there_is_no_weak_password(
    photochrom: Command, tmp_path: Path, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(password))
    ran = photochrom("account", "create", *WHO, "--password-stdin", "--data", tmp_path)
    assert ran.code == 2 and "10 to 512 characters" in ran.err
    assert photochrom("account", "list", "--data", tmp_path).out == ""


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    # In a process of its own: whoever loads modules anew here has two of each from then on.
    code = "import sys; sys.modules['sqlalchemy'] = None; from photochrom.cli import main; main()"
    words = [sys.executable, "-c", code, "account", "list", "--data", tmp_path]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ran.returncode == 2 and "pip install 'photochrom[service]'" in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_the_password_is_asked_for_twice_and_not_shown(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty", reason="wants a terminal of POSIX")
    outer, inner = pty.openpty()
    words = [sys.executable, "-m", "photochrom", "account", "create", *WHO, "--data", tmp_path]
    with subprocess.Popen(words, stdin=inner, stdout=inner, stderr=inner) as process:
        os.close(inner)
        seen = ""
        for _ in range(2):
            while not seen.endswith(": "):
                seen += os.read(outer, 1024).decode()
            os.write(outer, f"{PASSWORD}\n".encode())
            seen += "\n"
        seen += _rest(outer)
    os.close(outer)
    assert process.returncode == 0, seen
    assert PASSWORD not in seen and "owns City archive" in seen


def _rest(terminal: int) -> str:
    """What is still to be read, until nobody is at the other end any more."""
    read = b""
    while True:
        try:
            more = os.read(terminal, 1024)
        except OSError as error:
            if error.errno != errno.EIO:  # So Linux says it; others, by nothing.
                raise
            more = b""
        if not more:
            return read.decode()
        read += more


@pytest.mark.usefixtures("_typed")
def test_kept_out_and_let_in_again(photochrom: Command, tmp_path: Path) -> None:
    photochrom("account", "create", *WHO, "--password-stdin", "--data", tmp_path)
    where = ("--data", tmp_path)
    with service_in(tmp_path) as service:
        asked = {"email": "ada@example.org", "password": PASSWORD}
        csrf = service.client.post("/v1/session", json=asked).json()["csrf"]
        made = service.client.post(
            "/v1/keys",
            json={"name": "k", "permissions": ["view"]},
            headers={"X-CSRF-Token": csrf},
        )
        key = {"Authorization": f"Bearer {made.json()['key']}"}
        ran = photochrom("account", "disable", "Ada@example.org", *where)
        assert (ran.code, "City archive has no owner" in ran.err) == (0, True)
        assert "(kept out)" in photochrom("account", "list", *where).out
        assert service.client.get("/v1/session").status_code == 401
        assert service.client.get("/v1/jobs", headers=key).status_code == 401
        assert service.client.post("/v1/session", json=asked).status_code == 401
        assert photochrom("account", "reset", "ada@example.org", *where).code == 2
        assert photochrom("account", "enable", "ada@example.org", *where).code == 0
        assert "(kept out)" not in photochrom("account", "list", *where).out
        # Keys are good again; sign-ins have ended.
        assert service.client.get("/v1/session").status_code == 401
        assert service.client.get("/v1/jobs", headers=key).status_code == 200
        assert service.client.post("/v1/session", json=asked).status_code == 201
        log = service.client.get("/v1/audit", params={"what": "user."}).json()["items"]
    assert [one["what"] for one in log] == ["user.enabled", "user.disabled"]
    ran = photochrom("account", "disable", "nobody@example.org", *where)
    assert ran.code == 2 and "no account with this address" in ran.err
