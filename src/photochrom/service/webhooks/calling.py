"""One call of a webhook: to an address that was checked, within a time, and nowhere else.

The name is looked up once; all that it stands for is checked, and the connection goes to the very
address that was. So a name that stands for something else a moment later gains nothing. TLS and
`Host` have the name. No redirect is followed, no proxy of the environment asked, and of the answer
nothing is read but its head.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

from photochrom._version import __version__
from photochrom.service.webhooks.addresses import is_public, parsed

SECONDS = 10.0
"""How long a call may take, all in all."""

Resolve = Callable[[str, int], Sequence[str]]
"""The addresses that a name stands for."""


class ForbiddenError(Exception):
    """The address is inside the network."""


@dataclass(frozen=True)
class Called:
    """What came of a call.

    Attributes:
        status: The answer's; None if there was none.
        error: What was wrong; empty if it was taken.
        seconds: How long it took.
        retry_after: Seconds that the receiver wants to be left alone.
    """

    status: int | None
    error: str
    seconds: float
    retry_after: float = 0.0

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has the message."""
        return self.status is not None and 200 <= self.status < 300


class Caller:
    """Calls webhooks.

    Args:
        private: Whether addresses inside the network may be called. For tests.
        seconds: How long a call may take.
        resolve: Looks names up.
        trust: Whose certificates are good; by default those that browsers trust.
    """

    def __init__(
        self,
        *,
        private: bool = False,
        seconds: float = SECONDS,
        resolve: Resolve | None = None,
        trust: ssl.SSLContext | None = None,
    ):
        self._private = private
        self._seconds = seconds
        self._resolve = resolve or resolved
        self._trust = trust or httpx.create_ssl_context(trust_env=False)

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Called:
        """Sends a message; never raises for what the receiver is to blame for."""
        began = time.monotonic()
        backend = _Checked(self._resolve, self._private, began + self._seconds)
        status, error, retry_after = None, "", 0.0
        try:
            status, retry_after = self._sent(backend, url, body, headers)
        except ForbiddenError as forbidden:
            error = str(forbidden)
        except httpcore.TimeoutException:
            error = f"no answer in {self._seconds:g} s"
        except (httpcore.NetworkError, httpcore.ProtocolError) as failed:
            error = _reason(failed)
        except (UnicodeError, ValueError, httpcore.UnsupportedProtocol):
            error = "the address is none that can be called"
        if status is not None and not 200 <= status < 300:
            redirect = ": redirects are not followed" if 300 <= status < 400 else ""
            error = f"answered {status}{redirect}"
        return Called(status, error, round(time.monotonic() - began, 3), retry_after)

    def _sent(
        self, backend: _Checked, url: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, float]:
        # A connection of its own for each call: kept ones would be to addresses of yesterday.
        said: dict[bytes | str, bytes | str] = {
            "Content-Type": "application/json",
            "User-Agent": f"photochrom/{__version__}",
            "Connection": "close",
        }
        said.update(headers)
        limits = dict.fromkeys(("connect", "read", "write", "pool"), self._seconds)
        # Its parser knows names of other alphabets, which go out as DNS and TLS have them.
        address = httpx.URL(url)
        target = httpcore.URL(
            scheme=address.raw_scheme,
            host=address.raw_host,
            port=address.port,
            target=address.raw_path,
        )
        said["Host"] = address.netloc
        with (
            httpcore.ConnectionPool(self._trust, network_backend=backend, retries=0) as pool,
            pool.stream(
                "POST",
                target,
                headers=said,
                content=body,
                extensions={"timeout": limits},
            ) as answer,
        ):
            found = {name.lower(): value for name, value in answer.headers}
            return answer.status, _retry_after(found.get(b"retry-after", b""))


def resolved(host: str, port: int) -> list[str]:
    """The addresses that a name stands for now.

    Raises:
        OSError: It stands for none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class _Checked(httpcore.NetworkBackend):
    """Connects to addresses that were checked, until a moment."""

    def __init__(self, resolve: Resolve, private: bool, end: float):
        self._resolve, self._private, self._end = resolve, private, end
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} is not known") from error
        if not self._private:
            for one in addresses:
                address = parsed(one)
                # One is enough: whoever mixes them has something in mind.
                if address is None or not is_public(address):
                    raise ForbiddenError(f"{host} is inside of a network: it is not called")
        failed: Exception = httpcore.ConnectError(f"{host} is not known")
        for one in addresses:
            try:
                stream = self._plain.connect_tcp(
                    one, port, _left(self._end), local_address, socket_options
                )
                return _Bounded(stream, self._end)
            except httpcore.ConnectError as error:
                failed = error
        raise failed


class _Bounded(httpcore.NetworkStream):
    """A connection that ends at a moment, however slowly its bytes drip."""

    def __init__(self, stream: httpcore.NetworkStream, end: float):
        self._stream, self._end = stream, end

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._end))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._end))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, _left(self._end))
        return _Bounded(stream, self._end)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("no time is left")
    return left


def _reason(error: Exception) -> str:
    if isinstance(error, httpcore.ConnectError):
        return f"cannot be reached: {str(error) or 'no connection'}"[:300]
    return f"the connection broke: {str(error) or type(error).__name__}"[:300]


def _retry_after(said: bytes) -> float:
    """Seconds; a date in their place is not minded, as clocks differ."""
    return float(int(said)) if said.isdigit() and len(said) < 8 else 0.0
