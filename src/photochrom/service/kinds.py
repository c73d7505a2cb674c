"""All kinds of jobs that executors do."""

from __future__ import annotations

from photochrom.service.jobs.run import Kind

KINDS: tuple[Kind, ...] = ()
"""A domain that has jobs adds its kinds here."""
