"""The tables as documentation: a connection in, what its tables and columns mean out.

The descriptions are the SQL comments that migrations.py writes and SQLite keeps. docs/schema.md is made from `markdown`
(cog), tests/index/schema.sql from `listing`; a table or column without a description is an error.

>>> describe(conn)["sources"].about
'Outlets of the press.'
"""

import re
from dataclasses import dataclass
from typing import Any

from index.errors import TrackerError

_TABLE = re.compile(r"create table (\w+) \( -- ([^\n]+)\n(.*)\n\)", re.DOTALL | re.IGNORECASE)
_COLUMN = re.compile(r"  (\w+) ([^\n]*?),? -- ([^\n]+)")
_ALL = "select type, name, sql from sqlite_master where sql is not null order by type = 'table' desc, type, name"


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` are (name, declaration, description); `rules` are the lines that belong to no column."""

    name: str
    about: str
    columns: tuple[tuple[str, str, str], ...]
    rules: tuple[str, ...]


def describe(conn: Any) -> dict[str, Table]:
    """The tables that hold records, by name; not those that SQLite keeps for the word indexes and the migrations."""
    found = {}
    for kind, name, sql in conn.execute(_ALL).fetchall():
        if kind != "table" or name.startswith(("sqlite_", "_sqlite_")) or "_words" in name or "_exact" in name:
            continue
        match = _TABLE.match(sql)
        if match is None:
            raise TrackerError(f"table {name} has no description: write one in index/migrations.py")
        columns, rules = [], []
        for line in match[3].split("\n"):
            column = _COLUMN.fullmatch(line)
            if column:
                columns.append((column[1], column[2], column[3]))
            elif line.strip().startswith("primary key"):
                rules.append(line.strip())
            else:
                raise TrackerError(f"table {name}: no description in {line.strip()!r}")
        found[name] = Table(name, match[2], tuple(columns), tuple(rules))
    return found


def markdown(conn: Any) -> str:
    """The tables as a chapter of documentation."""
    parts = []
    for table in describe(conn).values():
        lines = [f"## {table.name}\n", f"{table.about}\n", "| column | type | meaning |", "|---|---|---|"]
        for name, declaration, about in table.columns:
            kind = declaration.replace(" deferrable initially deferred", "").replace("|", "\\|")
            lines.append(f"| `{name}` | {kind} | {about.replace('|', chr(92) + '|')} |")
        lines += [f"\n{rule[0].upper()}{rule[1:]}." for rule in table.rules]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def listing(conn: Any) -> str:
    """The whole schema as SQL, in a fixed order: the golden file."""
    shadow = re.compile(r"_(words|exact)_(data|idx|docsize|config|content)$")
    found = [sql for _, name, sql in conn.execute(_ALL).fetchall() if not shadow.search(name)]
    return ";\n\n".join(re.sub(r"[ \t]+\n", "\n", sql.strip()) for sql in found) + ";\n"
