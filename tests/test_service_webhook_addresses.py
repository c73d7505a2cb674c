"""No webhook calls anything inside the network, however its address is written or resolved."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi.testclient import TestClient

from hook_receiver import receiving
from photochrom.service.core.problems import InvalidError
from photochrom.service.webhooks.addresses import is_public, parsed
from photochrom.service.webhooks.calling import Caller
from photochrom.service.webhooks.service import checked
from service_kit import service_in

INSIDE = [
    *("127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255"),
    *("192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192"),
    *("168.63.129.16", "198.18.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1"),
    *("64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1"),
    *("2001:0:7f00:1::", "2001:db8::1", "fec0::1", "100::1"),
]
OUTSIDE = [
    *("8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "169.253.1.1", "192.0.1.1"),
    *("2606:4700:4700::1111", "2a00:1450::1", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"),
    "2002:808:808::1",
]


@pytest.mark.parametrize("text", INSIDE)
def test_inside(text: str) -> None:
    address = parsed(text)
    assert address is not None and not is_public(address)


@pytest.mark.parametrize("text", OUTSIDE)
def test_outside(text: str) -> None:
    address = parsed(text)
    assert address is not None and is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("http://archive.example/", "ftp://archive.example/", "archive.example", "https://", ""),
        *("https://user:word@archive.example/", "https://archive.example/#part"),
        *("https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]:8443/"),
        *("https://169.254.169.254/latest/", "https://2130706433/", "https://0x7f000001/"),
        *("https://127.1/", "https://0177.0.0.1/", "https://localhost/", "https://LOCALHOST./"),
        *("https://intranet/", "https://a.localhost/", "https://archive.example:0/"),
        *(
            "https://archive.example:99999/",
            "https://exa mple/",
            "https://[::1/",
            "https://\u2024/",
        ),
        "https://①②⑦.⓪.⓪.①/",
    ],
)
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(InvalidError):
        checked(url, private=False)


def test_addresses_that_are_taken() -> None:
    assert checked("https://archive.example:8443/a?b=c", private=False).startswith("https://arch")
    assert checked("https://größe.example/", private=False)
    assert checked("http://127.0.0.1:9/", private=True) == "http://127.0.0.1:9/"


def test_refused_with_a_problem(tmp_path: Path) -> None:
    with service_in(tmp_path) as service:
        owner: TestClient = service.client_of(service.account("ada"))
        answer = owner.post("/v1/webhooks", json={"url": "https://10.0.0.1/"})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        made = owner.post("/v1/webhooks", json={"url": "https://archive.example/"}).json()
        answer = owner.patch(f"/v1/webhooks/{made['id']}", json={"url": "https://[fd00::1]/"})
        assert answer.status_code == 422


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where anything connects to."""
    made: list[str] = []
    real = socket.create_connection

    def noted(address: tuple[str, int], *more: object, **named: object) -> socket.socket:
        made.append(address[0])
        return real(address, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "create_connection", noted)
    return made


@pytest.mark.parametrize("found", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:7f00:1"]])
def test_names_that_lead_inside_are_not_called(connections: list[str], found: list[str]) -> None:
    called = Caller(resolve=lambda host, port: found).post("https://hooks.example/", b"{}", {})
    assert called.status is None and "inside" in called.error
    assert connections == []


def test_a_name_is_looked_up_once_and_that_address_is_called(connections: list[str]) -> None:
    """Rebinding: the second look-up would lead elsewhere, and there is none."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    with receiving() as receiver:
        url = f"http://hooks.example:{receiver.port}/in?a=b"
        called = Caller(private=True, resolve=rebinding).post(url, b"{}", {"webhook-id": "msg_x"})
    assert called.is_taken
    assert asked == ["hooks.example"] and connections == ["127.0.0.1"]
    assert receiver.came[0][0]["host"] == f"hooks.example:{receiver.port}"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    key, time = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hooks.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(time - timedelta(days=2))
        .not_valid_after(time + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("certificate") / "both.pem"
    encoding = serialization.Encoding.PEM
    private = serialization.PrivateFormat.PKCS8
    file.write_bytes(
        key.private_bytes(encoding, private, serialization.NoEncryption())
        + made.public_bytes(encoding)
    )
    yield file


@pytest.mark.parametrize("name", ["hooks.example", "other.example"])
def test_tls_has_the_name_and_not_the_address(certificate: Path, name: str) -> None:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    trust = ssl.create_default_context(cafile=str(certificate))
    caller = Caller(private=True, resolve=lambda host, port: ["127.0.0.1"], trust=trust)
    with receiving(tls=serving) as receiver:
        called = caller.post(f"https://{name}:{receiver.port}/", b"{}", {})
        assert receiver.names == [name]
        # A certificate for another name is none.
        assert called.is_taken is (name == "hooks.example")
        assert len(receiver.came) == int(called.is_taken)


@pytest.mark.parametrize(
    "url", ["https://hooks.example:1/", "http://127.0.0.1:1/", "https://nowhere.invalid/"]
)
def test_who_is_not_there_is_said_to_be(url: str) -> None:
    caller = Caller(private=True, resolve=_resolve)
    called = caller.post(url, b"{}", {})
    assert called.status is None and called.error


def _resolve(host: str, port: int) -> list[str]:
    if host.endswith(".invalid"):
        raise socket.gaierror("not known")
    return ["127.0.0.1"]
