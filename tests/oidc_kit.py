"""A small OpenID Connect provider that really runs, on loopback, and lies when it is told to."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "photochrom", "a secret of the client"


class Provider:
    """What it knows; tests change it.

    Attributes:
        url: Its own name.
        person: Claims of whoever signs in there.
        lies: Claims that take the place of right ones in identity tokens; None takes one away.
        tells: Claims that only its `userinfo` tells.
        key: What it signs with now.
        published: What it says that it signs with.
        posted: Whether clients say who they are in the body only, and not in a header.
    """

    def __init__(self) -> None:
        self.url = ""
        self.person: dict[str, Any] = {}
        self.lies: dict[str, Any] = {}
        self.tells: dict[str, Any] = {}
        self.key = new_key()
        self.published = [self.key]
        self.posted = False
        self._codes: dict[str, dict[str, str]] = {}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where somebody is sent who has signed in."""
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.url}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def token(self, asked: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """What a code is worth, once."""
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        header = "" if self.posted else f"Basic {basic}"
        body = (CLIENT, SECRET) if self.posted else (None, None)
        begun = self._codes.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        told = asked.get("client_id"), asked.get("client_secret")
        if (authorization, told) != (header, body):
            return 401, {"error": "invalid_client"}
        if begun is None or begun["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        if begun["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
            "nonce": begun["nonce"],
            **self.person,
            **self.lies,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        signed = jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)
        return 200, {"access_token": "access", "token_type": "Bearer", "id_token": signed}

    def metadata(self) -> dict[str, Any]:
        """What it says of itself."""
        methods = ["client_secret_post"] if self.posted else ["client_secret_basic"]
        return {
            "issuer": self.url,
            "token_endpoint_auth_methods_supported": methods,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
        }


def new_key() -> RSAKey:
    """A key that a provider signs with."""
    return RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)}, private=True)


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider, for as long as the block lasts."""
    it = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(url.query).items()}
                self.send_response(302)
                self.send_header("Location", it.authorize(asked))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif url.path == "/keys":
                keys = KeySet(list(it.published)).as_dict(private=False)
                self._say(200, dict(keys))
            elif url.path == "/userinfo":
                right = self.headers["Authorization"] == "Bearer access"
                self._say(200 if right else 401, {"sub": it.person["sub"], **it.tells})
            elif url.path == "/.well-known/openid-configuration":
                self._say(200, it.metadata())
            else:
                self._say(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(*it.token(asked, self.headers.get("Authorization", "")))

        def _say(self, status: int, said: dict[str, Any]) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    it.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield it
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
