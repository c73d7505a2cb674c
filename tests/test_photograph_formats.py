"""JPEG 2000, AVIF, HEIC, JPEG of 12 bits and Netpbm: depth, profile and metadata are kept."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from types import ModuleType

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image, JpegImagePlugin

from conftest import Ran
from photochrom.errors import PhotographError
from photochrom.photograph import SUFFIXES, Photograph, heif_in
from photochrom.photograph.boxes import boxes, brands, find

XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
photoshop:DateCreated="1921-05-17"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">Harbor
</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"""
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
IPTC_UUID = bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38")


def picture(dtype: str = "uint8", color: bool = False) -> np.ndarray:
    """(60, 80) or (60, 80, 3), smooth, over the full range."""
    y, x = np.mgrid[:60, :80]
    planes = [(x * 255 / 79), (y * 255 / 59), (x + y) * 255 / 138]
    full = np.iinfo(dtype).max
    whole = np.dstack(planes) if color else planes[2]
    return np.rint(whole / 255 * full).astype(dtype)


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def jp2(pixels: np.ndarray, *, header: bytes = b"", after: bytes = b"", large: int = 0) -> bytes:
    """A lossless JP2 with more boxes in its header, and behind it."""
    data = imagecodecs.jpeg2k_encode(pixels, level=0, codecformat="jp2")
    file, out = io.BytesIO(data), b""
    for one in boxes(file):
        content = one.read(file)
        if one.kind == b"jp2h":
            content = header + content if header[4:8] == b"colr" else content + header
            out += box(one.kind, content) + box(b"free", bytes(large)) * bool(large)
        else:
            out += box(one.kind, content)
    return out + after


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("color", [False, True])
def test_jpeg2000_comes_back_to_the_bit(tmp_path: Path, dtype: str, color: bool) -> None:
    pixels = picture(dtype, color)
    # Whatever stands before the code stream.
    (tmp_path / "a.jp2").write_bytes(jp2(pixels, large=9000))
    opened = Photograph.open(tmp_path / "a.jp2")
    np.testing.assert_array_equal(opened.pixels, pixels)
    assert (opened.pixels.dtype, opened.info.bit_depth) == (dtype, int(dtype[4:]))


def test_jpeg2000_of_12_bits(tmp_path: Path) -> None:
    pixels = picture("uint16") >> 4
    data = imagecodecs.jpeg2k_encode(pixels, level=0, codecformat="j2k", bitspersample=12)
    (tmp_path / "a.j2k").write_bytes(data)
    opened = Photograph.open(tmp_path / "a.j2k")
    assert opened.info.bit_depth == 12
    assert np.abs(opened.pixels - pixels * (65535 / 4095)).max() <= 0.5


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_the_profile_of_a_jpeg2000_is_applied(tmp_path: Path, dtype: str) -> None:
    profile = imagecodecs.cms_profile("adobergb")
    color = box(b"colr", bytes([2, 0, 0]) + profile)
    pixels = picture(dtype, color=True)
    (tmp_path / "a.jp2").write_bytes(jp2(pixels, header=color))
    tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="rgb", iccprofile=profile)
    opened, wanted = (Photograph.open(tmp_path / name) for name in ("a.jp2", "a.tif"))
    assert opened.info.profile == wanted.info.profile is not None
    np.testing.assert_array_equal(opened.pixels, wanted.pixels)
    assert np.abs(opened.pixels / 257 - picture("uint8", color=True)).max() > 20


def test_the_gray_profile_of_a_jpeg2000(tmp_path: Path) -> None:
    profile = imagecodecs.cms_profile("gray", gamma=1.0)
    color = box(b"colr", bytes([3, 0, 0]) + profile)
    (tmp_path / "a.jp2").write_bytes(jp2(picture(), header=color))
    middle = Photograph.open(tmp_path / "a.jp2").pixels[picture() == 55]
    assert np.abs(middle / 257 - 127.5).max() < 2  # 55 of 255 in linear light is 127.


