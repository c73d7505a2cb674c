"""What tests of metadata need: small files with metadata in them, and exiftool as the judge."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import struct
import subprocess
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from photochrom.photograph import Known, Photograph
from photochrom.photograph.metadata import exif, ifd, iim
from photochrom.photograph.metadata.reading import blocks_of
from photochrom.photograph.metadata.xmp import Packet

EXIFTOOL = shutil.which("exiftool")
needs_exiftool = pytest.mark.skipif(EXIFTOOL is None, reason="exiftool is not installed")

# Tags of a directory that hold blocks with an inside of their own: a text in them breaks the file.
_BLOCKS = {"ApplicationNotes", "IPTC-NAA", "PhotoshopSettings", "ICC_Profile", "PrintIM"}
_BLOCKS |= {"GeoTiffDirectory", "GeoTiffDoubleParams", "OriginalRawFileData", "ImageSourceData"}
_BLOCKS |= {"IPTC", "XMP", "EXIF", "GDALNoData", "Opto-ElectricConvFactor", "CFAPattern"}

FORMATS = {"tiff": "tif", "jpeg": "jpg", "png": "png", "webp": "webp", "jp2": "jp2"}


def pixels(height: int = 30, width: int = 40, seed: int = 0) -> np.ndarray[Any, Any]:
    return np.random.default_rng(seed).integers(0, 256, (height, width)).astype(np.uint8)


def bare(path: Path, seed: int = 0) -> Path:
    """A picture without metadata, of the kind that its ending says."""
    array = pixels(seed=seed)
    if path.suffix == ".jp2":
        path.write_bytes(imagecodecs.jpeg2k_encode(array, level=0, codecformat="jp2"))
    elif path.suffix == ".tif":
        tifffile.imwrite(path, array, photometric="minisblack", metadata=None)
    else:
        Image.fromarray(array).save(path)
    return path


def exiftool(*arguments: str | Path, check: bool = True) -> str:
    assert EXIFTOOL is not None
    command = [EXIFTOOL, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=check).stdout


def read(path: Path) -> dict[str, Any]:
    """All that exiftool reads in a file, by group and tag; what is about the file itself is not."""
    (found,) = json.loads(exiftool("-j", "-G1", "-n", "-a", "-struct", path))
    about = ("System", "File", "ExifTool", "Composite", "SourceFile", "JFIF", "Jpeg2000", "PNG")
    groups = (*about, "ICC_Profile", "ICC-header", "RIFF", "XMP-photochrom", "XMP-x")
    return {key: value for key, value in found.items() if key.split(":")[0] not in groups}


def writable() -> list[str]:
    """An argument for each tag of EXIF, GPS, IPTC and XMP that exiftool can write, with a value."""
    tree = ElementTree.fromstring(exiftool("-listx", "-f", "-s", "-lang", "en"))
    tables = {"Exif::Main": "EXIF", "GPS::Main": "GPS"}
    arguments = []
    for table in tree.iter("table"):
        name = table.get("name", "")
        for tag in table.iter("tag"):
            group = tag.get("g1") or table.get("g1") or ""
            wanted = name in tables or (table.get("g0") in ("IPTC", "XMP"))
            wanted = wanted and tag.get("name") not in _BLOCKS and group != "IFD1"
            if not wanted or tag.get("writable") != "true":
                continue
            arguments.append(f"-{tables.get(name, group)}:{tag.get('name')}={_sample(tag)}")
    return arguments


def _sample(tag: ElementTree.Element) -> str:
    key = tag.find("values/key")
    if key is not None:
        return key.get("id", "")
    kind, name, count = tag.get("type", ""), tag.get("name", ""), tag.get("count", "1")
    many = int(count) if count.isdigit() else 1
    if kind == "digits":
        return "1" * many
    if kind == "boolean":
        return "True"
    if kind == "date" or "Date" in name:
        return "1931:05:17 12:00:00"
    if kind.startswith("int"):
        return " ".join(["1"] * many)
    if kind.startswith(("rational", "real", "float", "double")):
        return " ".join(["1.5"] * many)
    return f"T {name}"[: many if many > 1 else 64]


def tag_all(path: Path, arguments: Sequence[str], folder: Path) -> None:
    """Write all tags at once; those that exiftool refuses are left out."""
    file = folder / "arguments"
    file.write_text("\n".join(["-n", "-m", "-overwrite_original", *arguments, str(path)]))
    exiftool("-@", file, check=False)


def data_set(record: int, number: int, data: bytes) -> bytes:
    return struct.pack(">BBBH", 0x1C, record, number, len(data)) + data


def resource(number: int, data: bytes) -> bytes:
    head = b"8BIM" + struct.pack(">H", number) + b"\0\0" + struct.pack(">I", len(data))
    return head + data + bytes(len(data) % 2)


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def jpeg_with(path: Path, *segments: bytes, **options: Any) -> Path:
    """A JPEG with segments of our own making."""
    Image.fromarray(pixels()).save(path, "JPEG", extra=b"".join(segments), **options)
    return path


def photoshop(*resources: bytes) -> bytes:
    return segment(0xED, b"Photoshop 3.0\0" + b"".join(resources))


def iptc(*sets: bytes) -> bytes:
    return photoshop(resource(0x0404, b"".join(sets)))


def xmp(properties: str, namespaces: str = "") -> bytes:
    """A packet with properties as XML."""
    return (
        "<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?>"
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"'
        f" {namespaces}>{properties}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    ).encode()


def described(text: str) -> str:
    item = f'<rdf:li xml:lang="x-default">{text}</rdf:li>'
    return f"<dc:description><rdf:Alt>{item}</rdf:Alt></dc:description>"


def xmp_segment(packet: bytes) -> bytes:
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet)


def big_endian(block: bytes) -> bytes:
    """The same EXIF block as a camera of the other byte order writes it."""
    picture = Image.Exif()
    picture.load(block)
    picture.endian = ">"
    data = picture.tobytes()
    assert data[6:8] == b"MM"
    return data


def png_chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def png_with(path: Path, *chunks: bytes, late: bool = False) -> Path:
    """A PNG with chunks of our own, before its pixels or behind them."""
    file = io.BytesIO()
    Image.fromarray(pixels()).save(file, "PNG")
    data = file.getvalue()
    at = data.index(b"IEND" if late else b"IDAT") - 4
    path.write_bytes(data[:at] + b"".join(chunks) + data[at:])
    return path


def derived(scan: Path, format: str = "jpeg", **options: Any) -> Path:
    path = scan.parent / f"derived-{scan.stem}.{FORMATS[format]}"
    Photograph.open(scan).save(path, **options)
    return path


def packet_of(path: Path) -> Packet:
    format = Photograph.probe(path).format
    packet = Packet.parse(blocks_of(path, format).xmp)
    assert packet is not None
    return packet


def sets_of(path: Path) -> list[iim.DataSet]:
    return iim.read(blocks_of(path, Photograph.probe(path).format).iptc)


def exif_of(path: Path) -> ifd.Directory:
    return exif.read_block(blocks_of(path, Photograph.probe(path).format).exif)


NESTED = """
<my:box rdf:parseType="Resource"><my:shelf>4</my:shelf><my:notes><rdf:Bag>
<rdf:li xml:lang="de">Über &lt;alles&gt; &amp; mehr</rdf:li><rdf:li rdf:parseType="Resource">
<my:deep><rdf:Seq><rdf:li>  spaces  </rdf:li></rdf:Seq></my:deep></rdf:li></rdf:Bag></my:notes>
</my:box><my:link rdf:resource="http://example.org/a?b=c&amp;d"/><my:short my:x="1" my:y="2"/>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Harbor</rdf:li>
<rdf:li xml:lang="nb">Havna</rdf:li></rdf:Alt></dc:description>
<my:qualified rdf:parseType="Resource"><rdf:value>v</rdf:value><my:by>me</my:by></my:qualified>"""


def extended(packet: bytes, extension: bytes) -> list[bytes]:
    """Segments of a packet with an extension, whose parts are out of order."""
    digest = hashlib.md5(extension, usedforsecurity=False).hexdigest().upper().encode()
    head = b"http://ns.adobe.com/xmp/extension/\0" + digest
    parts = [
        segment(0xE1, head + struct.pack(">II", len(extension), at) + extension[at : at + 50_000])
        for at in range(0, len(extension), 50_000)
    ]
    named = packet.replace(b"0" * 32, digest)
    return [xmp_segment(named), *reversed(parts)]


def camera_exif() -> bytes:
    """What a camera on a copy stand writes, and a cataloger added."""
    picture = Image.Exif()
    picture.endian = "<"
    picture[0x010E] = "Harbor"
    picture[0x010F], picture[0x0110], picture[0x0112] = "Canon", "EOS R5", 6
    picture[0x9C9B] = "Titel\0".encode("utf-16-le")
    inside = picture.get_ifd(0x8769)
    inside[0x9003], inside[0x9004] = "1931:05:17 12:00:00", "2019:03:02 10:00:00"
    inside[0x927C], inside[0xA002], inside[0x9214] = b"maker note", 9999, (1, 2)
    inside[0x9286] = b"UNICODE\0" + "Kai – Bergen".encode("utf-16-be")
    inside[0x829A] = 0.5
    gps = picture.get_ifd(0x8825)
    gps[1], gps[2], gps[29] = "N", (60.0, 23.0, 24.0), "1931:05:17"
    return picture.tobytes()


KNOWN = Known(
    caption="Der Hafen am Mittag",
    people=("Ola Nordmann", "Kari"),
    place="Bergen, Norway",
    date="1931-05-17",
    credit="City archive",
    license="CC BY 4.0",
    source="Box 4",
    identifier="ubb-1234",
)


UTF_8 = data_set(1, 90, b"\x1b%G")
