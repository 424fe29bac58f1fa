"""Which indicators a phrase may mean, and which are akin: proposed by nearness of their names, never assigned.

In: a phrase of any of the languages, or an indicator's id. Out: ids of the catalogue with their nearness, nearest first.

>>> propose("joblessness among young people")[0][0]
'unemp_youth'

Only the embedded encoder is asked: the names of the catalogue are encoded when they are first needed, in milliseconds.
"""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np

from index.catalogue import shipped
from index.encoder import load_encoder
from index.receipt import Row, indicators_by

LIKELY = 0.45
"""Cosine from which a name is worth proposing."""
_LANGUAGES = ("vi", "en", "sv")


@cache
def _names() -> tuple[tuple[str, ...], Any]:
    """Ids of the indicators, and the vectors of their names: indicators × languages × dimensions."""
    indicators = shipped().indicators
    keys = tuple(indicators)
    vectors = load_encoder().encode([indicators[key][code] for key in keys for code in _LANGUAGES])
    return keys, vectors.reshape(len(keys), len(_LANGUAGES), -1)


def _best(scores: Any, keys: tuple[str, ...], size: int, without: str | None) -> list[tuple[str, float]]:
    order = np.argsort(-scores, kind="stable")
    found = [(keys[i], round(float(scores[i]), 3)) for i in order if keys[i] != without and scores[i] >= LIKELY]
    return found[:size]


def propose(phrase: str, size: int = 3) -> list[tuple[str, float]]:
    """Indicators that `phrase` may name; empty where none is near."""
    keys, vectors = _names()
    scores = (vectors @ load_encoder().encode([phrase[:300]])[0]).max(axis=1)
    return _best(scores, keys, size, None)


def akin(indicator: str, size: int = 5) -> list[tuple[str, float]]:
    """Other indicators whose names are near to those of `indicator`, by the mean over the languages."""
    keys, vectors = _names()
    if indicator not in keys:
        return []
    own = vectors[keys.index(indicator)]
    scores = np.einsum("kld,ld->k", vectors, own) / len(_LANGUAGES)
    return _best(scores, keys, size, indicator)


def proposals(conn: Any, phrase: str, without: Iterable[str] = (), size: int = 3) -> list[Row]:
    """`propose` as IndicatorRefs with their nearness."""
    near = dict(propose(phrase, size + len(set(without))))
    return _refs(conn, {key: value for key, value in near.items() if key not in set(without)})[:size]


def akin_indicators(conn: Any, indicator: str) -> list[Row]:
    """`akin` as IndicatorRefs with their nearness, of which there are figures."""
    near = dict(akin(indicator, 30))
    said = "select i.id from indicators i where exists (select 1 from statements s where s.indicator_id = i.id and s.withdrawn is null)"
    known = {key for (key,) in conn.execute(said)}
    return _refs(conn, {key: value for key, value in near.items() if key in known})[:5]


def _refs(conn: Any, near: dict[str, float]) -> list[Row]:
    refs = indicators_by(conn, "where i.id in (select value from json_each(?))", (json.dumps(list(near)),))
    return sorted((ref | {"nearness": near[ref["id"]]} for ref in refs), key=lambda ref: -ref["nearness"])
