"""What tests of several rooms share: the demonstration tracker, built once by the real command."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from solieu import main


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The ledger that `solieu demo` builds, and what the command said."""
    folder = tmp_path_factory.mktemp("demonstration")
    arguments = ["demo", "--db", str(folder / "demo.db"), "--archive", str(folder / "archive"), "--port", "0"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return folder / "demo.db", result
