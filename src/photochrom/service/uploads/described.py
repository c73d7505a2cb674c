"""What the specification says of uploads, whose headers and bodies no schema of ours describes."""

from __future__ import annotations

from typing import Any

from photochrom.service.core.problems import Problem
from photochrom.service.uploads import protocol

HEADERS = {
    "Upload-Offset": {
        "description": "So many bytes are here and safe.",
        "schema": {"type": "integer"},
    },
    "Upload-Expires": {
        "description": "It is kept until then.",
        "schema": {"type": "string"},
    },
    "Photochrom-Photograph": {
        "description": "The photograph that it has become.",
        "schema": {"type": "string"},
    },
}
ERRORS: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "The bytes belong elsewhere: ask for the offset."},
    410: {"model": Problem, "description": "It was taken back, or its bytes are lost."},
    412: {"model": Problem, "description": "Another version of the protocol."},
    413: {"model": Problem, "description": "More bytes than are taken."},
    415: {"model": Problem, "description": "Another content type."},
    423: {"model": Problem, "description": "Another request writes to it."},
    460: {"model": Problem, "description": "Other bytes came than were sent."},
    507: {"model": Problem, "description": "There is no room left."},
}
_PIECE = {
    "requestBody": {"content": {protocol.CHUNK: {"schema": {"type": "string", "format": "binary"}}}}
}


def _told(*names: str, required: bool = True) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "header", "required": required, "schema": {"type": "string"}}
        for name in names
    ]


CREATE = {
    **_PIECE,
    "parameters": [
        *_told("Tus-Resumable", "Upload-Length"),
        *_told("Upload-Metadata", "Upload-Checksum", required=False),
    ],
}
GO_ON = {
    **_PIECE,
    "parameters": [
        *_told("Tus-Resumable", "Upload-Offset"),
        *_told("Upload-Checksum", required=False),
    ],
}
NAMED = {"parameters": _told("Tus-Resumable")}
FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "collection": {"type": "string"},
                        "keep_duplicate": {"type": "string", "enum": ["true", "false"]},
                    },
                }
            }
        },
    }
}