def test_what_is_written_in_a_jpeg2000_is_read(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x013B], exif[274] = "Ola Nordmann", 6
    iptc = b"\x1c\x02\x6e" + struct.pack(">H", 7) + b"Archive"
    after = box(b"uuid", XMP_UUID + XMP) + box(b"uuid", IPTC_UUID + iptc)
    after += box(b"uuid", b"JpgTiffExif->JP2" + exif.tobytes().removeprefix(b"Exif\0\0"))
    # 11811 dots per meter, a third of an inch less than 300 to the inch... of 300.
    dots = struct.pack(">HHHHbb", 11811, 1, 23622, 1, 0, 0)
    (tmp_path / "a.jp2").write_bytes(
        jp2(picture(), header=box(b"res ", box(b"resc", dots)), after=after)
    )
    info = Photograph.open(tmp_path / "a.jp2").info
    assert (info.caption, info.catalog_date, info.year) == ("Harbor", "1921-05-17", 1921)
    assert (info.creator, info.credit, info.orientation) == ("Ola Nordmann", "Archive", 6)
    assert (info.width, info.height) == (60, 80)
    assert info.dpi == (300.0, 600.0)  # Turned with the picture.


def test_a_code_stream_larger_than_its_header_is_refused(tmp_path: Path) -> None:
    data = jp2(picture("uint16"))
    at = data.index(b"\xff\x4f\xff\x51")
    huge = struct.pack(">2I", 60_000, 60_000)
    (tmp_path / "a.jp2").write_bytes(data[: at + 8] + huge + data[at + 16 :])
    with pytest.raises(PhotographError, match="disagree on the size"):
        Photograph.open(tmp_path / "a.jp2")


def test_boxes_that_make_no_sense_end(tmp_path: Path) -> None:
    for data in (b"\0\0\0\3abcd", b"\0\0\0\1abcd\0", b"\0\0\0\1abcd" + bytes(8), b"\0" * 7):
        assert [one.kind for one in boxes(io.BytesIO(data))] == []
    endless = box(b"free", b"") * 3 + struct.pack(">I4s", 2**31, b"last")
    assert [one.kind for one in boxes(io.BytesIO(endless))] == [b"free"] * 3 + [b"last"]
    assert find(io.BytesIO(box(b"meta", bytes(4) + box(b"iprp", b"12"))), b"meta", b"iprp")
    assert find(io.BytesIO(endless), b"meta", b"iprp") is None
    assert (
        brands(struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"mif1", 0, b"mif1", b"avif"))[-1] == b"avif"
    )
    assert brands(b"RIFF....WEBP") == []


@pytest.mark.parametrize("bits", [8, 10, 12])
@pytest.mark.parametrize("color", [False, True])
def test_avif_keeps_its_depth(tmp_path: Path, bits: int, color: bool) -> None:
    pixels = picture("uint16", color) >> (16 - bits)
    pixels = pixels.astype(np.uint8) if bits == 8 else pixels
    data = imagecodecs.avif_encode(pixels, level=100, bitspersample=bits)
    (tmp_path / "a.avif").write_bytes(data)
    opened = Photograph.open(tmp_path / "a.avif")
    assert opened.info.bit_depth == bits
    assert opened.pixels.dtype == (np.uint8 if bits == 8 else np.uint16)
    full = np.iinfo(opened.pixels.dtype).max
    error = opened.pixels / full - pixels / (2**bits - 1)
    assert np.abs(error).max() < 2 / 2**bits + (0.01 if color else 0)


@pytest.mark.parametrize("color", [False, True])
def test_jpeg_of_12_bits(tmp_path: Path, color: bool) -> None:
    pixels = picture("uint16", color) >> 4
    data = imagecodecs.jpeg8_encode(pixels, bitspersample=12, level=98)
    exif = Image.Exif()
    exif[0x010E], exif[274] = "The harbor", 8
    block = exif.tobytes()
    app1 = b"\xff\xe1" + struct.pack(">H", 2 + len(block)) + block
    (tmp_path / "a.jpg").write_bytes(data[:2] + app1 + data[2:])
    opened = Photograph.open(tmp_path / "a.jpg")
    wanted = np.rot90(pixels).astype(float) * (65535 / 4095)
    assert np.abs(opened.pixels - wanted).max() < 65535 / 100
    assert (opened.info.bit_depth, opened.info.caption) == (12, "The harbor")
    assert (opened.pixels % 257 != 0).any()  # Which 8 bits could not give.
    assert Photograph.probe(tmp_path / "a.jpg") == opened.info


