"""Related articles: by what they mean, not by the words they share.

In: a store whose articles may lack vectors. Out: `embed` fills them in; `related` answers with the nearest other articles.

>>> embed(store, load_encoder())
80
>>> related(store.connection, article_id)
[('0f3a…', 0.71), …]
"""

from typing import Any

import numpy as np

from index.encoder import Encoder
from index.store import Store

LEAD = 400
"""Characters of the text that are encoded with the title: what a lead holds."""
NEAR = 0.35
"""Cosine below which two articles have nothing to do with each other."""
BATCH = 512

_matrices: dict[tuple[str, str], tuple[list[str], Any]] = {}
"""The vectors of a file as last built, by its path and that moment: one entry, replaced when the ledger is built again."""


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


def _matrix(conn: Any) -> tuple[list[str], Any]:
    path = conn.execute("select file from pragma_database_list where name = 'main'").fetchone()[0]
    built = conn.execute("select value from state where name = 'built_at'").fetchone()
    key = (path or str(id(conn)), built[0] if built else "")
    if key not in _matrices:
        rows = conn.execute("select article, vector from vectors order by article").fetchall()
        vectors = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f2").astype(np.float32)
        _matrices.clear()
        _matrices[key] = [row[0] for row in rows], vectors.reshape(len(rows), -1)
    return _matrices[key]


def related(conn: Any, article: str, size: int = 5) -> list[tuple[str, float]]:
    """Ids of the articles nearest in meaning with their cosine, nearest first.

    Copies and translations of the article are left out: their pages are named on it already.
    """
    row = conn.execute("select vector from vectors where article = ?", (article,)).fetchone()
    if row is None:
        return []
    ids, matrix = _matrix(conn)
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
