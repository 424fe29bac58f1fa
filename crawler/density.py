"""The article of a page whose layout nobody described; the one door to trafilatura.

In: the HTML of a page. Out: its paragraphs by text density, or none. Pages with more than 8,000 elements or 2 million
characters get none: the extractor's time grows with the square of some pages.

>>> dense_paragraphs("<html><body><p>Quá ngắn</p></body></html>")
[]
"""

LARGEST = 2_000_000
MOST_ELEMENTS = 8_000


def dense_paragraphs(html: str) -> list[str]:
    """Paragraphs of the main text in reading order; empty where there is no such text."""
    if len(html) > LARGEST or html.count("<") > 2 * MOST_ELEMENTS:
        return []
    import trafilatura

    try:
        text = trafilatura.extract(html, include_comments=False, include_tables=True, deduplicate=False)
    except (ValueError, TypeError, AttributeError, RecursionError, MemoryError):
        return []
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
