import json
import types
from pathlib import Path

import pytest
from bench import __main__ as command
from bench import page, results
from bench.results import Results


def saved(**changes: object) -> Results:
    fields = {
        "name": "example", "date": "2026-01-02", "machine": results.machine(),
        "versions": {"numpy": "2.0"}, "networks": {"color": "ab" * 32}, "seconds": 90.0,
        "count": None, "figures": {"psnr": 21.5},
    }  # fmt: skip
    return Results(**fields | changes)


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    """A bench named "example", with its results and its page in a folder of their own."""
    asked: list[int | None] = []

    def run(count, progress):
        asked.append(count)
        progress("counting", 0.5)
        return {"pictures": count or 120}

    module = types.SimpleNamespace(
        TITLE="Example", NETWORKS=("color",), run=run, asked=asked,
        section=lambda figures: f"{figures['pictures']} pictures", page=tmp_path / "page.md",
        saved=tmp_path / "example.json",
    )  # fmt: skip
    monkeypatch.setattr(command, "names", lambda: ["example"])
    monkeypatch.setattr(command, "load", lambda name: module)
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    monkeypatch.setattr(Results, "save", lambda self, save=Results.save: save(self, tmp_path))
    monkeypatch.setattr(page.write, "__defaults__", (module.page,))
    return module


def test_results_come_back_as_they_were_saved(tmp_path: Path) -> None:
    path = saved().save(tmp_path)
    assert path.name == "example.json"
    assert Results.load(path) == saved()


def test_results_of_another_schema_are_refused(tmp_path: Path) -> None:
    path = saved().save(tmp_path)
    path.write_text(path.read_text().replace("bench/1", "bench/0"))
    with pytest.raises(ValueError, match="bench/0"):
        Results.load(path)


def test_results_are_numbers(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nan"):
        saved(figures={"psnr": float("nan")}).save(tmp_path)
    assert not (tmp_path / "example.json").exists()


def test_a_run_is_saved_and_written(example: types.SimpleNamespace) -> None:
    command.main([])
    figures = json.loads(example.saved.read_text())
    assert figures["figures"] == {"pictures": 120}
    assert figures["networks"].keys() == {"color"}
    assert len(figures["networks"]["color"]) == 64
    assert "## Example\n\n120 pictures" in example.page.read_text()


def test_a_trial_leaves_saved_results_alone(
    example: types.SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    command.main(["--count", "4"])
    assert "4 pictures" in capsys.readouterr().out
    assert not example.saved.exists()
    assert not example.page.exists()
    command.main(["--count", "4", "--save"])
    assert json.loads(example.saved.read_text())["count"] == 4


def test_the_page_is_written_again_without_measuring(example: types.SimpleNamespace) -> None:
    saved(figures={"pictures": 77}).save()
    command.main(["--page"])
    assert "77 pictures" in example.page.read_text()
    assert example.asked == []


def test_an_unknown_bench_is_named(
    example: types.SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command.main(["exmaple"])
    assert "no bench named 'exmaple'" in capsys.readouterr().err


def test_the_benches_say_what_a_bench_must() -> None:
    pytest.importorskip("torch", reason="benches need the extra `bench`")
    for name in command.names():
        module = command.load(name)
        assert callable(module.run)
        assert callable(module.section)
        assert module.TITLE
        assert results.digests(module.NETWORKS).keys() == set(module.NETWORKS)


def test_a_bench_without_networks_names_none() -> None:
    assert "networks" not in page.provenance(saved(networks={}))
    assert "networks `color` abababababab; numpy 2.0" in page.provenance(saved())


def test_tables_show_what_is_missing() -> None:
    assert page.table(("way", "dB"), [("gray", 21.5), ("none", None)]).splitlines() == [
        "| way | dB |", "| --- | ---: |", "| gray | 21.5 |", "| none | – |",
    ]  # fmt: skip
