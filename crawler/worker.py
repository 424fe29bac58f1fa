"""Work that may be poisoned, done in a process that can be killed: the name of a function and its arguments in, its
result out. A page that makes a parser run for ever, or eat memory, or crash, costs itself and nothing beside it.

A worker is a process of its own, started when first needed. It limits its own address space
before it begins, its own time for each piece of work, and ends when its parent does. Arguments and results travel
pickled over pipes. What the function raises is raised here too: CrawlerErrors as they are, others as Spoiled.

>>> with Workers() as workers: workers.call("crawler.page:read_page", body, url, fetched_at=now)    # doctest: +SKIP
PageReading(…)
"""

import contextlib
import gc
import importlib
import os
import pickle
import queue
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from crawler.errors import CrawlerError

SECONDS = 20.0
"""Time that one piece of work may take."""
MEMORY = 160 << 20
"""Bytes of address space that a worker may take beyond what it needs to start."""
SWEEP = 400_000
"""Bytes of work after which a worker frees what is no longer used."""
AT_ONCE = 2
"""Workers at work beside each other, if there are as many processors."""

_LENGTH = struct.Struct(">Q")
_ROOT = Path(__file__).parent.parent
_START = "import sys; sys.path.insert(0, {root!r}); from crawler.worker import serve; serve({memory})"


