"""Logs: lines for people on a terminal, JSON elsewhere; with whose request or job it was.

What is secret is taken out last of all, whoever has put it in: by the names of fields, and by its
form in any text.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any, Final, Literal, TextIO

import structlog

HIDDEN: Final = "***"

_SECRET_NAMES = re.compile(
    r"authorization|cookie|passw|secret|token|csrf|signature|api_?key|credential", re.IGNORECASE
)
_SECRET_TEXTS = (
    re.compile(r"(?i)\b((?:bearer|basic)\s+)[\w.~+/=-]{6,}"),
    re.compile(r"\b(pck_[A-Za-z0-9]+_)[\w-]+"),
    re.compile(r"(://[^\s/:@]*:)[^\s/@]+(?=@)"),
    re.compile(
        r"(?i)\b((?:authorization|(?:set-)?cookie|x-csrf-token)['\"]?\s*[:=]\s*['\"]?)[^'\"\n]+"
    ),
    re.compile(r"(?i)([?&#](?:signature|token|secret|password|code|state)=)[^\s&#'\"]+"),
)


def configure_logs(form: Literal["auto", "text", "json"], stream: TextIO | None = None) -> None:
    """Lets all that is logged in this process, by whatever library, go out in one form.

    Args:
        form: The setting.
        stream: Where to; standard error if it is None.
    """
    stream = stream or sys.stderr
    text = form == "text" or (form == "auto" and stream.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # Plain tracebacks: those with local variables would show whatever secrets those hold.
        structlog.processors.ExceptionRenderer(_traceback),
    ]
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(
            colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
        if text
        else structlog.processors.JSONRenderer(default=str)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, hide, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Other libraries' remarks name addresses and queries; only what is wrong is wanted of them.
    root.setLevel(logging.WARNING)
    logging.getLogger("photochrom").setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.INFO)


def _traceback(exc_info: structlog.typing.ExcInfo) -> str:
    return "".join(traceback.format_exception(*exc_info)).rstrip()


def hide(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Takes out of a line what nobody may read there."""
    for name, value in event.items():
        # What structlog itself goes by is no text of anybody's.
        if not name.startswith("_"):
            event[name] = _hidden(name, value)
    return event


def _hidden(name: str, value: Any) -> Any:
    if _SECRET_NAMES.search(name) and value is not None:
        return HIDDEN
    if isinstance(value, Mapping):
        return {str(one): _hidden(str(one), what) for one, what in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_hidden("", one) for one in value]
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    return without_secrets(str(value))


def without_secrets(text: str) -> str:
    """A text without what has the form of a secret."""
    for one in _SECRET_TEXTS:
        text = one.sub(rf"\g<1>{HIDDEN}", text)
    return text