@pytest.mark.parametrize("bits", [8, 12, 16])
def test_lossless_jpeg(tmp_path: Path, bits: int) -> None:
    pixels = picture("uint16") >> (16 - bits)
    pixels = pixels.astype(np.uint8) if bits == 8 else pixels
    data = imagecodecs.jpeg8_encode(pixels, bitspersample=bits, lossless=True)
    (tmp_path / "a.jpg").write_bytes(data)
    opened = Photograph.open(tmp_path / "a.jpg")
    full = np.iinfo(opened.pixels.dtype).max
    assert np.abs(opened.pixels - pixels * (full / (2**bits - 1))).max() <= 0.5
    assert opened.info.bit_depth == bits


def test_a_jpeg_of_12_bits_that_ends_early(tmp_path: Path) -> None:
    data = imagecodecs.jpeg8_encode(picture("uint16") >> 4, bitspersample=12)
    for share in (0.05, 0.2, 0.5, 0.9):
        (tmp_path / "a.jpg").write_bytes(data[: int(len(data) * share)])
        with pytest.raises(PhotographError, match="truncated or damaged"):
            Photograph.open(tmp_path / "a.jpg")


def test_cmyk_jpegs_of_12_bits_are_refused_clearly(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.new("CMYK", (32, 32)).save(buffer, "JPEG")
    frame = buffer.getvalue().index(b"\xff\xc0")
    data = buffer.getvalue()
    (tmp_path / "a.jpg").write_bytes(data[: frame + 4] + b"\x0c" + data[frame + 5 :])
    with pytest.raises(PhotographError, match="CMYK JPEG files of 12 bits a sample cannot be read"):
        Photograph.open(tmp_path / "a.jpg")


def netpbm(kind: str, pixels: np.ndarray, most: int) -> bytes:
    height, width = pixels.shape[:2]
    head = f"{kind}\n# by hand\n{width} {height}\n# {most}\n{most}\n".encode()
    if kind in ("P2", "P3"):
        return head + " ".join(map(str, pixels.ravel())).encode() + b"\n"
    return head + pixels.astype(">u2" if most > 255 else "u1").tobytes()


@pytest.mark.parametrize("kind", ["P2", "P3", "P5", "P6"])
@pytest.mark.parametrize("most", [1, 100, 255, 1000, 4095, 65535])
def test_netpbm_of_any_white(tmp_path: Path, kind: str, most: int) -> None:
    color = kind in ("P3", "P6")
    pixels = np.rint(picture("uint16", color) * (most / 65535)).astype(np.int64)
    (tmp_path / "a.pnm").write_bytes(netpbm(kind, pixels, most))
    opened = Photograph.open(tmp_path / "a.pnm")
    full = 255 if most < 256 else 65535
    assert opened.pixels.dtype == (np.uint8 if most < 256 else np.uint16)
    assert np.abs(opened.pixels - pixels * (full / most)).max() <= 0.5
    assert (opened.info.format, opened.info.channels) == ("ppm", 3 if color else 1)
    assert opened.info.bit_depth == most.bit_length()


def test_bitmaps(tmp_path: Path) -> None:
    black = picture()[:, :77] < 100
    packed = np.packbits(black, axis=1).tobytes()
    (tmp_path / "a.pbm").write_bytes(b"P4 77 60\n" + packed)
    plain = b"\n".join(b" ".join(b"01"[one : one + 1] for one in row) for row in black.astype(int))
    (tmp_path / "b.pbm").write_bytes(b"P1\n77 60 # wide, high\n" + plain)
    for name in "ab":
        opened = Photograph.open(tmp_path / f"{name}.pbm").pixels
        np.testing.assert_array_equal(opened, np.where(black, 0, 255))


@pytest.mark.parametrize("kind", ["GRAYSCALE", "GRAYSCALE_ALPHA", "RGB", "RGB_ALPHA"])
@pytest.mark.parametrize("most", [255, 65535])
def test_pam(tmp_path: Path, kind: str, most: int) -> None:
    dtype = "uint8" if most == 255 else "uint16"
    color = picture(dtype, kind.startswith("RGB")).reshape(60, 80, -1)
    planes = [color] + ([np.full((60, 80, 1), most, dtype)] if "ALPHA" in kind else [])
    samples = np.concatenate(planes, axis=2)
    if "ALPHA" in kind:
        samples[0, 0, -1] = 0
    head = f"P7\nWIDTH 80\nHEIGHT 60\n# by hand\nDEPTH {samples.shape[2]}\nMAXVAL {most}\n"
    head += f"TUPLTYPE {kind}\nENDHDR\n"
    data = samples.astype(">u2" if most > 255 else "u1").tobytes()
    (tmp_path / "a.pam").write_bytes(head.encode() + data)
    opened = Photograph.open(tmp_path / "a.pam")
    wanted = color.copy()
    if "ALPHA" in kind:
        wanted[0, 0] = most
    np.testing.assert_array_equal(opened.pixels.reshape(wanted.shape), wanted)
    assert opened.info.alpha == ("ALPHA" in kind)


@pytest.mark.parametrize("scale", ["-1.0", "1.0"])
@pytest.mark.parametrize("color", [False, True])
def test_pfm_has_its_rows_from_the_bottom(tmp_path: Path, scale: str, color: bool) -> None:
    values = picture("uint16", color).astype(np.float32) / 65535
    data = values[::-1].astype("<f4" if scale[0] == "-" else ">f4").tobytes()
    head = f"{'PF' if color else 'Pf'}\n80 60\n{scale}\n".encode()
    (tmp_path / "a.pfm").write_bytes(head + data)
    opened = Photograph.open(tmp_path / "a.pfm")
    np.testing.assert_array_equal(opened.pixels, picture("uint16", color))
    assert opened.info.notices == ("32-bit float samples: 0 is black, 1 white",)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"P5\n80", "its header makes no sense"),
        (b"P5\n80 x 255\n", "its header makes no sense"),
        (b"P5\n80 60 255\nabc", "truncated or damaged"),
        (b"P2\n2 2 255\n1 2 3", "truncated or damaged"),
        (b"P2\n2 2 255\n1 2 3 70000", "truncated or damaged"),
        (b"P5\n2 2 70000\nabcdefgh", "samples of up to 70000"),
        (b"P5\n60000 60000 255\n", "more than the limit"),
        (b"P7\nWIDTH 2\nENDHDR\n", "its header makes no sense"),
        (b"P7\nWIDTH 2\n", "its header makes no sense"),
        (b"P4\n9 9\nabc", "truncated or damaged"),
        (b"P8\n9 9\nabc", "is not an image"),
        (b"Please find enclosed", "is not an image"),
    ],
)
def test_netpbm_that_makes_no_sense(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "a.pnm").write_bytes(data)
    with pytest.raises(PhotographError, match=words) as caught:
        Photograph.open(tmp_path / "a.pnm")
    assert "\n" not in str(caught.value)


