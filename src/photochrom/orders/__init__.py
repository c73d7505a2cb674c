"""One scan through one recipe, as a task: what is ordered, its key, and the files that come of it.

Whoever restores photographs orders them here: single pictures and folders (`batch`), productions,
clusters. Two orders with the same key are the same pictures to the byte.
"""

from photochrom.orders.fulfilling import work, write_labels
from photochrom.orders.glances import glance_key
from photochrom.orders.order import (
    Beside,
    Companion,
    Mask,
    Order,
    Pictures,
    Reference,
    results_of,
)
from photochrom.orders.tasks import glance_task, key_for, label_for, label_key, task_for

__all__ = [
    "Beside",
    "Companion",
    "Mask",
    "Order",
    "Pictures",
    "Reference",
    "glance_key",
    "glance_task",
    "key_for",
    "label_for",
    "label_key",
    "results_of",
    "task_for",
    "work",
    "write_labels",
]
