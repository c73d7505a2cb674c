"""Tables of scans: what archives write in spreadsheets comes into drafts."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from conftest import Ran
from photochrom.errors import ProductionError
from photochrom.production import ProductionFile, draft
from photochrom.production.drafting.catalog import COLUMNS, read_table
from photochrom.production.drafting.headings import HEADINGS

TABLE = """\
file,caption,date,place,people,credit,license,alt,source,identifier
harbor.png,"The harbor, at noon",about 1903,Bergen,,J. Berg,public domain,Ships at a quay,Box 4,u-1
team.png,The team,1931-05-17,Oslo,"Hopper, Grace; Howard Aiken",City archive,CC BY 4.0,,,
"""


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir()
    for index, name in enumerate(["harbor", "team", "Mill"]):
        exif = Image.Exif()
        exif[0x010E] = f"From the file {index}"
        pixels = np.random.default_rng(index).integers(0, 256, (32, 48), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{name}.png", exif=exif)
    return folder


def drafted(scans: Path, table: Path | None = None) -> tuple[ProductionFile, tuple[str, ...]]:
    made = draft(scans, table=table)
    return ProductionFile.parse(made.text, scans.parent / "production.toml"), made.warnings


def test_a_table_says_more_than_the_files_do(scans: Path) -> None:
    (scans / "captions.csv").write_text(TABLE)
    file, warnings = drafted(scans)
    assert warnings == ()
    harbor, team, mill = (file.production.entry(id) for id in ("harbor", "team", "mill"))
    assert harbor.caption == "The harbor, at noon"
    assert (harbor.date, harbor.year) == ("about 1903", 1903)
    assert (harbor.place, harbor.people) == ("Bergen", ())
    assert (harbor.credit, harbor.license) == ("J. Berg", "public domain")
    assert (harbor.alt, harbor.source) == ("Ships at a quay", "Box 4")
    assert harbor.identifier == "u-1"
    assert team.people == ("Hopper, Grace", "Howard Aiken")
    assert team.alt == ""
    assert (mill.caption, mill.date) == ("From the file 2", None)
    # The mill has no date: it stays behind what it follows by name.
    assert [entry.id for entry in file.production.photographs] == ["harbor", "mill", "team"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Filename;Title;Date created\nHARBOR.PNG;Høyt vær;1903\n", "utf-8-sig"),
        ("FILE NAME\tCaption\tYear\nharbor\tHøyt vær\t1903\n", "utf-16"),
        ("image;headline;date\nD:\\box 4\\harbor.png;Høyt vær;1903\n", "cp1252"),
        (
            '"Name","Number","File","Description","DATE"\na,7,scans/harbor.png,Høyt vær,1903\n',
            "utf-8",
        ),
        # As spreadsheets tell themselves what parts the columns.
        ("sep=;\r\nfile;caption;date\r\nharbor.png;Høyt vær;1903\r\n", "utf-8-sig"),
        ('"sep=|"\nfile|caption|date\nharbor.png|Høyt vær|1903\n', "utf-8"),
        ("SEP=\t\nfile\tcaption\tdate\nharbor.png\tHøyt vær\t1903\n", "utf-16"),
        ("sep=;\nfile;caption;date\nharbor.png;Høyt vær;1903\n", "cp1252"),
        ("file|caption|date\nharbor.png|Høyt vær|1903\n", "utf-8"),
        # Without the mark that says so.
        ("file\tcaption\tdate\nharbor.png\tHøyt vær\t1903\n", "utf-16-le"),
        ("file,caption,date\nharbor.png,Høyt vær,1903\n", "utf-16-be"),
    ],
)
def test_tables_as_spreadsheets_save_them(scans: Path, text: str, encoding: str) -> None:
    (scans / "list.csv").write_bytes(text.encode(encoding))
    file, warnings = drafted(scans)
    harbor = file.production.entry("harbor")
    assert (harbor.caption, harbor.date) == ("Høyt vær", "1903")
    assert warnings == (
        ("list.csv: is not UTF-8; read as Windows-1252",) if encoding == "cp1252" else ()
    )


def test_lines_are_counted_with_the_one_that_names_the_separator(scans: Path) -> None:
    (scans / "list.csv").write_text("sep=;\nfile;date\nharbor;1903\nteam;sometime\n")
    _, warnings = drafted(scans)
    assert warnings == ('list.csv:4: the date "sometime" names no year',)


@pytest.mark.parametrize(
    ("written", "shown", "year"),
    [
        ("192-?", "1920s", 1924),
        ("192X", "1920s", 1924),
        ("[189-]", "1890s", 1894),
        ("19040517", "1904-05-17", 1904),
        ("1904?", "1904?", 1904),
        ("ca. 1904", "ca. 1904", 1904),
        ("1904/1906", "1904/1906", 1905),
        ("19th century", "19th century", 1863),
        ("zwischen 1904 und 1906", "zwischen 1904 und 1906", 1905),
    ],
)
def test_dates_as_libraries_write_them(scans: Path, written: str, shown: str, year: int) -> None:
    (scans / "list.csv").write_text(f"file,date\nharbor,{written}\n")
    file, warnings = drafted(scans)
    harbor = file.production.entry("harbor")
    assert (harbor.date, harbor.year) == (shown, year)
    assert warnings == ()


def test_what_does_not_fit_is_said_with_its_place(scans: Path) -> None:
    (scans / "deep").mkdir()
    (scans / "Mill.png").rename(scans / "deep" / "harbor.png")
    (scans / "captions.csv").write_text(
        "file,caption,date\n"
        "gone.tif,Gone,1901\n"
        "harbor.png,Which?,1902\n"
        "team.png,First,sometime\n"
        "Team,Second,1931\n"
        ",Nothing,1931\n"
        "deep/harbor,In the folder,1933\n"
    )
    file, warnings = drafted(scans)
    said = "\n".join(warnings)
    assert "captions.csv: not among the scans: gone.tif" in said
    assert 'captions.csv:4: the date "sometime" names no year' in said
    assert "captions.csv:5: Team is in line 4 already; not used" in said
    assert "captions.csv:6: names no file" in said
    assert file.production.entry("team").caption == "First"
    by_file = {entry.file: entry.caption for entry in file.production.photographs}
    assert by_file["scans/deep/harbor.png"] == "In the folder"
    # A path counts before a name.
    assert by_file["scans/harbor.png"] == "Which?"


def test_a_name_that_several_scans_have_is_given_to_none(scans: Path) -> None:
    for folder in ("one", "two"):
        (scans / folder).mkdir()
    (scans / "harbor.png").rename(scans / "one" / "x.png")
    (scans / "Mill.png").rename(scans / "two" / "x.png")
    (scans / "captions.csv").write_text("file,caption\nx.png,Which?\n")
    file, warnings = drafted(scans)
    assert "captions.csv:2: x.png could be any of one/x.png, two/x.png; not used" in warnings
    assert "Which?" not in {entry.caption for entry in file.production.photographs}


def test_of_several_tables_one_is_chosen(scans: Path) -> None:
    (scans / "a.csv").write_text(TABLE)
    (scans / "b.tsv").write_text("file\tcaption\nteam\tFrom b\n")
    file, warnings = drafted(scans)
    assert warnings == (
        "not read, because there are several tables: a.csv, b.tsv; choose with --table",
    )
    assert file.production.entry("team").caption == "From the file 1"
    file, warnings = drafted(scans, scans / "b.tsv")
    assert warnings == ()
    assert file.production.entry("team").caption == "From b"


def test_a_table_that_is_none_is_one_line_if_asked_for_and_a_note_if_not(scans: Path) -> None:
    notes = scans / "notes.csv"
    notes.write_text("Inv. no,weather\n1,rain\n")
    _, warnings = drafted(scans)
    said = "none of its columns (Inv. no, weather) is known to name files; say which one does,"
    said += ' as in --columns file="Inv. no", or call it file'
    assert warnings == (f"notes.csv: not read: {said}",)
    with pytest.raises(ProductionError, match=rf"notes\.csv: {re.escape(said)}"):
        draft(scans, table=notes)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the table is empty"),
        (b"\n\n", "the table is empty"),
        (b"PK\x03\x04\0\0\0\0", "is no text"),
        (b'file,caption\na,"never closed\n', "is no table that can be read"),
        (b"\xff\xfea", "is no text|is empty|none of its columns"),
        (None, "there is no such table"),
    ],
)
def test_unreadable_tables_are_one_clear_line(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "table.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ProductionError, match=said) as caught:
        read_table(path)
    assert str(caught.value).startswith(str(path))


def test_every_column_and_heading_is_documented() -> None:
    text = (Path(__file__).parents[1] / "docs" / "tables.md").read_text("utf-8")
    table = text.split("| column |")[1].split("\n\n")[0]
    rows = [line.split("|")[1:3] for line in table.splitlines()[2:]]
    documented = {
        name.strip(" `"): {part.strip(" `") for part in others.split(",")} for name, others in rows
    }
    assert documented == {name: set(others) - {name} for name, others in COLUMNS.items()}


def test_the_command_names_the_table_that_is_not_there(
    photochrom: object, scans: Path, tmp_path: Path
) -> None:
    assert callable(photochrom)
    ran: Ran = photochrom("new", scans, "-o", tmp_path / "p.toml", "--table", tmp_path / "no.csv")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert "no.csv: there is no such table" in ran.err
    assert not (tmp_path / "p.toml").exists()


def test_a_day_that_is_none_is_told_with_its_line_and_left_out(scans: Path) -> None:
    (scans / "list.csv").write_text(
        "file,date\nharbor.png,31.02.1931\nteam.png,1931-13-05\nMill.png,29.02.1932\n"
    )
    made, warnings = drafted(scans)
    assert [one for one in warnings if "list.csv" in one] == [
        'list.csv:2: harbor.png: "31.02.1931" is no day of any calendar; the date is left out',
        'list.csv:3: team.png: "1931-13-05" is no day of any calendar; the date is left out',
    ]
    dates = {entry.id: entry.date for entry in made.production.photographs}
    assert dates == {"harbor": None, "team": None, "mill": "29.02.1932"}


def test_a_day_that_is_none_is_no_date_of_a_scan_either(scans: Path) -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x8769] = "The team", {0x9003: "1931:02:31 10:00:00"}
    with Image.open(scans / "team.png") as picture:
        picture.save(scans / "team.png", exif=exif)
    made, warnings = drafted(scans)
    assert any(one.startswith('team.png: says "1931-02-31') for one in warnings), warnings
    assert made.production.entry("team").date is None


@pytest.mark.parametrize(
    "headings",
    [
        "Datei;Titel;Datum;Ort",
        "Fichier;Légende;Année;Lieu",
        "Файл;Название;Дата;Место",
        "文件名;标题;日期;地点",
    ],
)
def test_headings_may_be_in_the_languages_that_films_speak(tmp_path: Path, headings: str) -> None:
    table = tmp_path / "scans.csv"
    table.write_text(f"{headings}\na.tif;Boats;1931;Bergen\n", "utf-8")
    (row,), _ = read_table(table)
    assert [row[key] for key in ("file", "caption", "date", "place")] == [
        "a.tif",
        "Boats",
        "1931",
        "Bergen",
    ]


def test_no_heading_means_two_columns() -> None:
    named = [one for key, others in COLUMNS.items() for one in {*others, *HEADINGS[key]}]
    assert len(named) == len(set(named)) and HEADINGS.keys() == COLUMNS.keys()


def test_a_table_without_files_is_told_its_own_columns(tmp_path: Path) -> None:
    table = tmp_path / "scans.csv"
    table.write_text("Bild;Text\na.tif;Boats\n")
    with pytest.raises(
        ProductionError, match=r"\(Bild, Text\) .* --columns file=Bild, or call it file"
    ):
        read_table(table)


def test_columns_of_other_names_are_named(scans: Path) -> None:
    table = scans / "book.csv"
    table.write_text("Nr;Inhalt;Datum\na.png;Boats;1931\n")
    (row,), _ = read_table(table, {"file": "nr", "caption": "Inhalt"})
    assert (row["file"], row["caption"], row["date"]) == ("a.png", "Boats", "1931")
    with pytest.raises(ProductionError, match=r'no column "Number"; its columns are Nr, Inhalt'):
        draft(scans, columns={"file": "Number"})
    with pytest.raises(ProductionError, match=r'no column "files"; write one of file, caption'):
        draft(scans, columns={"files": "Nr"})
