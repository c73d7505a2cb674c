"""Everything that can be set, in one place; docs/service.md describes each (a test holds it).

Settings are taken from the environment (`PHOTOCHROM_SERVICE_PORT=9000`), then from `service.toml`
in the data folder, then from the defaults, which suit one machine.
"""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from photochrom.errors import PhotochromError

PREFIX = "PHOTOCHROM_SERVICE_"
FILE = "service.toml"


class Settings(BaseSettings):
    """Settings of the service."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    # Where it is.
    data: Path = Field(Path("photochrom-data"), description="Folder of everything it keeps.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 for any free one.")
    public_url: str | None = Field(
        None, description="How browsers reach it, if that is not `http://HOST:PORT`."
    )

    trusted_proxies: str | None = Field(
        None,
        description="Addresses and networks, with commas between, of proxies whose "
        "`X-Forwarded-For` is believed; none by default.",
    )

    # What it stands on.
    database: SecretStr | None = Field(
        None, description="`postgresql://...`; by default SQLite in the data folder."
    )
    storage: str | None = Field(
        None, description="`s3://BUCKET/PREFIX` for originals and results; by default a folder."
    )
    secret: SecretStr | None = Field(
        None, description="Signs links; by default made once and kept in the data folder."
    )

    # Who works.
    executors: int = Field(1, ge=0, description="Processes that do jobs, started with the service.")
    engine: str = Field(
        "local", description="`local`, `ray` or `ray://HOST:PORT`, with `?cpus=0.5`."
    )
    workers: int | None = Field(
        None, ge=1, description="Pictures at a time for one executor; by default what fits."
    )
    heartbeat_seconds: float = Field(2.0, gt=0, description="How often an executor says it lives.")
    takeover_seconds: float = Field(
        15.0, gt=0, description="Silence after which the others take over an executor's jobs."
    )
    drain_seconds: float = Field(
        20.0, ge=0, description="How long a stop waits for requests and for pictures in hand."
    )
    patience_hours: float = Field(
        24.0,
        ge=0,
        description="How long a job waits for a storage, a database or a cluster that does not "
        "answer, before it fails.",
    )

    # What is taken in.
    upload_limit: int = Field(4 << 30, gt=0, description="Bytes of one photograph at most.")
    small_upload_limit: int = Field(
        32 << 20, gt=0, description="Bytes of one photograph sent in one piece at most."
    )
    upload_hours: float = Field(24.0, gt=0, description="An unfinished upload is kept that long.")
    pixel_limit: int = Field(400_000_000, gt=0, description="Pixels of one photograph at most.")
    decode_memory: int = Field(4 << 30, gt=0, description="Bytes that decoding may take.")
    decode_seconds: float = Field(120.0, gt=0, description="Seconds that decoding may take.")

    # Who comes in.
    session_days: float = Field(14.0, gt=0, description="How long a sign-in lasts.")
    hashes_at_once: int = Field(2, ge=1, description="Passwords checked at a time (64 MiB each).")
    sign_in_attempts: int = Field(
        10, ge=1, description="Wrong passwords for an account in a quarter of an hour."
    )
    address_attempts: int = Field(
        50, ge=1, description="Wrong passwords from a network address in a quarter of an hour."
    )
    invitation_days: float = Field(7.0, gt=0, description="How long an invitation can be accepted.")
    oidc_issuer: str | None = Field(
        None,
        description="OpenID Connect issuer, `https://...`, as it names itself.",
    )
    oidc_client_id: str | None = Field(None, description="Client id there.")
    oidc_client_secret: SecretStr | None = Field(None, description="Client secret there.")

    # What is granted.
    requests_a_minute: int = Field(1200, ge=1, description="Of one user or key.")
    quota_bytes: int | None = Field(
        None,
        ge=0,
        description="Of an organization: originals and files of productions; none by default.",
    )
    quota_photographs: int | None = Field(None, ge=0, description="Of an organization.")
    link_hours: float = Field(1.0, gt=0, description="How long a link to a result opens it.")
    event_minutes: float = Field(5.0, gt=0, description="How long a stream of events lasts.")

    # What is forgotten.
    keep_events_days: float = Field(7.0, gt=0, description="Events of jobs.")
    keep_jobs_days: float | None = Field(
        None, gt=0, description="Jobs that have ended, with their results; for ever by default."
    )

    # Webhooks.
    webhook_attempts: int = Field(8, ge=1, description="How often a delivery is tried.")
    webhook_failing_days: float = Field(
        3.0, gt=0, description="A webhook that has failed for so long is disabled."
    )
    webhook_private: bool = Field(
        False, description="Whether addresses inside the network may be called. For tests only."
    )

    # Looking on.
    log: Literal["auto", "text", "json"] = Field(
        "auto", description="Lines for people or JSON; `auto` is text on a terminal."
    )
    metrics: bool = Field(True, description="Whether `/metrics` is there, for this machine only.")
    metrics_token: SecretStr | None = Field(
        None, description="Whoever sends it as a bearer may see `/metrics` from elsewhere, too."
    )

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("begins with http:// or https://")
        return value.rstrip("/") if value else value

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies(cls, value: str | None) -> str | None:
        for one in _parts(value):
            try:
                ipaddress.ip_network(one)
            except ValueError:
                raise ValueError(
                    f"{one!r} is no address and no network (127.0.0.1, 10.0.0.0/8)"
                ) from None
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str | None) -> str | None:
        local = ("http://127.0.0.1", "http://localhost", "http://[::1]")
        if value is not None and not value.startswith(("https://", *local)):
            raise ValueError("begins with https://; http:// is for this machine only")
        return value

    @model_validator(mode="after")
    def _client(self) -> Settings:
        if self.oidc_issuer is not None and self.oidc_client_id is None:
            raise ValueError("an oidc_issuer wants an oidc_client_id, too")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Told on the command line, in the environment, in the data folder; in this order."""
        data = init_settings().get("data") or env_settings().get("data") or "photochrom-data"
        file = TomlConfigSettingsSource(settings_cls, Path(data) / FILE)
        return init_settings, env_settings, file

    @classmethod
    def read(cls, **told: object) -> Settings:
        """Settings, with those that are told (and not None) before all others.

        Raises:
            PhotochromError: One is wrong; names it.
        """
        given = {name: value for name, value in told.items() if value is not None}
        try:
            return cls(**given)  # type: ignore[arg-type]
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            name = ".".join(str(part) for part in first["loc"]) or "oidc_client_id"
            what = first["msg"].removeprefix("Value error, ")
            fix = f"see docs/service.md; it is set by {PREFIX}{name.upper()} or in {FILE}"
            raise PhotochromError(what, where=f"setting {name}", fix=fix) from None
        except ValueError as error:  # TOML that is none
            raise PhotochromError(str(error), where=FILE, fix="write `port = 9000`") from None

    @property
    def url(self) -> str:
        """How browsers reach it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it by https, so that cookies may be kept to that."""
        return self.url.startswith("https://")

    @property
    def proxies(self) -> list[str]:
        """Addresses and networks of `trusted_proxies`."""
        return _parts(self.trusted_proxies)

    @property
    def database_url(self) -> str:
        """Where the database is."""
        if self.database is not None:
            return self.database.get_secret_value()
        return f"sqlite:///{self.data / 'photochrom.db'}"

    @property
    def session_lasts(self) -> timedelta:
        """How long a sign-in lasts."""
        return timedelta(days=self.session_days)


def _parts(listed: str | None) -> list[str]:
    parts = (one.strip() for one in (listed or "").split(","))
    return [one for one in parts if one]
