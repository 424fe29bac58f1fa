"""How well hits of the word indexes fit, and what is marked in them.

In: a connection, `Words`, row numbers that were found. Out: a score a row; texts cut in [piece, marked] pairs.
"""

import re
from collections.abc import Sequence
from typing import Any

from index.receipt import Pieces
from index.words import Words

OPEN, CLOSE = "\x02", "\x03"
"""What stands around a marked word until it is cut out: characters of no text."""
EXACT = 4
"""Score from which a hit has the marks as typed."""


def word_scores(
    conn: Any, table: str, subject: tuple[str, ...], words: Words, found: Sequence[int], limit: int
) -> dict[int, int]:
    """How well each hit fits: EXACT for the marks as typed, 2 for words that name its subject, 1 for words side by side.

    No bm25: for the weight of a word it counts all its hits, which takes longer with every article, and what is measured
    here are sentences, in which no word stands often. Hits with the marks as typed are candidates however old they are.
    """
    scores = dict.fromkeys(found, 0)
    lowest = min(found, default=0)
    exact = f"select rowid from {table}_exact where {table}_exact match ? order by rowid desc limit ?"
    for (seq,) in conn.execute(exact, (words.exact, limit)):
        scores[seq] = scores.get(seq, 0) + EXACT
    finer = [(f"{{{' '.join(subject)}}} : ({words.all})", 2)]
    if words.together:
        finer.append((words.together, 1))
    for expression, worth in finer:
        sql = f"select rowid from {table}_words where {table}_words match ? and rowid >= ? order by rowid desc limit ?"
        for (seq,) in conn.execute(sql, (expression, lowest, 4 * limit)):
            if seq in scores:
                scores[seq] += worth
    return scores if words.single else {seq: scores[seq] for seq in found}


def pieces(highlighted: str) -> Pieces:
    """A text with OPEN and CLOSE in it, cut in [piece, mark] pairs; the mark of a searched word is 2."""
    cut: Pieces = []
    for i, part in enumerate(re.split(f"[{OPEN}{CLOSE}]", highlighted)):
        if part:
            cut.append([part, 2 * (i % 2)])
    return cut
