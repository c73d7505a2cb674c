"""Where the results of a batch lie until they are where they go."""

from __future__ import annotations

from photochrom.batch.jobs import Plan
from photochrom.engine import Store, is_cluster
from photochrom.engine.machine import cache_setting, folder_store
from photochrom.places import Url

_HIDDEN = ".photochrom/"


def store_for(plan: Plan, engine: str) -> Store | None:
    """The store that all workers see, or None for the user's folder of this machine.

    It is what `PHOTOCHROM_CACHE` names. For a cluster without that setting, whose derivatives go
    to a bucket, it lies among them.

    Args:
        plan: What is to be done.
        engine: By whom; see `run`.
    """
    setting = cache_setting()
    if isinstance(setting, Url):
        return bucket_store(setting)
    output = plan.far_output
    if setting is None and is_cluster(engine) and output is not None:
        return bucket_store(output / _HIDDEN)
    return None


def bucket_store(root: Url) -> Store:
    """A store in a bucket, with the user's cache folder as its copy on each machine."""
    from photochrom.engine.bucket import BucketStore

    return BucketStore(root, folder_store())
