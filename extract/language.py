"""Which language a text is in: any string in, the code of one of `extract/languages` out.

Each `language.toml` names the commonest words of its language and the letters that no other has; the language that
explains most of the text's words wins. A text of digits alone is in the first language of the tables, Vietnamese.

>>> detect_language("GDP tăng 8,02% trong năm 2025")
'vi'
>>> detect_language("Exports rose by 8.02 percent in 2025")
'en'
"""

import re
import unicodedata
from functools import cache

from extract.lexicon import languages, lexicon

ENOUGH = 4000
"""Characters that settle it: the rest of a longer text is not looked at."""

_WORD = re.compile(r"[^\W\d_]+")


@cache
def _marks(code: str) -> tuple[frozenset[str], frozenset[str]]:
    facts = lexicon(code).facts
    return frozenset(facts.get("words", ())), frozenset(facts.get("letters", ""))


def detect_language(text: str) -> str:
    """Code of the likeliest language of `text` (never fails: `vi` where nothing tells)."""
    words = _WORD.findall(unicodedata.normalize("NFC", text[:ENOUGH]).lower())
    best, most = "vi", 0
    for code in languages():
        common, letters = _marks(code)
        score = sum(2 for word in words if word in common) + sum(1 for word in words if not letters.isdisjoint(word))
        if score > most or (score == most and code == "vi"):
            best, most = code, score
    return best
