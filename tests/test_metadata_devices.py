"""Texts that devices write are no captions, and what people write is."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from metadata_kit import described, jpeg_with, xmp, xmp_segment
from photochrom.photograph import Photograph
from photochrom.photograph.metadata import exif
from photochrom.photograph.metadata.device_texts import is_device_text
from photochrom.photograph.metadata.reading import blocks_of
from photochrom.production import draft


@pytest.mark.parametrize(
    "text",
    [
        *("OLYMPUS DIGITAL CAMERA         ", "SONY DSC", "KODAK Digital Still Camera", " "),
        *(r"DCIM\100MEDIA\DJI_0001.JPG", "Exif_JPEG_PICTURE", "Scanned image", "Created with GIMP"),
        *(
            "MINOLTA DIGITAL CAMERA",
            "SAMSUNG CAMERA PICTURES",
            "<Digimax S500 / Kenox S500>",
            "---",
        ),
        *("Konica Minolta Digital Camera", "cof", "hdrpl", "oznorCO", "Untitled", "untitled-1.tif"),
        *("File written by Adobe Photoshop? 4.0", "AppleMark", "charset=Ascii", "Image", "default"),
        *(
            "LEAD Technologies Inc. V1.01",
            "CREATOR: gd-jpeg v1.0 (using IJG JPEG v62)",
            "DIGITAL CAMERA",
        ),
        *(
            "Processed with VSCO with a6 preset",
            "IMG_1923.JPG",
            "DSC01931",
            "Scan0001",
            "Epson scan",
        ),
        *("Scanned with CamScanner", "Screenshot", "user comments", "JPEG image", "   .", "Photo"),
        *('{"shape": [30, 40]}', "ImageJ=1.53t", "binary comment"),
        *('<?xml version="1.0"?><OME xmlns="x"><Image/></OME>', "shape=(30, 40)"),
    ],
)
def test_what_devices_write(text: str) -> None:
    assert is_device_text(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Harbor",
            "Kodak",
            "A Kodak camera",
            "Grandmother with her Leica",
            "Scan of a letter, 1931",
        ),
        *(
            "Der Hafen",
            "港",
            "1931",
            "Sony Liston in Chicago",
            "Camera",
            "Photo of the team",
            "The image",
        ),
        *("Canon Smith and the choir", "Digital clock", "Film festival", "Created 1931 in Bergen"),
        *(
            "Ola",
            "Made of stone",
            "Written in stone",
            "Dave",
            "Saved!",
            "Made by hand",
            "Scanned by my uncle",
            "No. 4711: the mill",
        ),
    ],
)
def test_what_people_write(text: str) -> None:
    assert not is_device_text(text)


def test_a_device_s_text_is_no_caption_of_a_derivative_or_a_draft(tmp_path: Path) -> None:
    picture = Image.Exif()
    picture[0x010E] = "OLYMPUS DIGITAL CAMERA         "
    scans = tmp_path / "scans"
    scans.mkdir()
    scan = jpeg_with(scans / "a.jpg", exif=picture.tobytes())
    assert Photograph.probe(scan).caption is None
    assert "caption =" not in draft(scans).text
    Photograph.open(scan).save(tmp_path / "b.tif")
    kept = blocks_of(tmp_path / "b.tif", "tiff")
    assert b"OLYMPUS" not in kept.xmp
    assert exif.read_block(kept.exif).fields[exif.DESCRIPTION].data.startswith(b"OLYMPUS")
    # What a person wrote elsewhere counts.
    jpeg_with(scans / "a.jpg", xmp_segment(xmp(described("Harbor"))), exif=picture.tobytes())
    assert Photograph.probe(scan).caption == "Harbor"
    assert 'caption = "Harbor"' in draft(scans).text


def test_a_title_is_a_caption_where_there_is_no_other(tmp_path: Path) -> None:
    said = '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Harbor</rdf:li></rdf:Alt></dc:title>'
    said += "<photoshop:City>Bergen</photoshop:City><photoshop:Country>Norway</photoshop:Country>"
    scan = jpeg_with(tmp_path / "IMG_0001.jpg", xmp_segment(xmp(said)))
    info = Photograph.probe(scan)
    assert (info.caption, info.title, info.place) == (None, "Harbor", "Bergen, Norway")
    text = draft(tmp_path).text
    assert 'caption = "Harbor"' in text and 'place = "Bergen, Norway"' in text
