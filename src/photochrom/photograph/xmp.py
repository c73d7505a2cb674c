"""What is embedded in the pictures we write, as an XMP packet.

Sources: XMP (ISO 16684-1), IPTC Photo Metadata Standard 2023.1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from photochrom.photograph.scan_info import ScanInfo

_NEAR = 2**18
_OWN = "https://github.com/photochrom/photochrom/ns/1.0/"


@dataclass(frozen=True, kw_only=True)
class Embedded:
    """Metadata for a picture that is written.

    Attributes:
        description: What it shows (dc:description, and the description of TIFF and EXIF).
        creator: Who took the photograph (dc:creator).
        credit: The credit line (photoshop:Credit).
        rights: The terms of use (dc:rights).
        date_created: When the photograph was taken, ISO 8601 as far as known
            (photoshop:DateCreated).
        digital_source_type: IPTC URI that says how the picture came to be, for example
            "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia".
        provenance: Our own fields: a simple name and a text each.
    """

    description: str | None = None
    creator: str | None = None
    credit: str | None = None
    rights: str | None = None
    date_created: str | None = None
    digital_source_type: str | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def for_derivative(cls, info: ScanInfo | None, provenance: Mapping[str, str]) -> Embedded:
        """What a derivative carries over from its scan, and what was done to it."""
        own = dict(provenance)
        source_type = own.pop("digital_source_type", None)
        if info is None:
            return cls(digital_source_type=source_type, provenance=own)
        return cls(
            description=info.caption,
            creator=info.creator,
            credit=info.credit,
            rights=info.copyright,
            date_created=info.catalog_date,
            digital_source_type=source_type,
            provenance=own,
        )

    def packet(self) -> bytes:
        """Return the XMP packet: the same bytes for the same fields; empty when there are none.

        Raises:
            ValueError: A provenance name is not a simple XML name.
        """
        lines = [
            _language("dc:description", self.description),
            _sequence("dc:creator", self.creator),
            _language("dc:rights", self.rights),
            _simple("photoshop:Credit", self.credit),
            _simple("photoshop:DateCreated", self.date_created),
            _simple("Iptc4xmpExt:DigitalSourceType", self.digital_source_type),
        ]
        for name, text in self.provenance.items():
            if not re.fullmatch(r"[A-Za-z_][\w-]*", name, re.ASCII):
                raise ValueError(f"{name!r} cannot be the name of an XMP property")
            lines.append(_simple(f"photochrom:{name}", text))
        body = "".join(f"   {line}\n" for line in lines if line)
        return (_HEAD + body + _TAIL).encode() if body else b""


def made_by_us(path: Path) -> bool:
    """Whether a file is a picture that photochrom has written and labelled; False if unreadable.

    All our writers put the packet near the beginning or the end of a file.
    """
    mark = _OWN.encode()
    try:
        with path.open("rb") as file:
            if mark in file.read(_NEAR):
                return True
            file.seek(max(0, path.stat().st_size - _NEAR))
            return mark in file.read(_NEAR)
    except OSError:
        return False


_HEAD = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:photochrom="{_OWN}">
"""
_TAIL = """  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""

# XML 1.0 has no place for these, not even escaped.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _text(text: str) -> str:
    return escape(_UNPRINTABLE.sub("", text))


def _simple(name: str, text: str | None) -> str:
    return f"<{name}>{_text(text)}</{name}>" if text else ""


def _language(name: str, text: str | None) -> str:
    if not text:
        return ""
    item = f'<rdf:li xml:lang="x-default">{_text(text)}</rdf:li>'
    return f"<{name}><rdf:Alt>{item}</rdf:Alt></{name}>"


def _sequence(name: str, text: str | None) -> str:
    return f"<{name}><rdf:Seq><rdf:li>{_text(text)}</rdf:li></rdf:Seq></{name}>" if text else ""
