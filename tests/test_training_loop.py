"""The loop of all trainings: kills, rounds, batches made by other processes."""

from __future__ import annotations

import importlib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra [train]")
for needed in ("onnx", "skimage"):
    pytest.importorskip(needed, reason="training needs the extra [train]")

from training import judging, turn  # noqa: E402
from training.loop import Settings, train  # noqa: E402
from training.saving import alone, can_go_on, steps_done  # noqa: E402
from training.schedule import PLANS, Plan, arguments  # noqa: E402
from training.start import Shipped  # noqa: E402


def _batch(step: int) -> dict[str, torch.Tensor]:
    return {"x": torch.randn(4, 3, generator=torch.Generator().manual_seed(step))}


def _loss(model: torch.nn.Module, batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, dict]:
    return (model(batch["x"]) - batch["x"].sum(dim=1, keepdim=True)).square().mean(), {}


def _run(root: Path, **changes: object) -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    plan = Settings("two-1", steps=5, device="cpu", log_every=1, root=root)
    plan = replace(plan, **changes)
    train(torch.nn.Linear(3, 1), _batch, _loss, plan)
    state: dict[str, torch.Tensor] = torch.load(plan.checkpoint, weights_only=True)["model"]
    return state


def test_batches_from_other_processes_are_the_same_in_the_same_order(tmp_path: Path) -> None:
    here, there = _run(tmp_path / "here"), _run(tmp_path / "there", makers=2)
    assert all(torch.equal(here[name], there[name]) for name in here)


def test_a_run_is_trained_by_one_process_at_a_time(tmp_path: Path) -> None:
    pytest.importorskip("fcntl", reason="runs are not locked here")
    checkpoint = tmp_path / "checkpoints" / "two-1" / "last.pt"
    with alone(checkpoint), pytest.raises(BlockingIOError, match="two-1: is being trained"):
        _run(tmp_path)
    _run(tmp_path)
    assert steps_done(checkpoint) == 5


def test_what_a_kill_left_is_cleared_away(tmp_path: Path) -> None:
    _run(tmp_path, steps=3)
    folder = tmp_path / "checkpoints" / "two-1"
    (folder / "last.77.part").write_bytes(b"half a checkpoint")
    log = tmp_path / "runs" / "two-1" / "log.csv"
    head, *lines = log.read_text().splitlines()
    # After its last checkpoint the killed run had gone on for a while.
    gone = [lines[-1].replace("3", str(step), 1) for step in (4, 5)]
    log.write_text("\n".join([head, *lines, *gone, "6,0."]))
    _run(tmp_path, steps=5)
    assert sorted(file.name for file in folder.iterdir()) == ["last.pt", "lock"]
    assert [line.split(",")[0] for line in log.read_text().splitlines()] == [
        "step", *"12345",
    ]  # fmt: skip


TWO = Plan("two", "nowhere", (), steps=5, minutes=1, ships=("color",))


def test_a_round_follows_when_one_has_ended(tmp_path: Path) -> None:
    assert turn.next_round(TWO, tmp_path) == 1
    _run(tmp_path, steps=3)
    assert turn.next_round(TWO, tmp_path) == 1
    _run(tmp_path)
    assert turn.next_round(TWO, tmp_path) == 2


def test_of_rounds_gone_by_the_average_is_kept(tmp_path: Path) -> None:
    _run(tmp_path)
    _run(tmp_path, name="two-2", steps=3)
    first, second = (tmp_path / "checkpoints" / f"two-{n}" / "last.pt" for n in (1, 2))
    before = torch.load(first, weights_only=True)["ema"]["weight"]
    for _ in range(2):
        turn.slim_down(TWO, tmp_path)
        assert can_go_on(second)
        assert not can_go_on(first)
        after = torch.load(first, weights_only=True)["ema"]["weight"]
        torch.testing.assert_close(after.float(), before, rtol=2**-11, atol=1e-7)
    assert steps_done(first) == 5


def test_what_is_trained_is_judged_beside_what_ships(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run(tmp_path)
    checkpoint = tmp_path / "checkpoints" / "two-1" / "last.pt"

    def export(network: torch.nn.Linear, files: list[Path]) -> None:
        files[0].write_bytes(network.weight.detach().numpy().tobytes())

    def measure(files: list[Path], count: int) -> dict[str, float]:
        return {"bytes": len(files[0].read_bytes()), "count": count}

    way = judging.Way(lambda: torch.nn.Linear(3, 1), Shipped([]), export, measure)
    monkeypatch.setitem(judging.WAYS, "two", way)
    for _ in range(2):
        judging.judge(TWO, checkpoint, tmp_path / "run", count=3)
    shipped, *trained = judging.read(tmp_path / "run" / "evaluations.csv")
    assert shipped["of"].startswith("shipped ")
    assert int(shipped["bytes"]) == TWO.files()[0].stat().st_size
    assert trained == 2 * [{"of": "trained", "step": "5", "bytes": "12", "count": "3"}]


@pytest.mark.parametrize(("steps", "minutes", "judged"), [(3, 0.0, 1), (3, 60.0, 0), (5, 60.0, 1)])
def test_a_turn_ends_with_figures_unless_it_was_told_to_stop(
    steps: int, minutes: float, judged: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[list[str]] = []
    seen: list[tuple[Plan, Path, Path]] = []

    def main(arguments: list[str]) -> None:
        given.append(arguments)
        _run(tmp_path, steps=steps)

    monkeypatch.setattr(turn, "import_module", lambda _: SimpleNamespace(main=main))
    monkeypatch.setattr(turn, "ROOT", tmp_path)
    monkeypatch.setattr(turn, "judge", lambda *about: seen.append(about))
    turn.train_for_a_while(TWO, minutes, ["--device", "cpu"])
    (command,) = given
    asked = dict(pairwise(command))
    assert (asked["--name"], asked["--steps"], asked["--device"]) == ("two-1", "5", "cpu")
    assert float(asked["--minutes"]) == minutes
    checkpoint, folder = tmp_path / "checkpoints/two-1/last.pt", tmp_path / "runs/two-1"
    assert seen == judged * [(TWO, checkpoint, folder)]


@pytest.mark.parametrize("plan", PLANS, ids=[plan.name for plan in PLANS])
def test_every_plan_is_understood_by_its_command(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = importlib.import_module(plan.module)
    asked: list[Settings] = []
    # What follows when the options have been read is another test's.
    monkeypatch.setattr(command, "prepare", lambda made: asked.append(made) or _stop())
    with pytest.raises(KeyboardInterrupt):
        command.main([*arguments(plan, 3), "--minutes", "2"])
    (made,) = asked
    assert (made.name, made.steps, made.minutes) == (f"{plan.name}-3", plan.steps, 2.0)
    assert (made.threads, made.parts) == (1, 2)


def _stop() -> None:
    raise KeyboardInterrupt


def test_the_turn_of_a_network_is_asked_for_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, float | None, list[str]]] = []
    monkeypatch.setattr(
        turn, "train_for_a_while", lambda plan, *about: asked.append((plan.name, *about))
    )
    turn.main(["clarity"])
    turn.main(["color", "--minutes", "3", "--device", "cuda"])
    assert asked == [("clarity", None, []), ("color", 3.0, ["--device", "cuda"])]