def test_a_tiff_of_a_few_bytes_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(b"II*\0torn")
    with pytest.raises(PhotographError, match="has no pixels; copy or scan it again"):
        Photograph.open(tmp_path / "a.tif")


@pytest.fixture
def writer() -> ModuleType:
    return pytest.importorskip("pillow_heif", reason="pillow-heif writes the HEIC of this test")


@pytest.mark.parametrize("color", [False, True])
def test_heic(tmp_path: Path, writer: ModuleType, color: bool) -> None:
    exif = Image.Exif()
    exif[0x010E], exif[274] = "The harbor", 6
    profile = imagecodecs.cms_profile("adobergb")
    image = writer.from_pillow(Image.fromarray(picture("uint8", color)))
    image.info["exif"], image.info["xmp"] = exif.tobytes(), XMP
    if color:
        image.info["icc_profile"] = profile
    image.save(tmp_path / "a.heic", quality=-1, chroma=444)
    opened = Photograph.open(tmp_path / "a.heic")
    info = opened.info
    assert (info.format, info.bit_depth, info.channels) == ("heif", 8, 3 if color else 1)
    assert (info.caption, info.year) == ("Harbor", 1921)
    assert (info.width, info.height) == (60, 80)
    assert (info.profile is not None) == color
    if not color:
        wanted = np.rot90(picture(), -1).astype(int)
        assert np.abs(opened.pixels - wanted).max() <= 2