class Spoiled(CrawlerError):  # noqa: N818 – a word for the ledger, as FetchError's kinds
    """The work was not done: it took too long (`reason` "too_slow"), too much memory ("too_hungry"), the process died
    ("worker_died"), or the function raised ("unreadable")."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason

    def __reduce__(self) -> tuple[type["Spoiled"], tuple[str, str]]:
        return Spoiled, (self.reason, str(self))


class Workers:
    """A few worker processes that threads share. Any thread may call; each call waits for a free worker."""

    def __init__(self, at_once: int | None = None, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        count = at_once or min(AT_ONCE, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)
        self.seconds = seconds
        self._free: queue.LifoQueue[_Worker] = queue.LifoQueue()  # a second one is started only where one is not enough
        self._all = [_Worker(memory) for _ in range(count)]
        for worker in reversed(self._all):
            self._free.put(worker)

    def call(self, function: str, *arguments: Any, **named: Any) -> Any:
        """The result of `function` ("module:name"). Raises Spoiled, or the CrawlerError that the function raised."""
        work = pickle.dumps((function, arguments, named), pickle.HIGHEST_PROTOCOL)
        worker = self._free.get()
        try:
            try:
                return worker.call(work, self.seconds)
            except Spoiled as error:
                if error.reason != "worker_died":
                    raise
            return worker.call(work, self.seconds)  # somebody else may have killed it: twice is the page's own fault
        finally:
            self._free.put(worker)

    def close(self) -> None:
        """End the processes."""
        for worker in self._all:
            worker.closed = True
            worker.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Worker:
    """One process, started at its first work and again after its death."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        self.process: subprocess.Popen[bytes] | None = None
        self.closed = False
        self._closing = threading.Lock()

    def call(self, work: bytes, seconds: float) -> Any:
        for last in (False, True):
            process = self._started(seconds)
            try:
                _write(process.stdin, _LENGTH.pack(len(work)) + struct.pack(">d", seconds) + work)
                break
            except (OSError, ValueError) as error:  # it died between two pieces of work, by no fault of this one
                self.end()
                if last:
                    raise Spoiled("worker_died", "the reading process could not be started") from error
        try:
            done, result = pickle.loads(self._answer(process, seconds))
        except TimeoutError:
            self.end()
            raise Spoiled("too_slow", f"was not read within {seconds:g} seconds") from None
        except (EOFError, OSError, ValueError):  # ValueError: the pipe was closed by `end` in another thread
            self.end()
            code = process.wait()
            if code == -signal.SIGALRM:
                raise Spoiled("too_slow", f"was not read within {seconds:g} seconds") from None
            raise Spoiled("worker_died", f"the reading process died ({code})") from None
        if not done:
            if isinstance(result, Spoiled) and result.reason == "too_hungry":
                self.end()  # what it holds on to is not known
            raise result
        return result

    def _started(self, seconds: float) -> "subprocess.Popen[bytes]":
        if self.process and self.process.poll() is None:
            return self.process
        self.end()
        with self._closing:
            if self.closed:
                raise Spoiled("worker_died", "reading has ended")
            self.process = process = subprocess.Popen(
                # -P: a file in the present folder may have the name of a module of the standard library
                [sys.executable, "-P", "-c", _START.format(root=str(_ROOT), memory=self.memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        try:
            self._answer(process, max(60.0, seconds))
        except (TimeoutError, EOFError, OSError, ValueError) as error:
            self.end()
            raise Spoiled("worker_died", "the reading process could not be started") from error
        return process

    def _answer(self, process: "subprocess.Popen[bytes]", seconds: float) -> bytes:
        until = time.monotonic() + seconds + 2.0  # the worker's own alarm comes first, with a better reason
        assert process.stdout
        (length,) = _LENGTH.unpack(_read(process.stdout, _LENGTH.size, until))
        return _read(process.stdout, length, until)

    def end(self) -> None:
        """Kill the process, whatever it does."""
        with self._closing:
            process, self.process = self.process, None
            if process:
                process.kill()
                for pipe in (process.stdin, process.stdout):
                    with contextlib.suppress(OSError):
                        pipe.close()  # type: ignore[union-attr]
                process.wait()


def _write(file: Any, data: bytes) -> None:
    file.write(data)
    file.flush()


def _read(file: Any, length: int, until: float | None = None) -> bytes:
    """Exactly `length` bytes. Raises EOFError, or TimeoutError after `until`."""
    parts = bytearray()
    number = file.fileno()
    while len(parts) < length:
        if until is not None and not select.select([number], [], [], max(0.0, until - time.monotonic()))[0]:
            raise TimeoutError
        part = os.read(number, min(length - len(parts), 1 << 20))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


# inside the worker


def _function(name: str) -> Callable[..., Any]:
    module, _, attribute = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
    return found


def _done(work: bytes) -> tuple[bool, Any]:
    """Whether `work` succeeded; its result, or the error to raise."""
    try:
        name, arguments, named = pickle.loads(work)
        return True, _function(name)(*arguments, **named)
    except CrawlerError as error:
        return False, error
    except MemoryError:
        return False, Spoiled("too_hungry", "takes more memory than a page may")
    except RecursionError:
        return False, Spoiled("unreadable", "is nested too deeply")
    except Exception as error:  # whatever a page is made of, it must not end the crawl
        return False, Spoiled("unreadable", f"{type(error).__name__}: {error}"[:300])


def _limit(memory: int) -> None:
    """Take at most `memory` bytes of address space beyond what is taken now."""
    try:
        import resource

        with open("/proc/self/statm") as file:
            taken = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + memory, taken + memory))
    except (ImportError, OSError, ValueError):  # not Linux: the limit of time remains
        return


def serve(memory: int) -> None:
    """The life of a worker process: do what comes on stdin, in at most `memory` bytes more, until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    given, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand between the answers
    for module in ("crawler.page", "crawler.feed", "crawler.sitemap", "bs4", "lxml.etree", "feedparser", "soupsieve"):
        importlib.import_module(module)
    _limit(memory)
    gc.freeze()
    gc.disable()  # the trees of pages are many small things in circles: they are swept away together, not looked for
    swept = 0
    _answer(out, (True, None))
    while True:
        try:
            (length,) = _LENGTH.unpack(_read(given, _LENGTH.size))
            (seconds,) = struct.unpack(">d", _read(given, 8))
            work = _read(given, length)
        except EOFError:
            return
        except MemoryError:  # what is left of it in the pipe would be taken for the next piece
            _answer(out, (False, Spoiled("too_hungry", "takes more memory than a page may")))
            return
        signal.setitimer(signal.ITIMER_REAL, seconds)  # ends this process, also inside C, also without a parent
        result = _done(work)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _answer(out, result)
        swept += len(work)
        if swept > SWEEP:
            gc.collect()
            swept = 0


def _answer(out: BinaryIO, result: tuple[bool, Any]) -> None:
    try:
        data = pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
        pickle.loads(data) if not result[0] else None  # an error whose parts do not fit its class
    except Exception:
        data = pickle.dumps((False, Spoiled("unreadable", f"{type(result[1]).__name__}: {result[1]}"[:300])))
    with contextlib.suppress(BrokenPipeError):
        _write(out, _LENGTH.pack(len(data)) + data)
