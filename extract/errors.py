"""What can go wrong in this layer.

ExtractError
└── TableError      a table of extract/languages or extract/catalogue is wrong: file, row and reason
"""


class ExtractError(Exception):
    """Base of this layer's errors; its text is one line for a person."""


class TableError(ExtractError):
    """A language or catalogue table cannot be used."""
