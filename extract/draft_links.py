"""Links between the figures of a text: which is a part or share of which.

In: the drafts of a text in reading order. Out: its statements, with `part_of` set.
"""

from bisect import bisect_right
from dataclasses import replace

from extract.clause import Clauses
from extract.lexicon import catalogue
from extract.link import Linked, link_parts, words
from extract.place import NATION
from extract.place_scope import PlaceScope
from extract.statement import Statement
from extract.statement_draft import Draft


def linked_statements(drafts: list[Draft], clauses: Clauses, places: PlaceScope) -> tuple[Statement, ...]:
    """The statements of the drafts with their links."""
    breaks = [i for i, word in enumerate(clauses.tokens.words) if word == "\n"]
    links = link_parts([_link(draft, bisect_right(breaks, draft.clause.first), clauses, places) for draft in drafts])
    return tuple(replace(d.statement, part_of=link) for d, link in zip(drafts, links, strict=True))


def _link(draft: Draft, paragraph: int, clauses: Clauses, places: PlaceScope) -> Linked:
    """What the links need to know of a draft."""
    whole = None
    if draft.reading.whole is not None:
        span = clauses.strip(draft.reading.whole.start, draft.clause.stop)
        whole = words(clauses.text(span))
    statement, naming = draft.statement, draft.naming
    place = draft.place if draft.place is None or draft.place.role != "local" else places.ambient
    row = catalogue("indicators").get(statement.indicator_id or "", {})
    return Linked(
        unit=draft.quantity.unit,
        value=draft.quantity.value,
        measure=statement.measure,
        contribution=draft.reading.contribution,
        sentence=draft.sentence,
        paragraph=paragraph,
        phrase=naming.phrase,
        head=naming.base,
        topic=naming.topic,
        whole=whole,
        opened=draft.opened,
        opens=draft.clause.opener is not None,
        alone=draft.clause.alone,
        total=draft.clause.total,
        carried=naming.carried,
        part=naming.part,
        member=naming.member,
        period=statement.period_code,
        base=statement.base,
        place="" if place is None or place.slug == NATION else place.name,
        parts=frozenset(row.get("parts", ())),
        indicator_id=statement.indicator_id,
    )
