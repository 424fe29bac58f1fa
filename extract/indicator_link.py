"""Gives a statement the catalogue's id where its restored phrase is one that the catalogue knows.

In: statements whose indicator may have been restored from the title, the lead or a total. Out: the same, with `indicator_id`
where the phrase as a whole is a phrase of the table, and unit, measure and base leave one row of the catalogue. Anything beside
the phrase, and the id stays None: a series never holds a guess.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from extract.concept import Known, indicator_id
from extract.lexicon import lexicon
from extract.statement import Statement
from extract.tokens import Row


@cache
def _phrases(language: str) -> Mapping[str, Row]:
    words = lexicon(language)
    return {
        spelling.casefold(): row
        for row in words.category("indicators")
        for phrase in row.phrases
        for spelling in words.spellings(phrase)
    }


def link(statements: Iterable[Statement], language: str) -> Iterator[Statement]:
    """The statements, in order, linked where the phrase alone is enough."""
    for statement in statements:
        row = _phrases(language).get((statement.indicator or "").casefold())
        if row is None or statement.indicator_id is not None:
            yield statement
            continue
        whole = statement.period is not None and statement.period.granularity in ("month", "quarter", "year")
        known = Known(row.data["concept"], row)
        found = indicator_id(known, statement.measure, statement.quantity.unit, statement.base, whole)
        yield replace(statement, indicator_id=found) if found else statement
