"""The examples in docstrings that stand on their own are executed."""

import doctest

import pytest

from index import comparable, filters, sentence, timespan, words


@pytest.mark.parametrize(
    ("module", "name"),
    [(words, ""), (timespan, ""), (sentence, ""), (filters, ""), (comparable, "regular")],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_examples(module: object, name: str) -> None:
    found = doctest.DocTestFinder(recurse=not name).find(getattr(module, name) if name else module, globs=vars(module))
    runner = doctest.DocTestRunner(verbose=False)
    for test in found:
        runner.run(test)
    assert runner.tries
    assert runner.failures == 0
