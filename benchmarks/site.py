"""How the site bears many readers: `solieu serve` over made-up articles, asked over loopback by clients of their own process.

    .venv/bin/python benchmarks/site.py /tmp/load            # 20,000 articles, 200,000 figures; the ledger is kept for next time

Printed for each kind of question: requests a second with eight clients, the 50th and 95th percentile of the time to the whole
answer, and requests for each second of a core that the server took, which a busy machine changes little. Every address is
asked once or twice, so that most answers are made and not remembered. Then the same beside six rude clients, and the peak of
memory over all of it.
"""

import asyncio
import itertools
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from ledger import NOW, SYLLABLES, captures

from index.ledger import build
from index.store import open_store

CLIENTS = 8
RUDE = 6
SECONDS = 10
PLACES = ("ha_noi", "hue", "can_tho", "quang_ninh", "vn")


def fill(path: Path, articles: int) -> None:
    """The ledger to serve, where it is not there yet."""
    with open_store(path) as store:
        for batch in range(0, articles, 500):
            with store.batch():
                made = list(captures(min(500, articles - batch), batch))
                for capture, _ in made:
                    store.add_capture(capture)
                said = {capture.snapshot.id: extraction for capture, extraction in made}
                for row in store.pending("1"):
                    store.add_extraction(row, said[row.snapshot_id], "1")
        build(store, NOW)


class Client:
    """One reader with one connection, which asks one address after the other."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.times: list[float] = []
        self.bad = 0

    async def ask(self, addresses: "itertools.cycle[str]", until: float) -> None:
        """Ask until the time is up; an address that starts with POST carries its body."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)
        while time.monotonic() < until:
            address = next(addresses)
            head, body = f"GET {address}", b""
            if address.startswith("POST "):
                path, _, text = address[5:].partition(" ")
                head, body = f"POST {path}", text.encode()
            kind = "Content-Type: text/plain\r\n" if body else ""
            start = time.monotonic()
            writer.write(
                f"{head} HTTP/1.1\r\nHost: localhost\r\n{kind}Content-Length: {len(body)}\r\n\r\n".encode() + body
            )
            top = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = re.search(r"content-length: (\d+)", top)
            if length:
                await reader.readexactly(int(length[1]))
            else:
                while size := int(await reader.readline(), 16):
                    await reader.readexactly(size + 2)
                await reader.readline()
            self.times.append(time.monotonic() - start)
            self.bad += int(top.split()[1]) >= 500
        writer.close()


async def crowd(port: int, addresses: list[str], clients: int, seconds: float) -> tuple[list[float], int]:
    """All times of so many clients, and how many answers were faults."""
    shared = itertools.cycle(addresses)
    everyone = [Client(port) for _ in range(clients)]
    until = time.monotonic() + seconds
    await asyncio.gather(*(client.ask(shared, until) for client in everyone))
    return sorted(t for client in everyone for t in client.times), sum(client.bad for client in everyone)


def told(name: str, times: list[float], bad: int, seconds: float, cores: float) -> None:
    """One line of the report."""
    p50, p95 = (1000 * times[int(len(times) * share)] for share in (0.5, 0.95))
    rate = f"{len(times) / seconds:6.0f}/s   {len(times) / cores if cores else 0:6.0f} a core second"
    print(f"{name:34} {rate}   median {p50:6.1f} ms   p95 {p95:6.1f} ms   faults {bad}", flush=True)


def core_seconds(pid: int) -> float:
    """User and system time that a process took so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(pid: int) -> float:
    """Most memory that a process held, in MiB."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0


def questions(figures: list[str]) -> dict[str, list[str]]:
    """Addresses by kind, each list long enough that few are asked twice."""
    pairs = [f"{a} {b}" for a in SYLLABLES for b in SYLLABLES if a != b]
    newest = [f"/search?sort=published&place={place}&q={quote(words)}" for words in pairs for place in PLACES]
    return {
        "home": ["/"],
        "search page, newest first, filters": [
            f"/search?sort=published&place={place}&min={n / 10}&unit=percent" for n in range(400) for place in PLACES
        ],
        "search page, newest first, words": newest,
        "search page, ranked": [f"/search?q={quote(words)}" for words in pairs * 2],
        "search page, ranked, asked again": [f"/search?q={quote(words)}" for words in pairs[:40]],
        "JSON: figures": [f"/figures/{id_}.json" for id_ in figures],
        "JSON: newest figures": [f"/search.json?sort=published&page={n}" for n in range(1, 400)],
        "page of a figure": [f"/figures/{id_}" for id_ in reversed(figures)],
    }


RUDE_ADDRESSES = [
    *(f"/search?q={quote(' '.join(SYLLABLES[:n]))}" for n in range(4, len(SYLLABLES))),
    *(f"/search.csv?min={n / 100}&unit=percent&sort=value" for n in range(300)),
    *(f"/search?q={quote('kinh* th* đ* ' + str(n))}" for n in range(300)),
    *(f"/published/statements.json?_size=max&context__contains={n}" for n in range(100)),
    *(f"POST /check.json {'GDP năm 2025 tăng 8,02%, xuất khẩu đạt 405 tỷ USD. ' * 90}{n}" for n in range(100)),
    *(f"/indicators/gdp_growth?as_of=2025-01-{n:02d}" for n in range(1, 29)),
    *(f"/places/{place}?x={n}" for place in PLACES for n in range(60)),
]


def main(folder: Path, articles: int) -> None:
    """Serve, ask, report, end the server."""
    folder.mkdir(parents=True, exist_ok=True)
    db = folder / f"articles{articles}.db"
    if not db.exists():
        fill(db, articles)
    command = [sys.executable, "solieu.py", "serve", "--db", str(db), "--port", "0"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": "."})
    assert server.stderr is not None
    try:
        line = next(line for line in server.stderr if "Solieu is at" in line)
        port = int(line.split("127.0.0.1:")[1].split("/")[0])
        time.sleep(15)  # the readers of numbers load
        figures = []
        for page in range(1, 150):
            answer = subprocess.run(
                [
                    "curl",
                    "-s",
                    "--retry",
                    "40",
                    "--retry-connrefused",
                    "--retry-delay",
                    "3",
                    f"http://127.0.0.1:{port}/search.json?sort=published&page={page}",
                ],
                capture_output=True,
                check=True,
            )
            figures += [one["id"] for one in json.loads(answer.stdout)["data"]["results"]]
        for name, addresses in questions(figures).items():
            before = core_seconds(server.pid)
            times, bad = asyncio.run(crowd(port, addresses, CLIENTS, SECONDS))
            told(name, times, bad, SECONDS, core_seconds(server.pid) - before)

        async def attacked() -> tuple[list[float], int]:
            rude = asyncio.create_task(crowd(port, RUDE_ADDRESSES, RUDE, 2 * SECONDS))
            ordinary = questions(figures)["page of a figure"] + ["/", "/indicators", "/checks"] * 50
            found = await crowd(port, ordinary, 2, 2 * SECONDS)
            return found[0], found[1] + (await rude)[1]

        before = core_seconds(server.pid)
        times, bad = asyncio.run(attacked())
        told(f"others beside {RUDE} rude clients", times, bad, 2 * SECONDS, core_seconds(server.pid) - before)
        print(f"peak memory of the server {peak(server.pid):.0f} MiB")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)