def test_heic_keeps_its_depth(tmp_path: Path, writer: ModuleType) -> None:
    pixels = picture("uint16", color=True)
    image = writer.from_bytes("RGB;16", (80, 60), pixels.tobytes())
    image.save(tmp_path / "a.heic", quality=-1, bit_depth=10, chroma=444)
    opened = Photograph.open(tmp_path / "a.heic")
    assert (opened.pixels.dtype, opened.info.bit_depth) == (np.uint16, 10)
    assert np.abs(opened.pixels / 65535 - pixels / 65535).max() < 0.01
    assert opened.pixels.max() > 65000


def test_several_pictures_in_a_heic(tmp_path: Path, writer: ModuleType) -> None:
    image = writer.HeifFile()
    for level in (40, 200):
        image.add_from_pillow(Image.new("L", (64, 48), level))
    image.save(tmp_path / "a.heic", quality=90)
    assert abs(int(Photograph.open(f"{tmp_path / 'a.heic'}#page=2").pixels.mean()) - 200) < 4
    assert abs(int(Photograph.open(f"{tmp_path / 'a.heic'}#page=1").pixels.mean()) - 40) < 4
    opened = Photograph.open(tmp_path / "a.heic")
    assert f"the file has 2 pages, and page {opened.info.page} was taken" in opened.info.notices[0]
    image.save(tmp_path / "b.heic", quality=90, primary_index=1)
    second = Photograph.open(tmp_path / "b.heic")
    assert abs(int(second.pixels.mean()) - 200) < 4
    assert second.info.notices == (
        "the file has 2 pages, and page 2 was taken (FILE#page=1 names another)",
    )
    with pytest.raises(PhotographError, match="has 2 pages, no page 3"):
        Photograph.open(f"{tmp_path / 'a.heic'}#page=3")


def test_a_truncated_heic(tmp_path: Path, writer: ModuleType) -> None:
    buffer = io.BytesIO()
    writer.from_pillow(Image.fromarray(picture("uint8", color=True))).save(buffer, quality=90)
    for share in (0.3, 0.7, 0.95):
        (tmp_path / "a.heic").write_bytes(buffer.getvalue()[: int(share * buffer.tell())])
        with pytest.raises(PhotographError, match="truncated or damaged"):
            Photograph.open(tmp_path / "a.heic")


def test_either_twin_reads_heic(
    tmp_path: Path, writer: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.from_pillow(Image.fromarray(picture())).save(tmp_path / "a.heic")
    monkeypatch.setattr(heif_in, "_MODULES", ("nowhere", "pillow_heif"))
    assert Photograph.open(tmp_path / "a.heic").width == 80


def test_heic_without_a_reader_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, photochrom: object
) -> None:
    monkeypatch.setattr(heif_in, "_MODULES", ("nowhere",))
    head = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"mif1", 0, b"mif1", b"heic")
    (tmp_path / "a.heic").write_bytes(head + bytes(100))
    with pytest.raises(PhotographError, match="is HEIC, which needs a reader") as caught:
        Photograph.open(tmp_path / "a.heic")
    assert caught.value.fix == "run: pip install 'photochrom[heic]'"
    assert callable(photochrom)
    ran: Ran = photochrom("inspect", tmp_path / "a.heic")
    assert ran.code == 2 and "Traceback" not in ran.err and "photochrom[heic]" in ran.err


def test_folders_are_searched_for_heic_where_it_can_be_read() -> None:
    assert (".heic" in SUFFIXES) == (heif_in.reader() is not None)


def test_pillow_is_never_asked_for_12_bits(tmp_path: Path) -> None:
    """What Pillow says of a JPEG of 12 bits, which is why its header is changed for it."""
    data = imagecodecs.jpeg8_encode(picture("uint16") >> 4, bitspersample=12)
    with pytest.raises(SyntaxError):
        JpegImagePlugin.JpegImageFile(io.BytesIO(data))
