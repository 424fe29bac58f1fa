"""What test_kill.py runs: crawls of one press through the command itself, each killed at a chosen moment of one stage.

In: `python -m tests.crawler.killed_crawl FOLDER KILLS SEED STAGE…` and a folder `sites` in FOLDER. Out: one line a round:
the folder of its database and archive, how often it was killed; the first is that of a round nobody disturbs. In a round
crawls of the first edition are killed until one may end, then the press prints the second, and that is crawled so too;
rounds follow until KILLS is reached in each STAGE.

This process forks for each crawl and has no threads of its own, so that a crawl costs no start of Python.
"""

import importlib
import os
import random
import signal
import sys
import threading
import time
import urllib.request
from pathlib import Path

import crawler.archive
import crawler.fetch
import crawler.page
import crawler.round
import crawler.worker
import index.store
import solieu


class Countdown:
    """Kills this process at its `left`-th tick."""

    def __init__(self, left: int) -> None:
        self.left = left

    def tick(self) -> bool:
        """Count; True where the next thing to do is to die."""
        self.left -= 1
        return self.left == 0

    def __call__(self) -> None:
        if self.tick():
            die()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def around(owner: object, name: str, count: Countdown) -> None:
    """Let `count` tick before and after every call of a method."""
    whole = getattr(owner, name)

    def counted(*arguments: object, **named: object) -> object:
        count()
        result = whole(*arguments, **named)
        count()
        return result

    setattr(owner, name, counted)


class Torn:
    """An archive file that takes a part of a record at the moment of death."""

    def __init__(self, file: object, count: Countdown, chance: random.Random) -> None:
        self.file, self.count, self.chance = file, count, chance

    def write(self, data: bytes) -> int:
        if self.count.tick():
            self.file.write(data[: self.chance.randint(0, len(data))])
            die()
        return self.file.write(data)

    def __getattr__(self, name: str) -> object:
        return getattr(self.file, name)


def arm(stage: str, chance: random.Random) -> None:
    """Make the crawl of this process die somewhere in `stage`."""
    crawler.round.SETTLE = chance.choice((0.0, 0.0, 0.02, 0.5))
    if stage == "fetch":
        around(crawler.fetch.Fetcher, "_once", Countdown(chance.randint(1, 50)))
    elif stage == "archive":
        count, opened = Countdown(chance.randint(1, 26)), crawler.archive.Archive._open
        crawler.archive.Archive._open = lambda self: Torn(opened(self), count, chance)
        around(crawler.archive.Archive, "sync", Countdown(chance.randint(1, 80)))
    elif stage == "store":
        count, begun = Countdown(chance.randint(1, 500)), index.store.Store.__init__

        def traced(self: index.store.Store, *arguments: object) -> None:
            begun(self, *arguments)
            self.connection.set_trace_callback(lambda _: count())

        index.store.Store.__init__ = traced
        around(index.store.Store, "settle", Countdown(chance.randint(1, 60)))
    elif stage == "parse":
        around(crawler.worker.Workers, "call", Countdown(chance.randint(1, 70)))
        if chance.random() < 0.3:  # the reading process dies, not the crawl
            started = crawler.worker._Worker._started
            worker_dies = Countdown(chance.randint(1, 10))

            def doomed(self: crawler.worker._Worker, seconds: float) -> object:
                process = started(self, seconds)
                if worker_dies.tick():
                    process.kill()
                return process

            crawler.worker._Worker._started = doomed
    else:
        threading.Thread(target=lambda: (time.sleep(chance.random() * 0.6), die()), daemon=True).start()


def in_this_process(self: object, function: str, *arguments: object, **named: object) -> object:
    """Stands for Workers.call where reading is not what is killed: starting a process takes longer than the crawl."""
    done, result = crawler.worker._done(crawler.worker.pickle.dumps((function, arguments, named)))
    if not done:
        raise result
    return result


def crawl(folder: Path, sites: Path, stage: str | None, seed: int) -> bool:
    """One crawl in a process of its own; whether it came to its end. Raises SystemExit where it failed."""
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            os.dup2(os.open(folder / "said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
            if stage != "parse":
                crawler.worker.Workers.call = in_this_process
            if stage:
                arm(stage, random.Random(seed))
            names = ["crawl", "--sites", str(sites), "--db", str(folder / "t.db"), "--archive", str(folder / "archive")]
            code = solieu.main(names, standalone_mode=False) or 0
        finally:
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status not in (0, -signal.SIGKILL):
        sys.exit(f"{folder}: exit {status}\n{(folder / 'said').read_text()}")
    return status == 0


def crawl_both(folder: Path, place: Path, stage: str | None, chance: random.Random) -> int:
    """One round; how often it was killed."""
    place.mkdir()
    killed = 0
    for number in (1, 2):
        urllib.request.urlopen(f"{(folder / 'edition').read_text()}/{number}").close()
        for _ in range(chance.randint(1, 6) if stage else 0):
            killed += not crawl(place, folder / "sites", stage, chance.getrandbits(60))
        if not crawl(place, folder / "sites", None, 0):
            sys.exit("a crawl that nobody kills was killed")
    print(place.name, killed, flush=True)
    return killed


def main() -> None:
    for module in ("bs4", "lxml.etree", "soupsieve", "feedparser", "warcio.archiveiterator", "rich.progress"):
        importlib.import_module(module)  # once, not in every crawl
    folder, kills, chance = Path(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3]))
    crawl_both(folder, folder / "undisturbed", None, chance)
    for stage in sys.argv[4:]:
        killed = rounds = 0
        while killed < kills:
            rounds += 1
            killed += crawl_both(folder, folder / f"{stage}-{rounds}", stage, chance)


if __name__ == "__main__":
    main()
