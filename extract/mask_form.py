"""Masks known by their form alone: a token position in, the end of what stands there out, or None.

In: Tokens and the index of a token. Out: the index behind the last token of a clock time (06:52), a document number
(57-NQ/TW), a phone number, a number plate, a web address or the number of a list item. No words here: the letters of document
numbers and of clock times are handed in by mask.py, which has them from the tables.

>>> clock(Tokens.of("06:52"), 0, frozenset())
3
"""

from collections.abc import Collection

from extract.lexicon import catalogue
from extract.tokens import Tokens

DASHES = frozenset("-–—‑−")
WEB = frozenset({"http", "https", "www", "@"})
"""Tokens that may begin or betray a web or mail address."""
_DATE_MARKS = frozenset("/-.:")
_CLAUSE_ENDS = frozenset("\n.:;")


def is_year(word: str) -> bool:
    """Four digits that are more likely a year than a label: 1900 to 2100."""
    return len(word) == 4 and word.isdigit() and "1900" <= word <= "2100"


def word_at(tokens: Tokens, i: int) -> str:
    """The lower-case token at `i`, "" outside the text."""
    return tokens.lower[i] if 0 <= i < len(tokens) else ""


def number_at(tokens: Tokens, i: int) -> bool:
    """Whether a number that nobody has claimed stands at `i`."""
    return 0 <= i < len(tokens) and tokens.numeric[i] and not tokens.claims[i]


def glued_number(tokens: Tokens, i: int) -> bool:
    """Whether a number stands at `i` without a space before it."""
    return number_at(tokens, i) and tokens.glued(i)


def is_name(word: str) -> bool:
    """Whether `word` is written with one capital, as a name is; "GDP" is none."""
    return len(word) > 1 and word[0].isupper() and not word.isupper()


def unit_at(tokens: Tokens, i: int) -> bool:
    """Whether a unit or a scale word stands at `i` (or behind a range that goes on there), so that an amount is before it.

    A name is none ("Điều 5 Luật Đầu tư"), nor is the day or year behind a label ("Nghị quyết 57 ngày 22/12/2024").
    """
    if word_at(tokens, i) in DASHES and number_at(tokens, i + 1):
        i += 2
    for match in tokens.matches.get(i, ()):
        if match.row.category == "scales":
            return True
        if (
            match.row.category == "units"
            and match.row.data.get("position") != "before"
            and "least" not in match.row.data
        ):
            unit = catalogue("units").get(match.row.data["unit"], {})
            named = bool(match.row.data.get("counted")) and is_name(tokens.words[i])
            return not named and not (unit.get("dimension") == "time" and number_at(tokens, match.end))
    return False


def document(tokens: Tokens, i: int, codes: Collection[str]) -> int | None:
    """A document number: digits, perhaps a year, then letters, joined by "/" and "-" ("192/2025/QH15", "57-NQ/TW")."""
    if not number_at(tokens, i) or len(tokens.words[i]) > 5 or not tokens.words[i].isdigit():
        return None
    end, letters, slashes, known = i + 1, 0, 0, False
    limit = min(len(tokens), i + 14)
    while end + 1 < limit:
        mark, part = tokens.words[end], tokens.words[end + 1]
        spaced = mark in DASHES and not letters and not tokens.glued(end)  # "57 - NQ/TW"
        if mark not in DASHES and mark not in "/&":
            break
        if not spaced and not (tokens.glued(end) and tokens.glued(end + 1)):
            break
        if tokens.numeric[end + 1]:
            if letters or not is_year(part) or mark != "/":
                break
        elif part[0].isalpha() and (part[0].isupper() or letters):
            stem = part.rstrip("0123456789")
            if stem.upper() in codes:
                known = True
            elif not letters and not (stem.isupper() and 2 <= len(stem) <= 8):
                break
            letters += 1
        else:
            break
        slashes += mark == "/"
        end += 2
    if letters and slashes and (known or letters > 1):
        return end
    return None


def clock(tokens: Tokens, i: int, hours: Collection[str]) -> int | None:
    """A time of day: "06:52", "17:00:00", "14h30", "8h" (`hours` are the letters for "h")."""
    word = tokens.words[i]
    if not (word.isdigit() and len(word) <= 2 and int(word) <= 24):
        return None
    end = i + 1
    while (
        word_at(tokens, end) == ":"
        and tokens.glued(end)
        and glued_number(tokens, end + 1)
        and _minutes(tokens.words[end + 1])
    ):
        end += 2
    if end > i + 1:
        return end
    letters = tokens.words[end] if end < len(tokens) else ""  # "5G" is no hour
    if (
        letters
        and tokens.glued(end)
        and any(letters == hour or (letters.startswith(hour) and _minutes(letters[len(hour) :])) for hour in hours)
    ):
        return end + 1
    return None


def _minutes(word: str) -> bool:
    return len(word) == 2 and word.isdigit() and int(word) < 60


