import json
import subprocess
import sys
import types
from pathlib import Path
from pkgutil import resolve_name

import pytest
from bench import __main__ as command
from bench import page, results
from bench.harness import Bench, Times, counted
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

    def run(count, progress, runner):
        asked.append(count)
        progress("counting", 0.5)
        runner.pieces, runner.kept = 9, 9 * (len(asked) > 1)
        return {"pictures": count or 120}

    def draw(figures, folder):
        (folder / "example-pictures.png").write_text(str(figures["pictures"]))

    module = types.ModuleType("example_bench")
    module.run, module.draw = run, draw
    module.section = lambda figures: f"{figures['pictures']} pictures\n"
    monkeypatch.setitem(sys.modules, "example_bench", module)
    one = Bench(
        "Example", "example_bench:run", "example_bench:section", "example_bench:draw",
        pieces=True, networks=("color",),
    )  # fmt: skip
    monkeypatch.setattr(command, "names", lambda: ["example"])
    monkeypatch.setattr(command, "load", lambda name: one)
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    monkeypatch.setattr(Results, "save", lambda self, save=Results.save: save(self, tmp_path))
    monkeypatch.setattr(page.write, "__defaults__", (tmp_path / "page.md",))
    monkeypatch.setattr(page, "PICTURES", tmp_path / "pictures")
    return types.SimpleNamespace(
        page=tmp_path / "page.md", saved=tmp_path / "example.json", asked=asked
    )


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


def test_what_was_measured_before_is_told(example: types.SimpleNamespace) -> None:
    command.main(["--jobs", "1"])
    assert "pieces were measured before" not in example.page.read_text()
    command.main(["--jobs", "1"])
    assert " minutes (9 of 9 pieces were measured before), all" in example.page.read_text()


def test_a_bench_of_seconds_has_no_pieces(example: types.SimpleNamespace) -> None:
    one = Bench("Seconds", "example_seconds:run", "")
    module = types.ModuleType("example_seconds")
    module.run = lambda count, progress: {"count": count}
    sys.modules["example_seconds"] = module
    try:
        assert one.run(3, lambda *_: None, object()) == {"count": 3}
    finally:
        del sys.modules["example_seconds"]


def test_a_bench_that_goes_on_for_a_time_is_told_for_how_long(
    example: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, told = Bench("Load", "example_bench:load", "example_bench:section", minutes=5.0), []

    def load(count, progress, minutes):
        told.append(minutes)
        return {"pictures": 1}

    monkeypatch.setattr(sys.modules["example_bench"], "load", load, raising=False)
    monkeypatch.setattr(command, "load", lambda name: one)
    command.main(["--minutes", "0.5"])
    assert not example.saved.exists()
    command.main([])
    assert example.saved.exists()
    assert told == [0.5, 5.0]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (["--engine", "lokal"], "there is no engine 'lokal'"),
        (["--jobs", "0"], "--jobs must be at least 1"),
        (["--count", "0"], "--count must be at least 1"),
        (["--minutes", "0"], "--minutes must be more than 0"),
        (["--minutes", "inf"], "--minutes must be more than 0"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(
    example: types.SimpleNamespace, capsys: pytest.CaptureFixture[str], said: list[str], line: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(said)
    assert line in f"{ended.value} {capsys.readouterr().err}"
    assert not example.saved.exists()


def test_whoever_stops_a_bench_is_told_how_to_go_on(
    example: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["example_bench"], "run", stopped)
    with pytest.raises(SystemExit, match="the same command goes on"):
        command.main([])
    assert not example.saved.exists()


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
    assert "77 pictures\n\n*Measured" in example.page.read_text()
    assert (page.PICTURES / "example-pictures.png").read_text() == "77"
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
        one = command.load(name)
        assert one.title
        assert all(map(callable, map(resolve_name, (one.measures, one.reports))))
        assert one.draws is None or callable(resolve_name(one.draws))
        assert results.digests(one.networks).keys() == set(one.networks)


def test_a_bench_loads_nothing_before_it_measures() -> None:
    """Processes that are timed or weighed import their bench, too."""
    code = "import sys, importlib; before = set(sys.modules)\n"
    code += "".join(f"import bench.{name}\n" for name in command.names())
    code += "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) - sys.stdlib_module_names == {"bench"}


def test_what_is_counted_tells_how_far_it_is() -> None:
    told: list[tuple[str, float]] = []
    things = counted([("a", 1), ("b", 2)], 2, lambda *said: told.append(said), "{0[0]}", (0.5, 1))
    assert list(things) == [("a", 1), ("b", 2)]
    assert told == [("a", 0.5), ("b", 0.75)]


def test_times_are_taken_each_time() -> None:
    times = Times()
    for _ in range(3):
        with times.once():
            sum(range(10_000))
    found = times.figures("adding")
    assert len(times.seconds) == len(times.cpu_seconds) == 3
    assert found["adding_seconds_least"] <= found["adding_seconds"] <= max(times.seconds) + 1e-3


def test_a_bench_without_networks_names_none() -> None:
    assert "networks" not in page.provenance(saved(networks={}))
    assert "networks `color` abababababab; numpy 2.0" in page.provenance(saved())


def test_a_section_says_that_other_networks_ship_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = results.digests(["color", "defects"])
    gone = {"color": "ab" * 32, "defects": today["defects"], "gone": "cd" * 32}
    page.write(
        [
            ("Then", saved(networks=gone), "21.5 dB"),
            ("Now", saved(networks=today), "22.5 dB"),
        ],
        tmp_path / "page.md",
    )
    text = (tmp_path / "page.md").read_text()
    assert (
        "## Then\n\n**Figures of before:** what ships has other files of `color`, `gone` " in text
    )
    assert "on 2026-01-02. " in text
    assert "## Now\n\n22.5 dB" in text


def test_tables_show_what_is_missing() -> None:
    assert page.table(("way", "dB"), [("gray", 21.5), ("none", None)]).splitlines() == [
        "| way | dB |", "| --- | ---: |", "| gray | 21.5 |", "| none | – |",
    ]  # fmt: skip
