"""Where work runs: pure tasks keyed by digest, on this process or on this machine's cores.

The engine knows nothing of photographs. It is given tasks, each a function and the digest of
everything its result depends on; it runs those whose result the store does not have yet.
"""

from photochrom.engine.choice import is_cluster, opened
from photochrom.engine.control import Control, State
from photochrom.engine.gone import GoneError, has_gone, twice
from photochrom.engine.keys import digest_of, key_of
from photochrom.engine.ledger import Ledger
from photochrom.engine.local import Serial, Workers, kept_engine, local_engine
from photochrom.engine.publish import publish
from photochrom.engine.store import FolderStore, Result, Store, there
from photochrom.engine.supervisor import Engine
from photochrom.engine.task import (
    BEGUN,
    CONNECTING,
    PAUSED,
    RESUMED,
    Event,
    Failure,
    Far,
    Input,
    Needs,
    Outcome,
    Progress,
    Report,
    Stored,
    Task,
    Work,
    nobody,
)

__all__ = [
    "BEGUN",
    "CONNECTING",
    "PAUSED",
    "RESUMED",
    "Control",
    "Engine",
    "Event",
    "Failure",
    "Far",
    "FolderStore",
    "GoneError",
    "Input",
    "Ledger",
    "Needs",
    "Outcome",
    "Progress",
    "Report",
    "Result",
    "Serial",
    "State",
    "Store",
    "Stored",
    "Task",
    "Work",
    "Workers",
    "digest_of",
    "has_gone",
    "is_cluster",
    "kept_engine",
    "key_of",
    "local_engine",
    "nobody",
    "opened",
    "publish",
    "there",
    "twice",
]
