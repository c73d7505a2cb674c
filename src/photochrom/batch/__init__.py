"""Many photographs through one recipe: find, name, order, run, publish."""

from photochrom.batch.jobs import Job, Plan, Settings, plan
from photochrom.batch.result import Result
from photochrom.batch.running import run

__all__ = ["Job", "Plan", "Result", "Settings", "plan", "run"]
