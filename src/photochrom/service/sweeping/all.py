"""All sweeps. A domain adds its own here."""

from __future__ import annotations

from photochrom.service.films.leftovers import clear_stages
from photochrom.service.sweeping import kept, made
from photochrom.service.sweeping.sweep import Sweep
from photochrom.service.webhooks.keeping import forget_deliveries

SWEEPS: tuple[Sweep, ...] = (
    Sweep("events", kept.events),
    Sweep("sign-ins", kept.sign_ins),
    Sweep("jobs", kept.jobs),
    Sweep("restorations", made.restorations),
    Sweep("films", made.films),
    Sweep("reports", made.reports),
    Sweep("caches", kept.caches, here=True),
    Sweep("scratch", kept.scratch, here=True),
    Sweep("stages", clear_stages, here=True),
    Sweep("deliveries", forget_deliveries),
)
