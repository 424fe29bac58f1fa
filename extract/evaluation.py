"""Scores extracted figures and commitments against gold annotations (the gold guidelines' fields).

In: rows `{"id", "figures": […], "commitments": […]}` of a system and of gold. Out: `Score`, counted over all passages:

    span      figures that overlap one to one
    value     the same, with value, value_high and unit agreeing
    record    value, kind, measure, direction, period and indicator all agree
    receipt   beyond that, place and qualifier
    part_of   links between value-matched figures       commitment clauses that share half of their words
    accuracy  of each field, over the value-matched pairs (deadline, instrument: over the matched commitments)

Two indicators agree when the F1 of their words is at least one half; two periods when they are the same or close on the
same day; places without their class; units after folding synonyms.
"""

import calendar
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Figure = Mapping[str, Any]

# The folding below is part of the measure's definition, not of the extractor: it knows the names that annotators use.
UNIT_SYNONYMS = {
    "people": "person", "persons": "person", "passenger": "person", "visitor": "person", "tourist": "person",
    "%": "percent", "pp": "percentage_point", "tonnes": "tonne", "ton": "tonne", "hectare": "ha", "hectares": "ha",
    "vnd": "VND", "usd": "USD", "company": "enterprise", "business": "enterprise", "firm": "enterprise",
    "time": "times", "x": "times",
}  # fmt: skip
NATIONAL = {"", "viet nam", "vietnam", "ca nuoc", "toan quoc", "nation", "whole country", "hela landet", "country"}
PLACE_CLASS = re.compile(
    r"^(tinh|thanh pho|tp|huyen|quan|xa|phuong|province of|city of|the|provinsen|staden)\b[. ]*"
    r"|\s+(province|city|provinsen|provins|stad)$"
)
PLACE_SYNONYMS = {
    "hcm": "ho chi minh", "hcmc": "ho chi minh", "hn": "ha noi", "hanoi": "ha noi", "danang": "da nang",
    "haiphong": "hai phong",
}  # fmt: skip
CLOSING = {"Q1": "03-31", "Q2": "06-30", "Q3": "09-30", "Q4": "12-31", "S1": "06-30", "S2": "12-31"}


def fold(text: str | None) -> str:
    """`text` in lower case without marks (đ as d), spaces single."""
    decomposed = unicodedata.normalize("NFD", (text or "").casefold().replace("đ", "d"))
    return re.sub(r"\s+", " ", "".join(c for c in decomposed if not unicodedata.combining(c))).strip()


def fold_place(name: str | None) -> str:
    """A place's bare name; "" for the whole country."""
    bare = PLACE_CLASS.sub("", PLACE_CLASS.sub("", re.sub(r"[.,()]", " ", fold(name)).strip())).strip()
    bare = PLACE_SYNONYMS.get(bare, bare)
    return "" if bare in NATIONAL else bare


def fold_unit(name: str | None) -> str:
    """A unit's common name, "head/per"."""
    parts = [part.strip() for part in (name or "").split("/", 1)]
    return "/".join(UNIT_SYNONYMS.get(part, UNIT_SYNONYMS.get(part.lower(), part)) for part in parts)


def words_f1(a: str | None, b: str | None) -> float:
    """F1 of the words two phrases share; 1 when both are empty."""
    one, other = (Counter(re.findall(r"\w+", (text or "").casefold())) for text in (a, b))
    common = sum((one & other).values())
    return 2 * common / (sum(one.values()) + sum(other.values())) if common else float(not one and not other)


def closing_days(period: str | None) -> set[str | None]:
    """A period and the day it closes on: a stock at the end of 2025-Q1 may be dated 2025-Q1, 2025-03 or 2025-03-31."""
    if not period or "/" in period:
        return {period or None}
    year, _, rest = period.partition("-")
    rest = CLOSING.get(rest, rest)
    if len(rest) == 2:
        rest = f"{rest}-{calendar.monthrange(int(year), int(rest))[1]}"
    return {period, f"{year}-{rest}" if rest else f"{year}-12-31"}


