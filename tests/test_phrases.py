"""The film's own words: whole in every language, counted rightly, and never stale."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skia
from examples.languages import SAID, record, storyboard

from conftest import Ran
from photochrom.errors import ProductionError
from photochrom.film.plan import Plan
from photochrom.film.plan.subtitles import descriptions
from photochrom.film.stills import Stills
from photochrom.film.storyboard import Film
from photochrom.film.words import fonts
from photochrom.film.words.fonts import Fonts
from photochrom.film.words.type import Style, Typesetter
from photochrom.phrases import LANGUAGES, Phrases, checked, dated, phrases_for
from photochrom.phrases.catalogs import catalog, phrases
from photochrom.production import ProductionFile, remarks
from photochrom.production.treatment import statement
from photochrom.production.words import credits, disclosure
from test_film_fonts import System, write_font
from test_production_build import write

Run = Callable[..., Ran]
FOLDER = Path(phrases_for.__code__.co_filename).parent / "catalogs"
CATALOGS = sorted(path.stem for path in FOLDER.glob("*.po"))
MARKS = ("thousands-mark", "decimal-mark")
COUNTS = (0, 1, 2, 3, 5, 11, 21, 22, 100, 103)


def said(say: Phrases) -> dict[str, set[str]]:
    """Everything that a language may say, by the names of its phrases."""
    found = {}
    for name, phrase in phrases().items():
        filled = {field: f"<{field}>" for field in phrase.fields - {"number"}}
        found[name] = {say(name, count, **filled) for count in COUNTS}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_phrase(language: str) -> None:
    assert phrases_for(language).missing == ()
    assert SAID.keys() == LANGUAGES.keys(), "the contact sheet shows them all"


@pytest.mark.parametrize("language", [*LANGUAGES, *CATALOGS])
def test_a_phrase_fills_in_what_the_english_one_does(language: str) -> None:
    say, counted = phrases_for(language), {"disclosure-colored-some", "disclosure-toned-some"}
    for name, texts in said(say).items():
        phrase = phrases()[name]
        # A date may leave out what its language does not say.
        wanted = {f"<{one}>" for one in phrase.fields - {"number"} if not name.startswith("date-")}
        for text in texts:
            assert all(one in text for one in wanted), (name, text)
            assert not re.search(r"[{}]|  ", text.lstrip()), (name, text)
        if phrase.many and name not in counted:
            assert any("21" in text for text in texts) or "restored" in name or len(texts) <= 3


@pytest.mark.parametrize("language", CATALOGS)
def test_a_catalog_says_nothing_that_is_not_asked_for(language: str) -> None:
    text = (FOLDER / f"{language}.po").read_text("utf-8")
    names = re.findall(r'^msgctxt "(.+)"$', text, re.MULTILINE)
    assert set(names) == catalog(language).names, "translated from the English that there is"
    assert not set(re.findall(r"^#, .*fuzzy", text, re.MULTILINE))


def test_words_are_set_as_their_languages_are() -> None:
    # What parts thousands is no comma between words.
    typed = {
        name: [texts for phrase, texts in said(phrases_for(name)).items() if phrase not in MARKS]
        for name in LANGUAGES
    }
    all_ = {
        name: "\n".join(text for texts in found for text in texts) for name, found in typed.items()
    }
    assert not re.search(r"(?<!\u00a0):(?! \d)|(?<!\u202f)[;!?]", all_["fr"]), "spaces before them"
    for name in ("fr", "it", "nl"):
        assert "'" not in all_[name], "a curved apostrophe"
    assert "„Aus“" in all_["de"] and "«Aus»" in phrases_for("de-CH")("cues-note")
    for name in ("zh", "zh-Hant", "ja"):
        assert not re.search(r"[\u3040-\u9fff][,;:(]", all_[name]), "full-width marks"
    assert not re.search("[,;]", all_["ar"].replace("cues", "")), "Arabic commas"


@pytest.mark.parametrize(
    ("language", "count", "text"),
    [
        ("en", 1, "One color is documented: A."),
        ("en-GB", 2, "2 colours are documented: A."),
        ("fr", 1, "Une couleur est attestée\u00a0: A."),
        ("pl", 22, "22\u00a0kolory są udokumentowane: A."),
        ("pl", 12, "12\u00a0kolorów jest udokumentowanych: A."),
        ("ru", 21, "Документально подтверждён 21\u00a0цвет: A."),
        ("ru", 11, "Документально подтверждены 11\u00a0цветов: A."),
        ("ar", 2, "لونان موثّقان: A."),
        ("ar", 11, "11 لونًا موثّقًا: A."),
        ("ja", 2, "うち2色には典拠があります：A。"),
    ],
)
def test_what_is_counted_has_the_right_form(language: str, count: int, text: str) -> None:
    assert phrases_for(language)("disclosure-documented", count, sources="A") == text


@pytest.mark.parametrize(
    ("language", "dates"),
    [
        ("", ("May 17, 1931", "about 1931", "1920s", "19th century")),
        ("en-GB", ("17 May 1931", "about 1931", "1920s", "19th century")),
        ("de-AT", ("17.\u00a0Mai 1931", "um 1931", "1920er-Jahre", "19.\u00a0Jahrhundert")),
        ("fr", ("17\u00a0mai 1931", "vers 1931", "années\u00a01920", "XIXe siècle")),
        (
            "pl",
            ("17\u00a0maja 1931\u00a0r.", "około 1931\u00a0r.", "lata 1920–1929", "XIX\u00a0wiek"),
        ),
        ("ja", ("1931年5月17日", "1931年頃", "1920年代", "19世紀")),
        ("sv", ("1931-05-17", "about 1931", "1920s", "19th century")),
    ],
)
def test_dates_are_said_in_words(language: str, dates: tuple[str, ...]) -> None:
    say = phrases_for(language)
    assert tuple(dated(date, say) for date in ("1931-05-17", "1931~", "192X", "18XX")) == dates
    assert dated("Whitsun 1931", say) == "Whitsun 1931", "in somebody's own words"
    assert dated("1931-02-31", say) == "1931-02-31", "no day"


def test_months_stand_alone_in_their_own_form() -> None:
    assert dated("1931-05", phrases_for("pl")) == "maj 1931\u00a0r."
    assert dated("1931-05-01", phrases_for("fr")) == "1er\u00a0mai 1931"


@pytest.mark.parametrize(
    ("tag", "mark"), [("zh-TW", "後製上色"), ("zh-SG", "后期上色"), ("pt-BR", "Imagem")]
)
def test_regions_speak_what_is_nearest(tag: str, mark: str) -> None:
    assert phrases_for(tag)("mark").startswith(mark)


def test_what_a_language_lacks_is_english_and_listed() -> None:
    say = phrases_for("sv", {"mark": "Färglagd"})
    assert say("mark") == "Färglagd" and say("credits-sources") == "Sources"
    assert "mark" not in say.missing and "credits-sources" in say.missing
    assert say.speaks == "en"


def test_own_words_are_filled_in_and_counted() -> None:
    own = checked({"disclosure-documented": ["Belegt ist eine: {sources}", "{number}: {sources}"]})
    say = phrases_for("de", own)
    assert [say("disclosure-documented", n, sources="A") for n in (1, 4)] == [
        "Belegt ist eine: A",
        "4: A",
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ('{ marks = "x" }', 'there is no phrase "marks"; did you mean "mark"?'),
        ('{ cues-in = "{number}" }', '"cues-in" has {number}; nothing is filled in there'),
        ('{ disclosure-by = "{networks.x}" }', "it may have {networks}"),
        ('{ disclosure-by = "{networks" }', "a brace too many or too few"),
        ('{ mark = ["a", "b"] }', "counts nothing: write one text, not a list"),
        ("{ mark = 1 }", '"mark" takes a text in quotes'),
        ('"Colored"', "it takes a table of phrases"),
    ],
)
def test_own_words_that_do_not_fit_are_one_line(tmp_path: Path, words: str, told: str) -> None:
    path = write(tmp_path, "a")
    path.write_text(path.read_text().replace("[film]\n", f"[film]\nwords = {words}\n"))
    with pytest.raises(ProductionError) as refused:
        ProductionFile.open(path)
    assert told in str(refused.value) and "\n" not in str(refused.value)


def plan(language: str, **film: Any) -> Plan:
    board = storyboard(language)
    board = board.model_copy(update={"film": board.film.model_copy(update=film)})
    stills = Stills(*[Path("a")] * 3, ("1", "2", "3"))
    return Plan.of(board, {"a": stills})


def test_every_word_of_a_film_is_in_its_language() -> None:
    german = plan("de")
    texts = " ".join(one.text for one in descriptions(german.cues, {}))
    for words in (
        *("Zu den Bildern. Diese Fotografien wurden", "Originalscan. Restauriert und koloriert."),
        *("Harvard, 7.\u00a0August 1944", "um 1904: Frühling", "Quellen: City Archive."),
    ):
        assert words in texts
    assert german.film.mark == "Koloriert"
    assert "Restored" not in texts and "pictures" not in texts


def test_a_changed_word_renders_what_shows_it_and_nothing_else() -> None:
    keys = {one.name: one.key for one in plan("de").segments}
    own = {"disclosure-heading": "Über diese Aufnahmen"}
    changed = {one.name: one.key for one in plan("de", words=own).segments}
    # The film ends with another one, and fades with it.
    seen = {name for name in keys if keys[name] != changed[name]}
    assert seen == {"disclosure card", "fade to disclosure card"}
    marked = {one.name: one.key for one in plan("de", words={"mark": "Farbe"}).segments}
    assert {name for name in keys if keys[name] != marked[name]} == {"a"}


def test_the_cue_sheet_says_in_english_what_the_record_says() -> None:
    one = record()
    assert statement(one, phrases_for()) == one.statement()
    assert statement(one, phrases_for("de")).startswith(
        "Restauriert mit photochrom 0.1.0 (Tonwerte"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_is_said_of_photographs_is_empty(language: str) -> None:
    say = phrases_for(language)
    text = disclosure([record(), record(colored=False)], say)
    assert "photochrom-color" in text and "Uniform Regulations, 1941" in text
    assert all(credit.role for credit in credits([], say))


def test_text_from_the_right_ends_at_the_left(tmp_path: Path) -> None:
    font = write_font(tmp_path / "Lent.ttf", "\u05d0", 900)
    setter = Typesetter(Fonts(System(font)), language="he")
    block = setter.block("\u05d0.", Style("EB Garamond", 60, "#ffffff"), 400)
    pixels = np.zeros((100, 200, 4), np.uint8)
    surface = skia.Surface.MakeRasterDirect(skia.ImageInfo.MakeN32Premul(200, 100), pixels)
    block.paint(surface.getCanvas(), 10, 10)
    heights = (pixels[..., 3] > 0).sum(axis=0)
    inked = np.flatnonzero(heights)
    assert block.from_right
    assert heights[inked[0]] < heights[inked[-1]], "the full stop is left of the letter"


@pytest.fixture
def _no_system_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts.skia.FontMgr, "RefDefault", System)


@pytest.mark.usefixtures("_no_system_fonts")
def test_a_language_that_no_font_can_set_is_told_before_the_work_begins(
    tmp_path: Path, photochrom: Run
) -> None:
    path = write(tmp_path, "a")
    text = path.read_text() + '\n[[shot]]\ncard = "disclosure"\nlength = 5\n'
    path.write_text(text.replace("[film]\n", '[film]\nlanguage = "ja"\n'))
    ran = photochrom("make", path)
    assert ran.code != 0 and not (tmp_path / "out").exists()
    assert 'the film\'s own words are in "ja", and no font has the characters' in ran.err
    assert "Noto Sans CJK" in ran.err


def test_make_lists_what_a_language_lacks(tmp_path: Path) -> None:
    path = write(tmp_path, "a")
    path.write_text(path.read_text().replace("[film]\n", '[film]\nlanguage = "sv"\n'))
    told = [line for line in remarks(path) if "own words" in line]
    assert len(told) == 1 and 'nothing in "sv" for disclosure-heading' in told[0]
    path.write_text(path.read_text().replace('"sv"', '"de"'))
    assert not [line for line in remarks(path) if "own words" in line]


def test_an_unknown_language_is_a_line_with_the_choices() -> None:
    with pytest.raises(ValueError, match=r'"xx" is no language; films speak ar, de, en, es'):
        Film(language="xx")
    with pytest.raises(ValueError, match=r'"german" is no language; write "de"'):
        Film(language="german")


def test_new_writes_the_language_that_was_asked_for_and_no_other(
    tmp_path: Path, photochrom: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    write(tmp_path, "ab")
    scans, out = tmp_path / "scans", tmp_path / "new.toml"
    assert photochrom("new", scans, "-o", out, "--language", "de").code == 0
    assert ProductionFile.open(out).language == "de"
    ran = photochrom("new", scans, "-o", out, "--force")
    assert ProductionFile.open(out).language == ""
    assert "the film speaks English; with --language fr it speaks French" in ran.err
    ran = photochrom("new", scans, "-o", out, "--force", "--language", "xx")
    assert ran.code != 0 and "films speak ar, de" in ran.err
