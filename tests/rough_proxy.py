"""A proxy that makes a network as bad as networks are: it stands between tests and a real server.

It forwards every request, unless a fault is due: an answer of its own, a body that breaks off, a
request that is done and whose answer is lost, an answer that comes late, or nobody there.
"""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import unquote, urlsplit

_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding"}


@dataclass
class Fault:
    """What goes wrong, with which requests, and how often.

    Attributes:
        kind: "status": answered with `status` and not forwarded. "tear": the body breaks off after
            `after` bytes. "cut": what is sent breaks off after `after` bytes, on both sides.
            "lose": done, but the connection is cut instead of an answer. "slow": the answer comes
            when `until` is set.
        method: Of the requests it is for; empty: all.
        where: A part of their path with the query, decoded; empty: all.
        times: How often.
    """

    kind: Literal["status", "tear", "cut", "lose", "slow"]
    method: str = ""
    where: str = ""
    times: int = 1
    status: int = 503
    after: int = 1000
    until: threading.Event = field(default_factory=threading.Event)
    done: bool = False


class Proxy:
    """A proxy before a server.

    Args:
        server: The server's address, "http://127.0.0.1:8333".

    Attributes:
        address: Its own, which stays the same when it goes and comes back.
        requests: What was asked: method and path, decoded, of those that reached it.
    """

    def __init__(self, server: str):
        self._server = urlsplit(server).netloc
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._asked = threading.Condition(self._lock)
        self.requests: list[str] = []
        self._listening: ThreadingHTTPServer | None = None
        self._port = 0
        self.come_back()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def add(self, *faults: Fault) -> None:
        with self._lock:
            self._faults += faults

    def mend(self) -> None:
        """From now on nothing goes wrong any more."""
        with self._lock:
            self._faults.clear()

    @property
    def all_happened(self) -> bool:
        """Whether no fault is left that has not happened."""
        with self._lock:
            return not self._faults

    def wait_for(self, method: str, count: int, where: str = "") -> None:
        """Waits until so many requests of a method have come, with `where` in their path."""

        def have_come() -> bool:
            came = (one for one in self.requests if one.startswith(method) and where in one)
            return sum(1 for _ in came) >= count

        with self._asked:
            assert self._asked.wait_for(have_come, 120)

    def wait_until_it_happened(self, fault: Fault) -> None:
        """Waits until a fault that answers late has been done."""
        with self._asked:
            assert self._asked.wait_for(lambda: fault.done, 120)

    def go(self) -> None:
        """From now on nobody listens."""
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.shutdown()
            listening.server_close()

    def come_back(self) -> None:
        listening = _Listening(("127.0.0.1", self._port), self._handler())
        self._port = listening.server_port
        self._listening = listening
        threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True).start()

    def _due(self, method: str, path: str) -> Fault | None:
        path = unquote(path)
        with self._lock:
            self.requests.append(f"{method} {path}")
            self._asked.notify_all()
            for fault in self._faults:
                if fault.method in ("", method) and fault.where in path:
                    fault.times -= 1
                    if fault.times == 0:
                        self._faults.remove(fault)
                    return fault
        return None

    def _done(self, fault: Fault) -> None:
        with self._asked:
            fault.done = True
            self._asked.notify_all()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                fault = proxy._due(self.command, self.path)
                if fault is not None and fault.kind == "status":
                    _answer(self, fault.status, [("Content-Length", "0")], b"")
                    return
                if fault is not None and fault.kind == "cut":
                    proxy._cut(self, body[: fault.after], len(body))
                    proxy._done(fault)
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                status, headers, content = proxy._forward(self, body)
                if fault is not None and fault.kind == "lose":
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                if fault is not None and fault.kind == "slow":
                    proxy._done(fault)
                    fault.until.wait(60)
                torn = fault is not None and fault.kind == "tear"
                part = content[: fault.after] if fault is not None and torn else content
                _answer(self, status, headers, part)

            def log_message(self, *_: object) -> None:
                """Tests print nothing."""

        for method in ("GET", "HEAD", "OPTIONS", "PATCH", "PUT", "POST", "DELETE"):
            setattr(Handler, f"do_{method}", Handler.handle_any)
        return Handler

    def _cut(self, request: BaseHTTPRequestHandler, body: bytes, length: int) -> None:
        """Sends a part of a request, and hangs up."""
        host, _, port = self._server.partition(":")
        lines = [f"{request.command} {request.path} HTTP/1.1", f"Host: {self._server}"]
        lines += [
            f"{name}: {value}"
            for name, value in request.headers.items()
            if name.lower() not in {*_HOP_BY_HOP, "host", "content-length"}
        ]
        head = "\r\n".join([*lines, f"Content-Length: {length}", "", ""])
        with socket.create_connection((host, int(port))) as line:
            line.sendall(head.encode("latin-1") + body)

    def _forward(
        self, request: BaseHTTPRequestHandler, body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(self._server, timeout=120)
        try:
            # The very headers: signatures are over them.
            connection.putrequest(
                request.command, request.path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in request.headers.items():
                if name.lower() not in _HOP_BY_HOP:
                    connection.putheader(name, value)
            connection.endheaders(body or None)
            answer = connection.getresponse()
            content = answer.read()
            headers = [one for one in answer.getheaders() if one[0].lower() not in _HOP_BY_HOP]
            if answer.getheader("Content-Length") is None:
                headers.append(("Content-Length", str(len(content))))
            return answer.status, headers, content
        finally:
            connection.close()


class _Listening(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Whoever has asked is gone: that is what some of these tests are about."""


def _answer(
    handler: BaseHTTPRequestHandler, status: int, headers: list[tuple[str, str]], body: bytes
) -> None:
    handler.send_response_only(status)
    for name, value in headers:
        handler.send_header(name, value)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def proxied(server: str) -> Iterator[Proxy]:
    """A proxy before a server, for the length of a block."""
    proxy = Proxy(server)
    try:
        yield proxy
    finally:
        proxy.go()


def gone_for(proxy: Proxy, seconds: float) -> Callable[[], None]:
    """Takes the server away, and brings it back by itself; gives what waits for that."""
    proxy.go()
    timer = threading.Timer(seconds, proxy.come_back)
    timer.start()
    return timer.join
