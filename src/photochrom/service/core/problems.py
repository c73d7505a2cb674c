"""What goes wrong in a request, as RFC 9457 tells it: one form for every error of the service."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from photochrom.errors import PhotochromError

MEDIA_TYPE = "application/problem+json"


class ServiceError(PhotochromError):
    """A request that cannot be granted.

    Args:
        what: What was wrong.
        where: Which part of the request it concerns ("production, line 12").
        fix: What the caller can do.
        headers: Sent with the answer.
        extra: Told beside the rest.
    """

    status: ClassVar[int] = HTTPStatus.BAD_REQUEST
    code: ClassVar[str] = "bad_request"

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        fix: str | None = None,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ):
        super().__init__(what, where=where, fix=fix)
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})


class NotSignedInError(ServiceError):
    """Nobody has signed in, or not any more."""

    status = HTTPStatus.UNAUTHORIZED
    code = "not_signed_in"

    def __init__(self, what: str = "sign in first", **more: Any):
        more.setdefault("headers", {"WWW-Authenticate": "Bearer"})
        super().__init__(what, **more)


class NotAllowedError(ServiceError):
    """Whoever asks may not do this."""

    status = HTTPStatus.FORBIDDEN
    code = "not_allowed"


class NotFoundError(ServiceError):
    """It is not there, or belongs to somebody else: the two are never told apart."""

    status = HTTPStatus.NOT_FOUND
    code = "not_found"


class ConflictError(ServiceError):
    """It cannot be done as things stand now."""

    status = HTTPStatus.CONFLICT
    code = "conflict"


class GoneError(ServiceError):
    """It was there, and will not be again."""

    status = HTTPStatus.GONE
    code = "gone"


class TooLargeError(ServiceError):
    """More bytes than are taken."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too_large"


class InvalidError(ServiceError):
    """It has the wrong form or does not hold together."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "invalid"


class PreconditionError(ServiceError):
    """What the caller made a condition does not hold."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "precondition_failed"


class MediaTypeError(ServiceError):
    """Another kind of content than this takes."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code = "unsupported_media_type"


class TooSlowError(ServiceError):
    """The rest of a request did not come."""

    status = HTTPStatus.REQUEST_TIMEOUT
    code = "too_slow"


class ChecksumError(ServiceError):
    """Bytes are not those that were sent; 460 is the status that the tus protocol has for it."""

    status = 460
    code = "checksum_mismatch"


class LockedError(ServiceError):
    """Somebody else is at it."""

    status = HTTPStatus.LOCKED
    code = "locked"


class TooManyError(ServiceError):
    """More than is granted; the answer says when to come again."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too_many"

    def __init__(self, what: str, *, retry_after: int, **more: Any):
        more["headers"] = {**more.get("headers", {}), "Retry-After": str(max(1, retry_after))}
        super().__init__(what, **more)


class OverQuotaError(ServiceError):
    """An organization has what its quota grants."""

    status = HTTPStatus.FORBIDDEN
    code = "over_quota"


class UnavailableError(ServiceError):
    """The service cannot do it now; the same will work later."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "unavailable"

    def __init__(self, what: str, *, retry_after: int = 5, **more: Any):
        more["headers"] = {**more.get("headers", {}), "Retry-After": str(retry_after)}
        super().__init__(what, **more)


class FullError(UnavailableError):
    """There is no room left where the service keeps things; what waits goes on when there is."""

    status = HTTPStatus.INSUFFICIENT_STORAGE
    code = "full"

    def __init__(self, what: str = "there is no room left for it here", **more: Any):
        more.setdefault("retry_after", 60)
        super().__init__(what, **more)


def title_of(status: int) -> str:
    """A status in words."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # One that the list of HTTP does not have.
        return "Checksum Mismatch" if status == ChecksumError.status else "Error"


class Fault(BaseModel):
    """One thing that is wrong with what was sent."""

    where: str = Field(description="Where: `body.title`, `query.limit`, `line 12`.")
    what: str = Field(description="What is wrong there.")


class Problem(BaseModel):
    """An error, as every route tells it (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Not Found",
                    "status": 404,
                    "code": "not_found",
                    "detail": "there is no such photograph",
                    "request": "rq_01jxamplexamplexamplexampl",
                }
            ]
        }
    )

    type: str = "about:blank"
    title: str = Field(description="The status in words.")
    status: int
    code: str = Field(description="For programs; stays the same from release to release.")
    detail: str = Field(description="For people: what was wrong, where, what to do.")
    request: str = Field(description="The request's id, as the service's logs have it.")
    faults: list[Fault] = Field(default_factory=list)
