"""What is told to webhooks, and how far that has come."""

from __future__ import annotations

from enum import StrEnum


class Told(StrEnum):
    """A kind of event that webhooks can be called for."""

    JOB_SUCCEEDED = "job.succeeded"
    """All of a job was done, or all but what failed in items of its own."""
    JOB_FAILED = "job.failed"
    JOB_CANCELLED = "job.cancelled"
    PHOTOGRAPH_READY = "photograph.ready"
    PHOTOGRAPH_REFUSED = "photograph.refused"


TEST = "webhook.test"
"""Kind of what is sent to try a webhook out."""


class DeliveryState(StrEnum):
    """Of one message for one webhook."""

    WAITING = "waiting"
    """It is going to be sent, for the first time or once more."""
    DELIVERED = "delivered"
    FAILED = "failed"
    """Given up."""
