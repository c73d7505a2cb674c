"""Workers on the nodes of a Ray cluster, as a crew: who there is, and what becomes of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photochrom.engine.actor import Actor, Arrival
from photochrom.engine.control import Control
from photochrom.engine.crew import Died, Ended, Hearing, News, memory_for
from photochrom.engine.hand import Hand, check, died, in_a_line, ray_or_error
from photochrom.engine.nodes import Nodes
from photochrom.engine.staging import portable
from photochrom.engine.store import FolderStore, Store
from photochrom.engine.task import Failure, Task
from photochrom.errors import EngineError

_HEED_SECONDS = 0.5
_NEWS_EVERY_SECONDS = 1.0
_ASLEEP_SECONDS = 10.0
_SICK_AT_MOST = 3
_PROMPT_SECONDS = 20.0
"""In which workers usually start; what keeps them from it is told after that, and now and then."""
_TOLD_EVERY_SECONDS = 60.0


@dataclass(frozen=True)
class Limits:
    """How long the supervisor is patient.

    Attributes:
        silence: Seconds after which a worker that does not answer counts as dead; each answers
            every few seconds, however long its task takes.
        deadline: Seconds that one task may take; then its worker is ended, as if it had died.
        arrival: Seconds within which the first worker must have started.
    """

    silence: float = 120.0
    deadline: float = 3600.0
    arrival: float = 600.0


class Actors:
    """Actors, as a crew."""

    def __init__(self, store: Store, jobs: int | None, cpus: float, gpus: float, limits: Limits):
        self._ray = ray_or_error()
        self._store, self._jobs, self._limits = store, jobs, limits
        self._cpus = cpus
        self._hands: list[Hand] = []
        self._nodes = Nodes(self._ray)
        self._sick = 0
        self._since = self._awake = time.monotonic()
        self._awaited, self._tell_again = "", 0.0
        self._held = ExitStack()
        self._token: Path | None = None
        self._make = self._ray.remote(
            num_cpus=cpus, num_gpus=gpus, max_restarts=-1, max_task_retries=-1, max_concurrency=2
        )(Actor)

    @property
    def busy(self) -> int:
        return len([hand for hand in self._hands if hand.task is not None])

    @property
    def awaited(self) -> str:
        coming = [hand for hand in self._hands if hand.arrival is not None]
        if not coming or len(coming) < len(self._hands):
            return ""
        workers = f"{len(coming)} worker{'s' if len(coming) > 1 else ''}"
        now = time.monotonic()
        if now - self._since < _PROMPT_SECONDS:
            self._awaited, self._tell_again = f"starting {workers} on {self._nodes}", now
        elif now >= self._tell_again:
            seconds = round(now - self._since)
            self._awaited = f"waiting for {workers} to start, for {seconds} s now: {self._free()}"
            self._tell_again = now + _TOLD_EVERY_SECONDS
        return self._awaited

    def has_room(self, task: Task) -> bool:
        if self._idle(task) is not None:
            return True
        if not any(hand.is_idle for hand in self._hands):
            self._recruit()
        return False

    def start(self, task: Task) -> Failure | None:
        hand = self._idle(task)
        assert hand is not None
        try:
            # Whoever dies of it is not given it again by Ray: see `cluster`.
            work: Any = hand.actor.work.options(max_task_retries=0)
            hand.work = work.remote(portable(task, self._store))
        except Exception as error:  # nothing was sent: pickling comes first
            return Failure(f"the task cannot be started: {in_a_line(error)}")
        self._wake()
        now = time.monotonic()
        hand.task, hand.started, hand.heard = task, now, now
        hand.news, hand.next_news = None, now
        return None

    def hear(self, said: Hearing, control: Control) -> Sequence[News]:
        self._wake()
        self._nodes.look()
        self._ask()
        refs = {ref: hand for hand in self._hands for ref in hand.refs}
        if not refs:
            if self._hands:
                time.sleep(_HEED_SECONDS / 10)
            return ()
        ready, _ = self._ray.wait([*refs], num_returns=1, timeout=_HEED_SECONDS)
        if ready:
            ready, _ = self._ray.wait([*refs], num_returns=len(refs), timeout=0)
        news: list[News] = []
        for ref in ready:
            hand = refs[ref]
            if ref == hand.arrival:
                self._arrived(hand)
            elif ref == hand.work:
                news.append(self._ended(hand))
            elif ref == hand.news:  # and not of a task that has just ended
                self._told(hand, said)
        return [*news, *self._lost()]

    def blames(self, place: str) -> bool:
        self._nodes.look()
        return place in self._nodes.memory

    def close(self) -> None:
        for hand in self._hands:
            self._kill(hand)
        self._hands.clear()
        self._held.close()
        self._token = None

    def _idle(self, task: Task) -> Hand | None:
        """Who can take a task: of those with memory for it, the one whose node has least to do."""
        in_hand: dict[str, list[Task]] = {}
        for hand in self._hands:
            if hand.task is not None:
                in_hand.setdefault(hand.place, []).append(hand.task)
        able = [
            hand
            for hand in self._hands
            if hand.is_idle
            and memory_for(task, in_hand.get(hand.place, []), self._nodes.memory.get(hand.place, 0))
        ]
        return min(able, key=lambda hand: len(in_hand.get(hand.place, [])), default=None)

    def _recruit(self) -> None:
        """Asks for more workers, twice as many as there are, unless some are still to come."""
        if any(hand.arrival is not None for hand in self._hands):
            return
        self._nodes.look()
        self._wake()
        if not self._hands:
            self._since = time.monotonic()
        wanted = self._jobs or max(1, int(self._nodes.room / self._cpus))
        for _ in range(min(max(1, len(self._hands)), wanted - len(self._hands))):
            actor = self._hire()
            self._hands.append(Hand(actor, actor.arrive.remote()))

    def _hire(self) -> Any:
        return self._make.remote(self._store, self._shared_token())

    def _shared_token(self) -> Path | None:
        """A file of the store, by which a worker knows that its store is the same folder."""
        if self._token is None and isinstance(self._store, FolderStore):
            folder = self._held.enter_context(self._store.scratch())
            self._token = folder / "here"
            self._token.touch()
        return self._token

    def _wake(self) -> None:
        """Whoever was asleep (stopped by Ctrl-Z, a closed laptop) has not heard what was said: that
        time counts for nobody."""
        now = time.monotonic()
        asleep = now - self._awake
        self._awake = now
        if asleep > _ASLEEP_SECONDS:
            self._since += asleep
            for hand in self._hands:
                hand.heard += asleep
                hand.started += asleep

    def _ask(self) -> None:
        now = time.monotonic()
        for hand in self._hands:
            if hand.task is not None and hand.news is None and now >= hand.next_news:
                hand.news = hand.actor.news.remote(hand.seen)

    def _arrived(self, hand: Hand) -> None:
        try:
            arrival: Arrival = self._ray.get(hand.arrival)
        except self._ray.exceptions.RayError as error:
            self._kill(hand)
            self._hands.remove(hand)
            self._sick += 1
            if self._sick >= _SICK_AT_MOST:
                raise EngineError(
                    f"workers cannot be started on the cluster ({in_a_line(error)})",
                    fix="check that photochrom is installed on every node",
                ) from error
            return
        self._nodes.look(again=True)
        hand.place = self._nodes.place(arrival.node)
        check(arrival, hand.place, self._store)
        self._sick = 0
        hand.arrival, hand.heard = None, time.monotonic()

    def _told(self, hand: Hand, said: Hearing) -> None:
        ref, hand.news = hand.news, None
        now = time.monotonic()
        hand.next_news = now + _NEWS_EVERY_SECONDS
        try:
            seen, what = self._ray.get(ref)
        except self._ray.exceptions.RayError:
            return  # Whatever it is, the task will tell, or the silence.
        hand.heard = now
        if hand.task is not None and what is not None and seen != hand.seen:
            said(hand.task, what, hand.place)
        hand.seen = seen

    def _ended(self, hand: Hand) -> News:
        task, seconds = self._in_hand(hand), time.monotonic() - hand.started
        try:
            ended: Ended = self._ray.get(hand.work)
        except self._ray.exceptions.RayActorError as error:
            self._starts_again(hand)
            return News(task, Died(died(error)), seconds, hand.place)
        except self._ray.exceptions.RayError as error:  # its function does not exist over there
            ended = Ended(Failure(f"the task cannot be started: {in_a_line(error)}", str(error)))
        hand.task, hand.work, hand.news = None, None, None
        return News(task, ended, seconds, hand.place)

    def _lost(self) -> list[News]:
        """Who has not answered for too long, or has worked for too long at one task."""
        self._wake()
        now = time.monotonic()
        if not any(hand.arrival is None for hand in self._hands) and self._hands:
            self._still_to_come(now - self._since)
        lost = []
        for hand in [one for one in self._hands if one.task is not None]:
            seconds = now - hand.started
            if now - hand.heard > self._limits.silence:
                how = f"the worker has not answered for {self._limits.silence:.0f} s"
            elif seconds > self._limits.deadline:
                how = f"the worker took longer than {self._limits.deadline:.0f} s"
            else:
                continue
            task = self._in_hand(hand)
            self._ray.kill(hand.actor, no_restart=False)
            self._starts_again(hand)
            lost.append(News(task, Died(how), seconds, hand.place))
        return lost

    def _still_to_come(self, seconds: float) -> None:
        if seconds > self._limits.arrival:
            raise EngineError(
                f"no worker could be started within {seconds:.0f} s: {self._free()}",
                fix="wait for other work to end, or add nodes",
            )

    def _free(self) -> str:
        free = self._ray.available_resources().get("CPU", 0)
        return (
            f"{free:g} of the cluster's {self._nodes.room:g} CPUs are free, and each worker "
            f"takes {self._cpus:g}"
        )

    def _in_hand(self, hand: Hand) -> Task:
        assert hand.task is not None
        return hand.task

    def _starts_again(self, hand: Hand) -> None:
        """Ray does that; the worker is idle when it says that it has arrived."""
        if all(other.arrival is not None for other in self._hands if other is not hand):
            self._since = time.monotonic()
        hand.arrival = hand.actor.arrive.remote()
        hand.task, hand.work, hand.news, hand.seen = None, None, None, 0

    def _kill(self, hand: Hand) -> None:
        self._ray.kill(hand.actor, no_restart=True)
