"""Dates as cameras, libraries and people write them, and years in names of files."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photochrom.dates import (
    Years,
    is_exact,
    is_impossible,
    iso_date,
    photographic,
    readable,
    years_in,
)
from photochrom.emulsion import Emulsion
from photochrom.photograph import ScanInfo
from photochrom.photograph.names import year_in_name
from photochrom.restoration import choose_emulsion

BARE = ScanInfo(
    path=None, format="array", width=1, height=1, bit_depth=8, channels=1, sha256="", bytes=1
)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("1931", 1931, 1931),
        ("1931-05-17", 1931, 1931),
        ("17.05.1931", 1931, 1931),
        ("May 1st, 1899", 1899, 1899),
        ("about 1931", 1931, 1931),
        ("ca. 1904", 1904, 1904),
        ("c1904", 1904, 1904),
        ("[ca. 1904?]", 1904, 1904),
        ("1904?", 1904, 1904),
        ("1904~", 1904, 1904),
        ("[not before 1904]", 1904, 1904),
        ("1931, printed 1950", 1931, 1931),
        ("1904-06", 1904, 1904),
        # Decades.
        ("1920s", 1920, 1929),
        ("1920's", 1920, 1929),
        ("192X", 1920, 1929),
        ("192x", 1920, 1929),
        ("192u", 1920, 1929),
        ("192-", 1920, 1929),
        ("192-?", 1920, 1929),
        ("[189-]", 1890, 1899),
        ("[192-?]", 1920, 1929),
        ("190?", 1900, 1909),
        ("1920er Jahre", 1920, 1929),
        ("um die 1920er", 1920, 1929),
        ("1920-tallet", 1920, 1929),
        ("1920-talet", 1920, 1929),
        ("années 1920", 1920, 1929),
        # Spans.
        ("1904/1906", 1904, 1906),
        ("1904-1906", 1904, 1906),
        ("1904–06", 1904, 1904),
        ("1904–16", 1904, 1916),
        ("1920–29", 1920, 1929),
        ("1904..1906", 1904, 1906),
        ("1904-05-17/1906", 1904, 1906),
        ("between 1904 and 1906", 1904, 1906),
        ("zwischen 1904 und 1906", 1904, 1906),
        ("entre 1904 et 1906", 1904, 1906),
        ("1904 or 1905", 1904, 1905),
        ("1890s-1910s", 1890, 1919),
        ("192X/193X", 1920, 1939),
        # Centuries.
        ("19XX", 1900, 1999),
        ("19--", 1900, 1999),
        ("19th century", 1801, 1900),
        ("early 20th century", 1901, 1933),
        ("late 19th century", 1868, 1900),
        ("19. Jahrhundert", 1801, 1900),
        ("Anfang des 20. Jahrhunderts", 1901, 1933),
        ("XIXe siècle", 1801, 1900),
        ("20. Jh.", 1901, 2000),
    ],
)
def test_years_that_a_date_means(written: str, first: int, last: int) -> None:
    assert years_in(written) == Years(first, last)


@pytest.mark.parametrize(
    "written", ["", None, "sometime", "1731", "box 21931", "17th century", "12"]
)
def test_no_years(written: str | None) -> None:
    assert years_in(written) is None


@given(st.text(max_size=40))
def test_whatever_is_written_years_are_in_order(text: str) -> None:
    years = years_in(text)
    assert years is None or years.first <= years.middle <= years.last
    assert isinstance(readable(text), str)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("192-?", "1920s"),
        ("192X", "1920s"),
        ("[189-]", "1890s"),
        ("[192-?]", "1920s"),
        ("19040517", "1904-05-17"),
        ("19XX", "20th century"),
        ("18--", "19th century"),
        ("1904~", "about 1904"),
        # As written.
        ("1920s", "1920s"),
        ("1904?", "1904?"),
        ("ca. 1904", "ca. 1904"),
        ("1904/1906", "1904/1906"),
        ("um 1904", "um 1904"),
        ("19049999", "19049999"),
    ],
)
def test_codes_of_libraries_are_shown_as_people_write_them(written: str, shown: str) -> None:
    assert readable(written) == shown
    before, after = years_in(written), years_in(shown)
    if before is not None:
        # A century begins with its first year, and its hundred years with the one before.
        assert after is not None and abs(after.first - before.first) <= 1


def test_a_span_is_no_month() -> None:
    assert iso_date("1904-1906") == "1904-1906"
    assert iso_date("1904/1906") == "1904/1906"
    assert iso_date("190406") == "1904-06"
    assert [is_exact(one) for one in ("1904", "1904-06", "1904-06-31", "1904?", "1904-13")] == [
        *(True, True, True),
        *(False, False),
    ]


def test_there_was_no_photography_before_1826() -> None:
    assert photographic(Years(1801, 1900)) == Years(1826, 1900)
    assert photographic(Years(1801, 1825)) is None
    assert photographic(None) is None


@pytest.mark.parametrize(
    "name",
    [
        *(
            "IMG_1923.jpg",
            "IMG_1923 (2).jpg",
            "IMG_1923-1.jpg",
            "IMG_1923_edited.JPG",
            "img1923.jpg",
        ),
        *("_MG_1923.tif", "DSC01931.JPG", "DSC_1931.jpg", "_DSC1931.jpg", "DSCN1931.JPG"),
        *("DSCF1931.JPG", "P1010923.JPG", "P1931.jpg", "PXL_20240301_101010.jpg"),
        *("IMG_20240301_101010.jpg", "IMG-20240301-WA0001.jpg", "100_1931.JPG", "IMGP1931.jpg"),
        *("scan0001.tif", "scan1931.tif", "Scan 1931.tif", "scan_1931.tif", "Image (1923).jpg"),
        *("SAM_1931.JPG", "R0011931.jpg", "GOPR1931.JPG", "DJI_1931.JPG", "MVC-1931.JPG"),
        *("epson1931.tif", "Picture 1931.jpg", "CIMG1931.JPG", "HPIM1931.JPG"),
    ],
)
def test_a_counter_is_no_year(name: str) -> None:
    assert year_in_name(name) is None


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("IMG_1923 harbor 1931.jpg", 1931),
        ("IMG_19430601.jpg", 1943),
        ("harbor_1923.jpg", 1923),
        ("Weihnachten1943.jpg", 1943),
        ("c1904.jpg", 1904),
        ("ca. 1904 Bergen.tif", 1904),
        ("192X harbor.jpg", 1920),
        ("[193X]_quay.tif", 1930),
        ("1920s_street.jpg", 1920),
        ("box-1931.tif", 1931),
        ("1931_0004.tif", 1931),
        ("neg_1931_04.tif", 1931),
        ("photo 1931.jpg", 1931),
    ],
)
def test_a_year_is_no_counter(name: str, year: int) -> None:
    assert year_in_name(name) == year


SCANNED = "2024-03-01T10:00:00"


def test_the_clock_of_a_camera_dates_the_scan() -> None:
    camera = replace(BARE, device="Canon EOS R5", exif_date=SCANNED, digitized=SCANNED)
    assert camera.dated is None and camera.date is None
    assert choose_emulsion(camera) == (Emulsion.UNKNOWN, "no date is known")
    # Programs copy it into the catalog's date, and some cameras write only one of the two.
    assert replace(camera, catalog_date=SCANNED).dated is None
    assert replace(camera, digitized=None).dated is None
    # What somebody wrote, in whatever field, is a date of the photograph.
    assert replace(camera, catalog_date="1931").dated == (1931, "IPTC/XMP DateCreated")
    assert replace(camera, exif_date="1931-05-17T12:00:00").date == "1931-05-17"
    both = "1931-05-17T12:00:00"
    assert replace(camera, exif_date=both, digitized=both).year == 1931
    assert replace(camera, name_year=1931).dated == (1931, "file name")
    # Nobody says that a camera has made it.
    assert replace(camera, device=None).year == 2024


@pytest.mark.parametrize(
    ("written", "year", "shown", "emulsion"),
    [
        ("192X", 1924, "1920s", Emulsion.ORTHOCHROMATIC),
        ("1930s", 1934, "1930s", Emulsion.PANCHROMATIC),
        ("19th century", 1863, "19th century", Emulsion.BLUE_SENSITIVE),
        ("1904/1906", 1905, "1904/1906", Emulsion.ORTHOCHROMATIC),
        ("about 1910", 1910, "about 1910", Emulsion.ORTHOCHROMATIC),
        ("1931-05-17T12:00:00", 1931, "1931-05-17", Emulsion.PANCHROMATIC),
    ],
)
def test_the_middle_of_several_years_decides_and_the_date_is_shown_as_written(
    written: str, year: int, shown: str, emulsion: Emulsion
) -> None:
    info = replace(BARE, catalog_date=written)
    assert (info.year, info.date) == (year, shown)
    assert choose_emulsion(info)[0] is emulsion


@pytest.mark.parametrize(
    "text",
    [
        *("31.02.1931", "31. 02. 1931", "29/2/1931", "31-04-1931", "13/13/1931", "32.00.1931"),
        *("1931-13-05", "1931-02-29", "1931:02:31", "1931/04/31", "1931-02-30T12:00:00"),
        *("30 Feb 1931", "February 30, 1931", "31st of June 1931", "31. Juni 1931", "19310231"),
        *("31 April 1931", "about 31.02.1931", "1.1.1900 to 31.2.1931", "30 février 1931"),
    ],
)
def test_days_that_no_calendar_has(text: str) -> None:
    assert is_impossible(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "1931", "1931-05", "1904-16", "1904/1906", "1904-06", "192X", "[192-?]", "1930s"),
        *("31.01.1931", "29.02.1932", "05/17/1931", "17/05/1931", "1931-05-17", "1931-00-00"),
        *(
            "May 1931",
            "May 17, 1931",
            "31. Mai 1931",
            "1.1.1900-31.12.1950",
            "19310517",
            "00.00.1931",
        ),
        *("about 1931", "between 30 and 31 March 1931", "box 31.02.19311", "spring 1931"),
        *("no. 31.02", "March 1931, 45 prints", "Marseille 1931", "19th century", "mai 1931"),
    ],
)
def test_days_that_are_days_or_none(text: str) -> None:
    assert not is_impossible(text)
