"""What a check says in print: its kind, verdict and numbers in, one sentence a language out (catalogue/checks.toml).

>>> sentences("share", "inconsistent", "30.39", part="991", total="3 261", printed="30,9 %")["en"]
'991 of 3 261 is 30.39%, not 30,9 %.'
"""

from decimal import Decimal

from extract.lexicon import catalogue, lexicon


def plain(number: Decimal, decimals: int = 2) -> str:
    """`number` with at most `decimals` decimals, in international notation without grouping."""
    text = f"{number:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def local(number: str, language: str) -> str:
    """`number` (international notation) with the marks of `language`."""
    facts = lexicon(language).facts
    whole, _, decimals = number.lstrip("-").partition(".")
    grouped = f"{int(whole or 0):,}".replace(",", facts["thousands"][0])
    return ("-" if number.startswith("-") else "") + grouped + (facts["decimal"] + decimals if decimals else "")


def sentences(kind: str, verdict: str, computed: str, **slots: str) -> dict[str, str]:
    """The sentence for print, by language; empty for a verdict that says nothing."""
    texts = catalogue("checks")[kind].get(verdict, {})
    return {code: text.format(computed=local(computed, code), **slots) for code, text in texts.items()}
