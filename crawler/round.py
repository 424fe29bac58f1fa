"""Many cards in, Captures out: the sites of a round are crawled beside each other, each at its own pace.

In: SiteCards and what `crawl` takes. Out: Captures of all of them, as they come. Sites that share a host are crawled one
after the other, so that no host is asked twice at once. Threads only fetch and read: everything they want of the memory,
the archive and the report is done by the thread that iterates, between two Captures; there is one writer.

>>> for capture in crawl_round(cards, memory=store, archive=archive, now=now): store.add_capture(capture)  # doctest: +SKIP
"""

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from crawler.archive import Archive
from crawler.article import Capture
from crawler.card import SiteCard
from crawler.crawl import crawl
from crawler.event import Event
from crawler.listed import Listed
from crawler.memory import Memory, Validators
from crawler.visit import USER_AGENT, Report
from crawler.worker import Workers

AT_ONCE = 8
"""Sites that are crawled beside each other."""

SETTLE, QUIET = 0.5, 0.1
"""Seconds between two calls of `settle`, and seconds without any news after which it is called at once."""

Result = TypeVar("Result")


class _Stopped(BaseException):
    """The caller has gone away: not an Exception, so that no crawl takes it for a bad page."""


@dataclass(slots=True)
class _Wish:
    """Something that the iterating thread shall do for another: report `events`, then call `function`, hand on
    `capture`, or note the end. An event goes with what it led to, so that both are kept together."""

    function: Callable[[], Any] | None = None
    capture: Capture | None = None
    events: list[Event] = field(default_factory=list)
    ended: bool = False
    result: Any = None
    error: BaseException | None = None
    owner: int = field(default_factory=threading.get_ident)
    done: threading.Event = field(default_factory=threading.Event)


