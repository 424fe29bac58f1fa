"""Many cards in, Captures out: the sites of a round are crawled beside each other, each at its own pace.

In: SiteCards and what `crawl` takes. Out: Captures of all of them, as they come. Sites that share a host are crawled one
after the other, so that no host is asked twice at once. Threads only fetch and read: everything they want of the memory,
the archive and the report is done by the thread that iterates, between two Captures; there is one writer.

>>> for capture in crawl_round(cards, memory=store, archive=archive, now=now): store.add_capture(capture)  # doctest: +SKIP
"""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from crawler.archive import Archive
from crawler.article import Capture
from crawler.card import SiteCard
from crawler.crawl import crawl
from crawler.event import Event
from crawler.memory import Memory, Validators
from crawler.visit import USER_AGENT, Report

AT_ONCE = 8
"""Sites that are crawled beside each other."""

Result = TypeVar("Result")


class _Stopped(BaseException):
    """The caller has gone away: not an Exception, so that no crawl takes it for a bad page."""


@dataclass(slots=True)
class _Wish:
    """Something that the iterating thread shall do for another: call `function`, hand on `capture`, or note the end."""

    function: Callable[[], Any] | None = None
    capture: Capture | None = None
    ended: bool = False
    result: Any = None
    error: BaseException | None = None
    done: threading.Event = field(default_factory=threading.Event)


class _Desk:
    """Where threads bring their wishes. Stands for the Memory and the Archive in the threads."""

    def __init__(self, memory: Memory, archive: Archive | None, report: Report) -> None:
        self.memory, self.archive, self._report = memory, archive, report
        self.wishes: queue.Queue[_Wish] = queue.Queue()
        self.stopped = threading.Event()

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

    def do(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Have `function` called by the iterating thread."""
        result: Result = self.bring(_Wish(function=lambda: function(*arguments)))
        return result

    def validators(self, url: str) -> Validators | None:
        return self.do(self.memory.validators, url)

    def remember(
        self, url: str, etag: str | None, last_modified: str | None, status: int, fetched_at: datetime
    ) -> None:
        self.do(self.memory.remember, url, etag, last_modified, status, fetched_at)

    def known(self, url: str) -> bool:
        return self.do(self.memory.known, url)

    def report(self, event: Event) -> None:
        self.do(self._report, event)

    def write(self, *arguments: Any) -> tuple[str, int]:
        assert self.archive
        return self.do(self.archive.write, *arguments)

    def revisit(self, *arguments: Any) -> tuple[str, int]:
        assert self.archive
        return self.do(self.archive.revisit, *arguments)


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
) -> Iterator[Capture]:
    """Crawl all `cards` until nothing is due. `limit` is for each site. See `crawl`; an ArchiveError ends the round."""
    desk = _Desk(memory, archive, report or (lambda event: None))
    due: queue.SimpleQueue[list[SiteCard]] = queue.SimpleQueue()
    groups = host_groups(cards)
    for group in groups:
        due.put(group)

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
                        report=desk.report,
                        user_agent=user_agent,
                    ):
                        desk.bring(_Wish(capture=capture))
        except (queue.Empty, _Stopped):
            pass
        except BaseException as error:
            end.error = error
        desk.wishes.put(end)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(at_once, len(groups)))]
    for thread in threads:
        thread.start()
    try:
        yield from _serve(desk, len(threads))
    finally:
        desk.stopped.set()


def _serve(desk: _Desk, working: int) -> Iterator[Capture]:
    """Fulfil wishes until all threads have ended."""
    while working:
        wish = desk.wishes.get()
        if wish.ended:
            working -= 1
            if wish.error:
                raise wish.error
        elif wish.capture:
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
