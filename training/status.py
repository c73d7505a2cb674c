"""Where each network's training stands, beside what ships; reads files, needs no PyTorch."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

from training.schedule import ROOT, WEIGHTS, Plan


def report(plan: Plan, root: Path = ROOT, weights: Path = WEIGHTS) -> str:
    """Say where a network stands: its round, step, loss, and its last figures beside others.

    Args:
        plan: The network's.
        root: Where runs and checkpoints are.
        weights: Where the networks that ship and their cards are.

    Returns:
        Lines of text.
    """
    rounds = plan.rounds(root)
    if not rounds:
        return f"{plan.name}: not begun; starts from what ships ({', '.join(plan.ships)})"
    folder = root / "runs" / plan.run(rounds[-1])
    rows = _rows(folder / "log.csv")
    lines = [f"{plan.name}, round {rounds[-1]}: {_progress(rows, plan.steps)}"]
    evaluated = _rows(folder / "evaluations.csv")
    trained = [row for row in evaluated if row["of"] == "trained"]
    shipped = [row for row in evaluated if row["of"] != "trained"]
    if not trained:
        return "\n".join([*lines, "  not evaluated yet"])
    card = _card(plan, weights)
    last, same = trained[-1], shipped[-1] if shipped else {}
    lines.append(f"  {'':62}{'step ' + last['step']:>14}{'shipped':>10}{'its card':>10}")
    for name, value in last.items():
        if name not in ("of", "step"):
            lines.append(f"  {name:62}{value:>14}{same.get(name, ''):>10}{card.get(name, ''):>10}")
    return "\n".join(lines)


def _progress(rows: list[dict[str, str]], steps: int) -> str:
    if not rows:
        return f"below the first line of its log, of {steps:,} steps"
    last, recent = rows[-1], rows[-10:]
    loss = sum(float(row["loss"]) for row in recent) / len(recent)
    return (
        f"step {int(last['step']):,} of {steps:,}, loss {loss:.4f} over the log's last "
        f"{len(recent)} lines, {float(last['seconds_a_step']):.2f} s a step"
    )


def _rows(file: Path) -> list[dict[str, str]]:
    if not file.exists():
        return []
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


def _card(plan: Plan, weights: Path) -> dict[str, str]:
    """Figures on the cards of what ships, of all evaluation photographs, as texts by name."""
    found = {}
    for file in plan.files(weights):
        card = tomllib.loads(file.with_suffix(".toml").read_text())
        prefix = f"x{card['scale']}_" if len(plan.ships) > 1 else ""
        found |= {f"{prefix}{name}": str(value) for name, value in card["results"].items()}
    return found