def phone(tokens: Tokens, i: int) -> int | None:
    """A phone number: nine digits or more in one token or in groups, with 0 or a "+" at its head ("+84 24 3825 1234")."""
    abroad = word_at(tokens, i - 1) == "+" and len(tokens.words[i]) <= 3
    if not (abroad or tokens.words[i].startswith("0")) or "," in tokens.words[i]:
        return None
    end, digits, last = i, 0, i
    while number_at(tokens, end) and end < i + 12:
        group = tokens.words[end].replace(".", "")
        if not group.isdigit() or (end > i and len(group) < 2):
            break
        digits += len(group)
        last = end = end + 1
        if word_at(tokens, end) in DASHES or word_at(tokens, end) == ")":
            end += 1
    return last if 9 <= digits <= 15 else None


def score(tokens: Tokens, i: int) -> int | None:
    """The score of a match that was lost to nil, "2-0": no range ends or begins so, and no date."""
    if not (tokens.words[i].isdigit() and len(tokens.words[i]) <= 2 and glued_number(tokens, i + 2)):
        return None
    second = tokens.words[i + 2]
    if word_at(tokens, i + 1) not in DASHES or not tokens.glued(i + 1) or not second.isdigit() or len(second) > 2:
        return None
    nil = second == "0" or (tokens.words[i] == "0" and second in "123456789")
    return i + 3 if nil and not unit_at(tokens, i + 3) else None


def plate(tokens: Tokens, i: int) -> int | None:
    """A number plate: two digits, one or two capitals, a dash, four or five digits ("29A-123.45", "51B1-234.56")."""
    if len(tokens.words[i]) != 2 or not tokens.words[i].isdigit() or i + 3 >= len(tokens):
        return None
    letters = tokens.words[i + 1]
    if not (tokens.glued(i + 1) and letters[0].isupper() and len(letters) <= 2 and tokens.words[i + 2] in DASHES):
        return None
    digits = tokens.words[i + 3].replace(".", "")
    return i + 4 if glued_number(tokens, i + 3) and len(digits) in (4, 5) else None


def list_number(tokens: Tokens, i: int) -> int | None:
    """The number of a list item at the start of a line, sentence or clause: "1. ", "2) ", "(3) ", "1.2. ", "; 2- "."""
    word, first = tokens.words[i], i
    if "," in word or len(word) > 5 or any(len(part) > 2 for part in word.split(".")):
        return None
    if (
        word_at(tokens, i - 1) in _CLAUSE_ENDS
        and word_at(tokens, i + 1) in DASHES
        and tokens.glued(i + 1)
        and i + 2 < len(tokens)
        and not tokens.glued(i + 2)
        and tokens.words[i + 2][0].isupper()
    ):
        return i + 2
    bracket = word_at(tokens, i - 1) == "("
    if bracket:
        first -= 1
    if first and tokens.sentences[first - 1] == tokens.sentences[first]:
        return None
    closing = word_at(tokens, i + 1)
    if closing not in (".", ")", "/") or (bracket and closing != ")") or not tokens.glued(i + 1):
        return None
    if i + 2 < len(tokens) and (tokens.glued(i + 2) and closing != ")"):
        return None
    return i + 2


def web(tokens: Tokens, i: int) -> int | None:
    """An address of the web or of mail, up to the next space, if it has a mark of one ("://", "www.", "@")."""
    word, n = tokens.lower[i], len(tokens)
    if not (
        (word in ("http", "https") and word_at(tokens, i + 1) == ":" and word_at(tokens, i + 2) == "/")
        or (word == "www" and word_at(tokens, i + 1) == ".")
        or (word == "@" and tokens.glued(i) and i + 1 < n and tokens.glued(i + 1))
    ):
        return None
    end = i + 1
    while end < n and tokens.glued(end) and tokens.words[end] != "\n":
        end += 1
    return end


def name(tokens: Tokens, i: int, calendar: Collection[str]) -> bool:
    """Whether the number at `i` ends a name: "Dung Quất 2", "S-400".

    Not a year, nor a count behind a place ("Huế 3"), nor a day behind a word of the `calendar` ("On March 5").
    """
    word = tokens.words[i]
    if not word.isdigit() or len(word) > 6 or is_year(word) or i < 2 or tokens.sentences[i] != tokens.sentences[i - 2]:
        return False
    before, first = tokens.words[i - 1], tokens.words[i - 2]
    if before in DASHES:
        return tokens.glued(i) and tokens.glued(i - 1) and first[0].isupper() and not unit_at(tokens, i + 1)
    if len(word) > 3 or before.lower() in calendar or not (is_name(before) and is_name(first)):
        return False
    if tokens.glued(i) or unit_at(tokens, i + 1):
        return False
    if word_at(tokens, i + 1) in _DATE_MARKS and tokens.glued(i + 1) and glued_number(tokens, i + 2):
        return False
    return all(
        match.end != i or match.row.category in ("indicators", "organisations")
        for start in range(max(0, i - 4), i)
        for match in tokens.matches.get(start, ())
    )
