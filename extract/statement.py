"""Statement: what one text says once, with its receipt; Provenance: the receipt."""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Literal

from extract.period import Period
from extract.quantity import Quantity

Kind = Literal["statistic", "target", "forecast", "commitment", "rule"]
Measure = Literal["level", "change", "growth", "share", "ratio", "rank"]
Direction = Literal["up", "down", "flat"]
Verdict = Literal["consistent", "truncated", "rounds_to", "off_by_power_of_ten", "inconsistent", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """The exact words and where they stand (W3C Web Annotation selectors), and which rules read them (PROV).

    `start`, `end` are code points into the article's text, `exact == text[start:end]`; `prefix`, `suffix` are the up to 32
    characters around them. `source` is the speaker or issuer that the text names, or None.
    """

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    source: str | None = None
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One published figure with everything that makes it comparable.

    `indicator` is the phrase as printed (or restored from context), `indicator_id` its row in the catalogue where that is
    certain; `place` as named, `place_id` its time-versioned unit. `part_of` is the index, in the list this statement
    belongs to, of the total that it is a part or share of. `confidence` is 0 to 1; `doubts` say what lowers it.
    """

    quantity: Quantity
    kind: Kind
    measure: Measure
    provenance: Provenance
    direction: Direction | None = None
    base: str | None = None
    """yoy, previous_period, plan, baseline, or a period code."""
    indicator: str | None = None
    indicator_id: str | None = None
    place: str | None = None
    place_id: str | None = None
    period: Period | None = None
    period_code: str | None = None
    """The reference period as it counts for this figure (a flow "tính đến …" runs from the start of the year)."""
    breakdown: str | None = None
    instrument: str | None = None
    deadline: str | None = None
    part_of: int | None = None
    confidence: float = 1.0
    doubts: tuple[str, ...] = ()

    def figure(self) -> dict[str, Any]:
        """The statement under the field names of the gold guidelines; None where nothing is said."""
        q = self.quantity
        return {
            "quote": self.provenance.exact,
            "start": self.provenance.start,
            "end": self.provenance.end,
            "value": _number(q.value),
            "value_high": _number(q.value_high),
            "unit": q.unit,
            "qualifier": q.qualifier,
            "kind": self.kind,
            "measure": self.measure,
            "direction": self.direction,
            "base": self.base,
            "indicator": self.indicator,
            "indicator_id": self.indicator_id,
            "place": self.place,
            "period": self.period_code,
            "source": self.provenance.source,
            "part_of": self.part_of,
        }


@dataclass(frozen=True, slots=True)
class Commitment:
    """A decided, planned or proposed act of policy, or a non-numeric aim: one clause of the text."""

    provenance: Provenance
    actor: str | None = None
    action: str | None = None
    deadline: str | None = None
    instrument: str | None = None
    status: str = "planned"
    """proposed, planned, approved, in_progress, done, delayed."""
    place: str | None = None
    doubts: tuple[str, ...] = ()
    """`two_actors`: either may be meant, and no actor is given; `past_deadline`: it was over when this was published."""
    object: str | None = None
    """What it is about, as printed."""
    beneficiary: str | None = None
    """The group of people that it is for, as printed."""
    candidates: tuple[str, ...] = ()
    """Those of `two_actors`."""

    def figure(self) -> dict[str, Any]:
        """The commitment under the field names of the gold guidelines."""
        return {
            "quote": self.provenance.exact,
            "start": self.provenance.start,
            "end": self.provenance.end,
            "actor": self.actor,
            "action": self.action,
            "deadline": self.deadline,
            "instrument": self.instrument,
            "status": self.status,
            "place": self.place,
            "object": self.object,
            "beneficiary": self.beneficiary,
        }


@dataclass(frozen=True, slots=True)
class Check:
    """An arithmetic test over statements of one article, and what came of it.

    `statements` are indices into the article's list, the one in question first. `printed` and `computed` are numbers as
    text, in the unit of that statement. `explanation` has a sentence for print in vi and en.
    """

    kind: str
    """share, sum_of_parts, part_exceeds_total, growth, plan_ratio, currency, contribution, span …"""
    statements: tuple[int, ...]
    printed: str
    computed: str
    verdict: Verdict
    explanation: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything that was read in one text."""

    statements: tuple[Statement, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    checks: tuple[Check, ...] = ()
    ignored: tuple[tuple[int, int, str], ...] = ()
    """(start, end, reason) of each number that became no statement: counted in the run's report, shown by explain."""


def statement_id(article_id: str, provenance: Provenance, nth: int = 0) -> str:
    """16 hexadecimal digits of article, quoted words and their surroundings; `nth` parts identical ones.

    Offsets, kind and extractor version play no part, so a permalink survives re-extraction and edits elsewhere.
    """
    key = "\n".join((article_id, provenance.prefix, provenance.exact, provenance.suffix, str(nth)))
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _number(value: object) -> int | float | None:
    if value is None:
        return None
    number = float(str(value))
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
