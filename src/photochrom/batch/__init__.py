"""Many photographs through one recipe: find, name, order, run, publish."""

from photochrom.batch.estimate import SAMPLES, Estimate, estimate, extent_of
from photochrom.batch.jobs import Job, Plan, Settings, plan
from photochrom.batch.manifest import NAME, manifest, taken_up
from photochrom.batch.result import Result
from photochrom.batch.running import run
from photochrom.batch.shelf import store_for
from photochrom.batch.standing import state_of
from photochrom.batch.tally import Tally
from photochrom.batch.varying import varied

__all__ = [
    "NAME",
    "SAMPLES",
    "Estimate",
    "Job",
    "Plan",
    "Result",
    "Settings",
    "Tally",
    "estimate",
    "extent_of",
    "manifest",
    "plan",
    "run",
    "state_of",
    "store_for",
    "taken_up",
    "varied",
]
