"""A Dask scheduler to do the work: tasks in, entries out as they end; the one door to dask.distributed.

>>> for entry in backfill(names, out, now=now, run=on_cluster("tcp://10.0.0.1:8786")): …      # doctest: +SKIP

Workers need the same files and the same folder of shards under the same paths (a shared disk), and the same version of solieu;
start them with one thread each: `dask worker tcp://… --nthreads 1`. The scheduler gives a file whose worker died to another,
and gives the file up after it has cost `RETRIES` workers more.
"""

from collections.abc import Generator, Iterator, Sequence
from typing import Any

from extract.extractor import VERSION
from index.backfill import Run, Task, make_shard
from index.errors import BackfillError
from index.manifest import Entry

SECONDS = 8
"""How long a scheduler may take to answer."""
RETRIES = 2


def on_cluster(address: str) -> Run:
    """What does the tasks of a backfill on the scheduler at `address`. Raises BackfillError where it does not answer, within
    ten seconds, or is lost on the way; what was done by then is kept."""
    try:
        import distributed
    except ImportError as error:
        raise BackfillError("--scheduler needs Dask: pip install 'solieu[backfill]'") from error
    connect: Any = distributed.Client  # its calls have no types

    def run(tasks: Sequence[Task]) -> Generator[Entry, None, None]:
        if not tasks:
            return
        try:
            client: Any = connect(address, timeout=SECONDS)
        except (OSError, ValueError, TimeoutError) as error:
            raise BackfillError(f"no scheduler answers at {address}: start one with `dask scheduler`") from error
        try:
            yield from _done_on(client, address, tasks)
        finally:
            client.close(timeout=SECONDS)

    return run


def _done_on(client: Any, address: str, tasks: Sequence[Task]) -> Iterator[Entry]:
    import distributed

    wait: Any = distributed.wait
    lost = BackfillError(f"the scheduler at {address} is gone: run the same command again when it is back")
    waiting = {client.submit(make_shard, task, VERSION, pure=False, retries=RETRIES): task for task in tasks}
    while waiting:
        try:
            wait(list(waiting), timeout=2, return_when="FIRST_COMPLETED")
        except TimeoutError:
            pass
        except Exception as error:  # futures that were cancelled because the connection was lost
            raise lost from error
        if client.status != "running":
            raise lost
        for future in [future for future in waiting if future.done()]:
            task = waiting.pop(future)
            if future.status in {"cancelled", "lost"}:
                raise lost
            fault = future.exception() if future.status == "error" else None
            if fault is None:
                yield future.result()
            else:
                yield task.ended(state="failed", error=f"{task.file}: {_line(fault)}")


def _line(fault: BaseException) -> str:
    name = type(fault).__name__
    return "ended every worker that read it" if name == "KilledWorker" else f"{name}: {fault}"[:300].replace("\n", " ")
