"""Where work runs: pure tasks keyed by digest, on this process or on this machine's cores.

The engine knows nothing of photographs. It is given tasks, each a function and the digest of
everything its result depends on; it runs those whose result the store does not have yet.
"""

from photochrom.engine.ledger import Ledger
from photochrom.engine.local import Engine, Serial, Workers
from photochrom.engine.publish import publish
from photochrom.engine.store import Store
from photochrom.engine.task import Event, Failure, Outcome, Progress, Report, Task, Work, nobody

__all__ = [
    "Engine",
    "Event",
    "Failure",
    "Ledger",
    "Outcome",
    "Progress",
    "Report",
    "Serial",
    "Store",
    "Task",
    "Work",
    "Workers",
    "nobody",
    "publish",
]
