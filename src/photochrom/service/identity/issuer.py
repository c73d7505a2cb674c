"""Somebody else who says who people are: an OpenID Connect provider.

Authorization code with PKCE, state and nonce; the identity token is checked against the issuer's
keys. See OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3.7, and RFC 7636, RFC 9207.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock
from typing import Any

import httpx2
from authlib.integrations.httpx_client import OAuth2Client, OAuthError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from photochrom.service.core.problems import NotAllowedError, UnavailableError
from photochrom.service.core.signing import token
from photochrom.service.core.texts import clean
from photochrom.service.settings import Settings

_SIGNED = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures that only the issuer can make: no shared secrets, and never none."""
_TIMEOUT = 10.0
_KNOWN_FOR = 3600.0
_ASKED_EVERY = 30.0
"""Seconds between two looks for new keys: a forged token must not make us ask without end."""
_LEEWAY = 60
"""Seconds by which clocks may differ."""


@dataclass(frozen=True)
class Started:
    """What has to be remembered between sending somebody there and their coming back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Somebody, as the issuer knows them.

    Attributes:
        subject: Their id there, with the issuer's.
        email: If the issuer has checked that it is theirs.
        name: What they are called.
    """

    subject: str
    email: str | None
    name: str


class Issuer:
    """A provider.

    Args:
        url: Its own name for itself.
        client: Who we are there.
        secret: That we are it; None for a public client.
        redirect: Where people come back to.
    """

    def __init__(self, url: str, client: str, secret: str | None, redirect: str):
        self.url = url
        self._client = client
        self._secret = secret
        self._redirect = redirect
        self._lock = Lock()
        self._metadata: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._looked: float | None = None

    @classmethod
    def of(cls, settings: Settings) -> Issuer | None:
        """The one that is set."""
        if settings.oidc_issuer is None or settings.oidc_client_id is None:
            return None
        secret = settings.oidc_client_secret
        return cls(
            settings.oidc_issuer,
            settings.oidc_client_id,
            None if secret is None else secret.get_secret_value(),
            f"{settings.url}/v1/oidc/callback",
        )

    def start(self) -> tuple[str, Started]:
        """Where to send somebody, and what to remember until they come back.

        Raises:
            UnavailableError: The issuer does not answer.
        """
        started = Started(token(), token(), token())
        with self._talk() as client:
            self._look(client)
            address, _ = client.create_authorization_url(
                self._metadata["authorization_endpoint"],
                state=started.state,
                nonce=started.nonce,
                code_verifier=started.verifier,
            )
        return str(address), started

    def finish(self, code: str, issuer: str | None, started: Started) -> Identity:
        """Who has come back.

        Args:
            code: What they brought.
            issuer: Who sent them, if that was told.
            started: What was remembered.

        Raises:
            NotAllowedError: What they brought, or what the issuer made of it, does not hold.
            UnavailableError: The issuer does not answer.
        """
        if issuer is not None and issuer != self.url:
            raise _refused("it comes from another issuer")
        with self._talk() as client:
            self._look(client)
            client.token_endpoint_auth_method = self._method()
            given = client.fetch_token(
                self._metadata["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=started.verifier,
            )
            claims = self._checked(client, given, started.nonce)
            if "email" not in claims and "userinfo_endpoint" in self._metadata:
                more = _json(client.get(self._metadata["userinfo_endpoint"]))
                if more.get("sub") != claims["sub"]:
                    raise _refused("the issuer told of somebody else")
                claims = {**more, **claims}
        email = claims.get("email")
        # Some issuers write the truth as a text.
        verified = claims.get("email_verified") in (True, "true")
        return Identity(
            f"{self.url} {claims['sub']}",
            email if verified and isinstance(email, str) else None,
            clean(str(claims.get("name", "")))[:200],
        )

    def _talk(self) -> _Talk:
        return _Talk(
            self._client,
            self._secret,
            scope="openid email profile",
            redirect_uri=self._redirect,
            code_challenge_method="S256",
            timeout=_TIMEOUT,
        )

    def _method(self) -> str:
        """How the issuer wants to be told that it is we who ask."""
        methods = self._metadata.get("token_endpoint_auth_methods_supported")
        if not self._secret:
            return "none"
        posted = methods is not None and "client_secret_basic" not in methods
        return "client_secret_post" if posted else "client_secret_basic"

    def _look(self, client: OAuth2Client, anew: bool = False) -> None:
        """Reads what the issuer says of itself, and its keys, unless they are known."""
        with self._lock:
            age = None if self._looked is None else time.monotonic() - self._looked
            if age is not None and age < (_ASKED_EVERY if anew else _KNOWN_FOR):
                return
            address = f"{self.url.rstrip('/')}/.well-known/openid-configuration"
            found = _json(client.request("GET", address, withhold_token=True))
            if found.get("issuer") != self.url:
                raise UnavailableError(
                    "the OpenID Connect issuer calls itself otherwise",
                    fix="set oidc_issuer to what its discovery document says",
                )
            keys = _json(client.request("GET", found["jwks_uri"], withhold_token=True))
            self._keys = KeySet.import_key_set(keys)  # type: ignore[arg-type]
            self._metadata = found
            self._looked = time.monotonic()

    def _checked(self, client: OAuth2Client, given: dict[str, Any], nonce: str) -> dict[str, Any]:
        raw = given.get("id_token")
        if not isinstance(raw, str):
            raise _refused("there is no identity token")
        decoded = self._decoded(raw)
        if decoded is None:  # It may have taken new keys.
            self._look(client, anew=True)
            decoded = self._decoded(raw)
        if decoded is None:
            raise _refused("the identity token is not signed by the issuer")
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": self.url},
                "aud": {"essential": True, "value": self._client},
            },
            params={
                "nonce": nonce,
                "client_id": self._client,
                "access_token": given.get("access_token"),
            },
        )
        claims.validate(leeway=_LEEWAY)
        return dict(claims)

    def _decoded(self, raw: str) -> jwt.Token | None:
        assert self._keys is not None
        try:
            return jwt.decode(raw, self._keys, algorithms=_SIGNED)
        except (JoseError, ValueError):
            return None


class _Talk(OAuth2Client):  # type: ignore[misc]
    """A client whose troubles are ours to tell."""

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        super().__exit__(kind, error, trace)
        if isinstance(error, httpx2.HTTPError | KeyError):
            raise UnavailableError("the OpenID Connect issuer does not answer now") from error
        if isinstance(error, OAuthError):
            raise _refused("the issuer took back the code") from error
        if isinstance(error, JoseError):
            raise _refused("the identity token is not for this sign-in, or has run out") from error


def _json(answer: httpx2.Response) -> dict[str, Any]:
    answer.raise_for_status()
    try:
        found = answer.json()
    except ValueError as error:
        raise httpx2.DecodingError("no JSON") from error
    if not isinstance(found, dict):
        raise httpx2.DecodingError("no JSON object")
    return found


def _refused(why: str) -> NotAllowedError:
    return NotAllowedError(f"signing in elsewhere did not work: {why}", fix="start it again")
