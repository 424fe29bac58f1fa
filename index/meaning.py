"""Articles by what they mean: encoded once, found by a question or by another article.

In: a store whose articles may lack vectors. Out: `embed` fills them in; `related` answers with the nearest other articles,
`Nearness.of` with how near every article is to a question.

>>> embed(store, load_encoder())
80
>>> related(store.connection, article_id)
[('0f3a…', 0.71), …]

Vectors of two encoders are never compared: where the database was encoded by another one, meaning is refused with the command
that encodes anew, and search by words goes on.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from index.encoder import Encoder, usable_encoder
from index.store import Store

LEAD = 400
"""Characters of the text that are encoded with the title: what a lead holds."""
NEAR = 0.35
"""Cosine below which two articles have nothing to do with each other."""
ABOUT = 0.22
"""Cosine from which an article has to do with a question: 94 of 100 headlines reach it with their own lead, one of 100
with another one. Questions are shorter than articles, and in another language the words have only their meaning."""
BATCH = 512

_matrices: dict[tuple[str, str, str], tuple[list[str], list[int], Any]] = {}
"""Ids, row numbers and vectors of a file as last built, by path, that moment and encoder: one entry, replaced when any changes."""


def embed(store: Store, encoder: Encoder) -> int:
    """Encode the articles that are new, have changed, or were encoded by another encoder. Returns how many."""
    conn = store.connection
    rows = conn.execute(
        "select a.id, a.snapshot, a.title, substr(s.text, 1, ?) from articles a join snapshots s on s.id = a.snapshot"
        " left join vectors v on v.article = a.id"
        " where v.article is null or v.snapshot <> a.snapshot or v.encoder <> ? order by a.id",
        (LEAD, encoder.id),
    ).fetchall()
    for at in range(0, len(rows), BATCH):
        chunk = rows[at : at + BATCH]
        encoded = encoder.encode([f"{title}\n{text}" for _, _, title, text in chunk]).astype("<f2")
        with store.transaction():
            conn.executemany(
                "insert into vectors (article, snapshot, encoder, vector) values (?, ?, ?, ?) on conflict(article) do update"
                " set snapshot = excluded.snapshot, encoder = excluded.encoder, vector = excluded.vector",
                [(row[0], row[1], encoder.id, vector.tobytes()) for row, vector in zip(chunk, encoded, strict=True)],
            )
    return len(rows)


def _matrix(conn: Any, encoder: str) -> tuple[list[str], list[int], Any]:
    path = conn.execute("select file from pragma_database_list where name = 'main'").fetchone()[0]
    built = conn.execute("select value from state where name = 'built_at'").fetchone()
    # before the first build nothing says that the vectors are still the same
    count = "" if built else str(conn.execute("select count(*), max(rowid) from vectors").fetchone())
    key = (path or str(id(conn)), built[0] if built else count, encoder)
    if key not in _matrices:
        rows = conn.execute(
            "select v.article, a.seq, v.vector from vectors v join articles a on a.id = v.article"
            " where v.encoder = ? order by v.article",
            (encoder,),
        ).fetchall()
        vectors = np.frombuffer(b"".join(row[2] for row in rows), dtype="<f2").astype(np.float32)
        _matrices.clear()
        _matrices[key] = [row[0] for row in rows], [row[1] for row in rows], vectors.reshape(len(rows), -1)
    return _matrices[key]


def related(conn: Any, article: str, size: int = 5) -> list[tuple[str, float]]:
    """Ids of the articles nearest in meaning with their cosine, nearest first.

    Copies and translations of the article are left out: their pages are named on it already.
    """
    row = conn.execute("select vector, encoder from vectors where article = ?", (article,)).fetchone()
    if row is None:
        return []
    ids, _, matrix = _matrix(conn, row[1])
    nearness = matrix @ np.frombuffer(row[0], dtype="<f2").astype(np.float32)
    left_out = {article} | {
        other
        for (other,) in conn.execute(
            "with family(id) as (values (:id) union select original from translations where article = :id"
            " union select story from copies where article = :id)"
            " select id from family union select article from translations where original in (select id from family)"
            " union select article from copies where story in (select id from family)",
            {"id": article},
        )
    }
    nearest = np.argsort(-nearness)[: size + len(left_out)]
    return [(ids[i], round(float(nearness[i]), 3)) for i in nearest if ids[i] not in left_out and nearness[i] >= NEAR][
        :size
    ]


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near each article is to a question. `refused` says why it cannot be told; then no article is near.

    Articles are numbered as in the column `seq`.
    """

    encoder: str | None = None
    refused: str | None = None
    seqs: Any = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    cosines: Any = field(default_factory=lambda: np.zeros(0, dtype=np.float32))

    @classmethod
    def of(cls, conn: Any, question: str) -> "Nearness":
        """Nearness to any text; one without words is near to nothing."""
        encoder, fault = usable_encoder()
        stored = conn.execute("select encoder from vectors where encoder = ? limit 1", (encoder.id,)).fetchone()
        if stored is None:
            other = conn.execute("select encoder from vectors limit 1").fetchone()
            if other is None:
                return cls(encoder.id, fault)
            path = conn.execute("select file from pragma_database_list where name = 'main'").fetchone()[0]
            refusal = (
                f"the articles were encoded by {other[0]}, this is {encoder.id}: search goes by words alone until"
                f" `solieu index --db {path or 'FILE'}` has encoded them anew"
            )
            return cls(encoder.id, refusal if fault is None else f"{fault}; {refusal}")
        vector = encoder.encode([question[:2000]], asking=True)[0]
        _, seqs, matrix = _matrix(conn, encoder.id)
        return cls(encoder.id, fault, np.array(seqs, dtype=np.int64), matrix @ vector)

    def nearest(self, size: int) -> list[int]:
        """Row numbers of at most `size` articles that are ABOUT the question, nearest first."""
        if not len(self.cosines):
            return []
        size = min(size, len(self.cosines))
        top = np.argpartition(-self.cosines, size - 1)[:size]
        top = top[np.lexsort((self.seqs[top], -self.cosines[top]))]
        return [int(self.seqs[i]) for i in top if self.cosines[i] >= ABOUT]

    def at(self, seqs: Iterable[int]) -> dict[int, float]:
        """Cosine of each of these articles, 0 where it has no vector."""
        wanted = list(seqs)
        if not wanted or not len(self.seqs):
            return dict.fromkeys(wanted, 0.0)
        order = np.argsort(self.seqs)
        places = np.minimum(np.searchsorted(self.seqs, wanted, sorter=order), len(order) - 1)
        rows = order[places]
        return {
            seq: float(self.cosines[row]) if self.seqs[row] == seq else 0.0
            for seq, row in zip(wanted, rows, strict=True)
        }
