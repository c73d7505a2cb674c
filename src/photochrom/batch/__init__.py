"""Many photographs through one recipe: find, name, order, run, publish."""

from photochrom.batch.jobs import Job, Plan, Settings, plan
from photochrom.batch.running import Result, run

__all__ = ["Job", "Plan", "Result", "Settings", "plan", "run"]