class _Desk:
    """Where threads bring their wishes. Stands for the Memory and the Archive in the threads."""

    def __init__(self, memory: Memory, archive: Archive | None, report: Report) -> None:
        self.memory, self.archive, self.report = memory, archive, report
        self.wishes: queue.Queue[_Wish] = queue.Queue()
        self.stopped = threading.Event()
        self._mine = threading.local()

    def bring(self, wish: _Wish) -> Any:
        """Wait until `wish` is fulfilled. Raises what it raised, or _Stopped where nobody serves the desk any more."""
        self.wishes.put(wish)
        while not wish.done.wait(0.5):
            if self.stopped.is_set():
                raise _Stopped
        if self.stopped.is_set():
            raise _Stopped
        if wish.error:
            raise wish.error
        return wish.result

    def note(self, event: Event) -> None:
        """Report `event` with the next thing that this thread brings."""
        self._mine.events = [*getattr(self._mine, "events", ()), event]
        if len(self._mine.events) >= 1000:
            self.do(bool)

    def noted(self) -> list[Event]:
        """The events that wait in this thread, which are then taken out."""
        events: list[Event] = getattr(self._mine, "events", [])
        self._mine.events = []
        return events

    def do(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Have `function` called by the iterating thread."""
        result: Result = self.bring(_Wish(function=lambda: function(*arguments), events=self.noted()))
        return result

    def validators(self, url: str) -> Validators | None:
        return self._look(self.memory.validators, url)

    def due(self, site: str) -> list[Listed]:
        return self._look(self.memory.due, site)

    def _look(self, function: Callable[..., Result], *arguments: Any) -> Result:
        result: Result = self.bring(_Wish(function=lambda: function(*arguments)))
        return result

    def remember(self, url: str, *more: Any) -> None:
        # a note of the crawl's own (urn:…) is no outcome: the events of its page wait for the Capture
        (self._look if url.startswith("urn:") else self.do)(self.memory.remember, url, *more)

    def expect(self, *arguments: Any) -> None:
        self.do(self.memory.expect, *arguments)

    def defer(self, url: str) -> None:
        self.do(self.memory.defer, url)

    def dismiss(self, url: str) -> None:
        self.do(self.memory.dismiss, url)

    def notice(self, *arguments: Any) -> None:
        self.do(self.memory.notice, *arguments)

    def write(self, *arguments: Any) -> tuple[str, int]:
        assert self.archive
        return self._look(self.archive.write, *arguments)

    def revisit(self, *arguments: Any) -> tuple[str, int]:
        assert self.archive
        return self._look(self.archive.revisit, *arguments)


def crawl_round(
    cards: Iterable[SiteCard],
    *,
    memory: Memory,
    now: Callable[[], datetime],
    archive: Archive | None = None,
    since: date | None = None,
    limit: int | None = None,
    report: Report | None = None,
    user_agent: str = USER_AGENT,
    at_once: int = AT_ONCE,
    settle: Callable[[], None] | None = None,
    workers: Workers | None = None,
) -> Iterator[Capture]:
    """Crawl all `cards` until nothing is due. `limit` is for each site. See `crawl`; an ArchiveError ends the round.

    `settle` is called by the iterating thread between two Captures, when SETTLE seconds have passed or nothing came for a
    moment: a store that gathers what it is given may write it to the disk then.
    """
    desk = _Desk(memory, archive, report or (lambda event: None))
    due: queue.SimpleQueue[list[SiteCard]] = queue.SimpleQueue()
    groups = host_groups(cards)
    for group in groups:
        due.put(group)
    hands = workers or Workers()

    def work() -> None:
        end = _Wish(ended=True)
        try:
            while not desk.stopped.is_set():
                group = due.get_nowait()
                for i, card in enumerate(group):
                    if i:  # the same host, so the same pace
                        desk.stopped.wait(max(card.delay, group[i - 1].delay))
                    for capture in crawl(
                        card,
                        memory=desk,
                        archive=desk if archive else None,
                        now=now,
                        since=since,
                        limit=limit,
                        report=desk.note,
                        user_agent=user_agent,
                        workers=hands,
                    ):
                        desk.bring(_Wish(capture=capture, events=desk.noted()))
                    desk.do(bool)  # for the last events
        except (queue.Empty, _Stopped):
            pass
        except BaseException as error:
            end.error = error
        desk.wishes.put(end)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(at_once, len(groups)))]
    for thread in threads:
        thread.start()
    try:
        yield from _serve(desk, len(threads), settle or (lambda: None))
    finally:
        desk.stopped.set()
        if not workers:
            hands.close()


def _serve(desk: _Desk, working: int, settle: Callable[[], None]) -> Iterator[Capture]:
    """Fulfil wishes until all threads have ended."""
    settled = time.monotonic()
    unfinished: set[int] = set()  # threads whose Capture was taken and whose page is not yet remembered
    while working:
        try:
            wish = desk.wishes.get(timeout=None if unfinished else QUIET)
        except queue.Empty:
            settle()
            wish, settled = desk.wishes.get(), time.monotonic()
        if not unfinished and time.monotonic() - settled > SETTLE:
            settle()
            settled = time.monotonic()
        unfinished.discard(wish.owner)
        for event in wish.events:
            desk.report(event)
        if wish.ended:
            working -= 1
            if wish.error:
                raise wish.error
        elif wish.capture:
            unfinished.add(wish.owner)
            yield wish.capture
        elif wish.function:
            try:
                wish.result = wish.function()
            except Exception as error:
                wish.error = error
        wish.done.set()


def host_groups(cards: Iterable[SiteCard]) -> list[list[SiteCard]]:
    """The cards in groups that have no host in common."""
    groups: list[tuple[set[str], list[SiteCard]]] = []
    for card in cards:
        hosts, members = set(card.allowed), [card]
        apart = []
        for other_hosts, others in groups:
            if hosts & other_hosts:
                hosts, members = hosts | other_hosts, others + members
            else:
                apart.append((other_hosts, others))
        groups = [*apart, (hosts, members)]
    return [members for _, members in groups]
