"""Fetching networks: resumed, verified, whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import tiny_networks
from photochrom.errors import ModelError
from photochrom.nets import Registry
from photochrom.nets.pull import pull


class Mirror(ThreadingHTTPServer):
    """Serves one file with ranges; can break off, or serve something else."""

    def __init__(self, content: bytes):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = content
        self.breaks_after: int | None = None
        self.asked: list[str | None] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/network.onnx"


class Handler(BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        span = self.headers.get("Range")
        self.server.asked.append(span)
        first = int(span.removeprefix("bytes=").rstrip("-")) if span else 0
        if first >= len(self.server.content):
            self.send_error(416)
            return
        body = self.server.content[first:]
        self.send_response(206 if span else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.breaks_after])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def mirrors(tmp_path: Path) -> Iterator[list[Mirror]]:
    tiny_networks.clarity(tmp_path / "origin", 2)
    content = (tmp_path / "origin" / "clarity-x2.onnx").read_bytes()
    servers = [Mirror(content), Mirror(content)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield servers
    for server in servers:
        server.shutdown()
        server.server_close()


def card_with(folder: Path, *addresses: str) -> Path:
    card = tiny_networks.clarity(folder, 2, mirrors=list(addresses))
    (folder / "clarity-x2.onnx").unlink()
    return card


def test_a_network_is_pulled_and_can_be_used(tmp_path: Path, mirrors: list[Mirror]) -> None:
    card = card_with(tmp_path / "card", mirrors[0].address)
    shares: list[tuple[str, float]] = []
    path = pull(card, folder=tmp_path / "mine", progress=lambda *said: shares.append(said))
    assert path == tmp_path / "mine" / "clarity-x2.onnx"
    assert Registry([tmp_path / "mine"]).network("clarity", scale=2).card.name == "clarity-x2"
    assert shares[-1] == ("clarity-x2", 1.0)
    pull(card, folder=tmp_path / "mine")
    assert len(mirrors[0].asked) == 1
    assert sorted(p.name for p in (tmp_path / "mine").iterdir()) == [
        "clarity-x2.onnx",
        "clarity-x2.toml",
    ]


def test_an_interrupted_pull_goes_on_at_another_mirror(
    tmp_path: Path, mirrors: list[Mirror]
) -> None:
    mirrors[0].breaks_after = 100
    card = card_with(tmp_path / "card", mirrors[0].address)
    with pytest.raises(ModelError, match="try again"):
        pull(card, folder=tmp_path / "mine")
    assert not (tmp_path / "mine" / "clarity-x2.toml").exists()
    card = card_with(tmp_path / "card", mirrors[1].address)
    pull(card, folder=tmp_path / "mine")
    assert mirrors[1].asked == ["bytes=100-"]
    Registry([tmp_path / "mine"]).network("clarity")


def test_another_file_is_refused_and_the_next_mirror_asked(
    tmp_path: Path, mirrors: list[Mirror]
) -> None:
    mirrors[0].content = b"something else entirely" * 100
    card = card_with(tmp_path / "card", mirrors[0].address)
    with pytest.raises(ModelError, match="SHA-256 differs"):
        pull(card, folder=tmp_path / "mine")
    card = card_with(tmp_path / "card", mirrors[0].address, mirrors[1].address)
    pull(card, folder=tmp_path / "mine")
    assert mirrors[1].asked == [None]


@pytest.mark.parametrize(
    ("addresses", "said"),
    [((), "names no mirrors"), (("file:///etc/passwd",), "only http and https")],
)
def test_what_cannot_be_pulled_is_told(
    tmp_path: Path, addresses: tuple[str, ...], said: str
) -> None:
    card = card_with(tmp_path / "card", *addresses)
    with pytest.raises(ModelError, match=said):
        pull(card, folder=tmp_path / "mine")


def test_a_missing_card_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        pull(tmp_path / "none.toml", folder=tmp_path)
