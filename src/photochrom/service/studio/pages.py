"""Serves the studio: files that a build has made, and one page for all addresses of its own."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Match
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BUILT = Path(__file__).parent.parent / "static"
"""Where a build of the studio lies in the package."""

_INDEX = "index.html"
_HASHED = "assets"  # Names in there hold a digest of what is in them.
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK = "no-cache"
_COMPRESSED = frozenset({".woff2", ".png", ".webp", ".jpg"})

_MISSING = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>photochrom</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root { color-scheme: light dark; }
body { max-width: 34rem; margin: 12vh auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; }
</style></head>
<body><main>
<h1>photochrom</h1>
<p>The service runs, and its API is at <code>/v1</code>. Its pages are not in this installation:
it was made from sources without them.</p>
<p>To make them, run <code>make studio</code> in the sources, or install photochrom from a package
index. Then start the service again.</p>
</main></body></html>
"""


class Pages(BaseRoute):
    """Every address that is not the API's: a file of the studio, or its page, which finds its own
    way from there. Whoever asks for something else than a page is told that there is nothing.

    It is a route that knows which addresses it has, so that what lies under the API is answered
    as it would be without it.
    """

    def __init__(self, folder: Path, api: str):
        self._api = api.strip("/")
        self._is_built = (folder / _INDEX).is_file()
        self._folder = folder
        # Pages are text, which goes over the line at a third of its size.
        files = StaticFiles(directory=folder, check_dir=False)
        self._files: ASGIApp = files
        self._packed: ASGIApp = GZipMiddleware(files, minimum_size=1000)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether this is one of the studio's addresses."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            return Match.NONE, {}
        first = scope["path"].strip("/").partition("/")[0]
        return (Match.NONE if first == self._api else Match.FULL), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers."""
        name = scope["path"].strip("/") or _INDEX
        # A file's address is looked for as it is; any other that people go to is one of the pages.
        if not self._is_file(name) and "text/html" in Headers(scope=scope).get("accept", ""):
            name = _INDEX
        if not self._is_built:
            if name != _INDEX:
                raise HTTPException(404)
            await HTMLResponse(_MISSING, 404)(scope, receive, send)
            return
        kept = _FOR_EVER if name.startswith(f"{_HASHED}/") else _ASK

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                MutableHeaders(scope=message)["Cache-Control"] = kept
            await send(message)

        serve = self._files if Path(name).suffix in _COMPRESSED else self._packed
        await serve({**scope, "path": f"/{name}", "root_path": ""}, receive, answer)

    def _is_file(self, name: str) -> bool:
        # Only whether; which file it is, and that it lies inside, is the library's to find out.
        return ".." not in name.split("/") and "\0" not in name and (self._folder / name).is_file()


def serve_studio(app: FastAPI, api: str, folder: Path = BUILT) -> None:
    """Adds the studio to an application, after everything else that it serves.

    Args:
        app: The application.
        api: What lies under it is none of the studio's pages.
        folder: A build of the studio; if there is none, a page says so.
    """
    app.router.routes.append(Pages(folder, api))