def _same_number(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is None and b is None
    return abs(float(a) - float(b)) <= 1e-6 * max(abs(float(a)), abs(float(b)), 1e-12)


def same_value(a: Figure, b: Figure) -> bool:
    """Value, upper value and unit agree."""
    return (
        _same_number(a.get("value"), b.get("value"))
        and _same_number(a.get("value_high"), b.get("value_high"))
        and fold_unit(a.get("unit")) == fold_unit(b.get("unit"))
    )


def same_period(a: Figure, b: Figure) -> bool:
    """The same period, or two that close on the same day."""
    one, other = a.get("period") or None, b.get("period") or None
    return one == other or bool(one and other and closing_days(one) & closing_days(other))


def _same(*names: str) -> Callable[[Figure, Figure], bool]:
    return lambda a, b: all((a.get(name) or None) == (b.get(name) or None) for name in names)


FIELDS: dict[str, Callable[[Figure, Figure], bool]] = {
    "kind": _same("kind"),
    "measure": _same("measure", "direction"),
    "qualifier": _same("qualifier"),
    "period": same_period,
    "place": lambda a, b: fold_place(a.get("place")) == fold_place(b.get("place")),
    "indicator": lambda a, b: words_f1(a.get("indicator"), b.get("indicator")) >= 0.5,
}
RECORD = ("kind", "measure", "period", "indicator")
RECEIPT = (*RECORD, "place", "qualifier")


@dataclass(frozen=True, slots=True)
class Ratio:
    """Precision, recall and F1 of `hits` among `predicted` and `gold`."""

    hits: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float:
        """Share of the predicted that is right."""
        return self.hits / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found."""
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.hits / (self.predicted + self.gold) if self.predicted + self.gold else 0.0

    def as_dict(self) -> dict[str, float]:
        """Rounded for print."""
        rounded = {name: round(getattr(self, name), 4) for name in ("precision", "recall", "f1")}
        return {**rounded, "gold": self.gold}


@dataclass(frozen=True, slots=True)
class Miss:
    """One disagreement: where, in which field, the gold quote, what was given, what was wanted."""

    passage: str
    field: str
    quote: str
    given: Any = None
    wanted: Any = None


@dataclass(frozen=True, slots=True)
class Score:
    """Ratios by name, accuracy by field and every miss in reading order."""

    ratios: dict[str, Ratio]
    accuracy: dict[str, float]
    misses: tuple[Miss, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same figures as plain JSON."""
        return {**{name: ratio.as_dict() for name, ratio in self.ratios.items()}, "accuracy": self.accuracy}


def _overlap(a: Figure, b: Figure) -> int:
    return int(min(a["end"], b["end"]) - max(a["start"], b["start"]))


def align(predicted: list[Figure], gold: list[Figure]) -> list[tuple[int, int]]:
    """One-to-one pairs of overlapping figures: those with agreeing values first, then the longest overlap."""
    candidates = sorted(
        (
            (same_value(p, g), _overlap(p, g), i, j)
            for i, p in enumerate(predicted)
            for j, g in enumerate(gold)
            if _overlap(p, g) > 0
        ),
        reverse=True,
    )
    pairs: list[tuple[int, int]] = []
    used: tuple[set[int], set[int]] = (set(), set())
    for _, _, i, j in candidates:
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            pairs.append((i, j))
    return pairs


def evaluate(system: Mapping[str, Mapping[str, Any]], gold_rows: Iterable[Mapping[str, Any]]) -> Score:
    """Compare a system's rows, by id, with gold rows."""
    count: Counter[str] = Counter()
    fields: dict[str, Counter[bool]] = defaultdict(Counter)
    misses: list[Miss] = []
    for row in gold_rows:
        answer = system.get(row["id"], {})
        _score_figures(row["id"], answer.get("figures", []), row.get("figures", []), count, fields, misses)
        _score_commitments(row["id"], answer.get("commitments", []), row.get("commitments", []), count, fields, misses)
    ratios = {
        name: Ratio(count[name], count["predicted"], count["gold"]) for name in ("span", "value", "record", "receipt")
    }
    for name in ("part_of", "commitment"):
        ratios[name] = Ratio(count[name], count[f"{name} predicted"], count[f"{name} gold"])
    accuracy = {name: round(hits[True] / max(1, hits.total()), 4) for name, hits in fields.items()}
    return Score(ratios, accuracy, tuple(misses))


def _score_figures(
    passage: str,
    predicted: list[Figure],
    gold: list[Figure],
    count: Counter[str],
    fields: dict[str, Counter[bool]],
    misses: list[Miss],
) -> None:
    pairs = align(predicted, gold)
    partner = {j: i for i, j in pairs}
    count.update({"predicted": len(predicted), "gold": len(gold), "span": len(pairs)})
    for j, wanted in enumerate(gold):
        given = predicted[partner[j]] if j in partner else None
        if given is None or not same_value(given, wanted):
            values = given and {key: given.get(key) for key in ("value", "value_high", "unit")}
            misses.append(Miss(passage, "missed" if given is None else "value", wanted["quote"], values))
            continue
        right = {name: agree(given, wanted) for name, agree in FIELDS.items()}
        for name, hit in right.items():
            fields[name][hit] += 1
            if not hit:
                misses.append(Miss(passage, name, wanted["quote"], given.get(name), wanted.get(name)))
        count["value"] += 1
        count["record"] += all(right[name] for name in RECORD)
        count["receipt"] += all(right[name] for name in RECEIPT)
    for i in sorted(set(range(len(predicted))) - set(partner.values())):
        extra = predicted[i]
        misses.append(
            Miss(passage, "extra", extra.get("quote", ""), {key: extra.get(key) for key in ("value", "unit")})
        )
    same = {i: j for i, j in pairs if same_value(predicted[i], gold[j])}
    given_links = {
        (same.get(i, ("unmatched", i)), same.get(p["part_of"], ("unmatched", p["part_of"])))
        for i, p in enumerate(predicted)
        if p.get("part_of") is not None
    }
    wanted_links = {(j, g["part_of"]) for j, g in enumerate(gold) if g.get("part_of") is not None}
    hits = len(given_links & wanted_links)
    count.update({"part_of": hits, "part_of predicted": len(given_links), "part_of gold": len(wanted_links)})


def _score_commitments(
    passage: str,
    predicted: list[Figure],
    gold: list[Figure],
    count: Counter[str],
    fields: dict[str, Counter[bool]],
    misses: list[Miss],
) -> None:
    count.update({"commitment predicted": len(predicted), "commitment gold": len(gold)})
    taken: set[int] = set()
    for wanted in gold:
        share, i = max(
            (
                (words_f1(p.get("quote"), wanted["quote"]), i)
                for i, p in enumerate(predicted)
                if i not in taken and _overlap(p, wanted) > 0
            ),
            default=(0.0, -1),
        )
        if share < 0.5:
            misses.append(Miss(passage, "commitment", wanted["quote"]))
            continue
        taken.add(i)
        count["commitment"] += 1
        fields["deadline"][_same("deadline")(predicted[i], wanted)] += 1
        fields["instrument"][fold(predicted[i].get("instrument")) == fold(wanted.get("instrument"))] += 1
