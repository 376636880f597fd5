"""What tests of programs share: the references, ready to start; a command line; a mark on processes."""

import subprocess
from functools import cache

import pytest

from byzverify.nodes.team import Command
from tests.nodes.marked import marked
from tests.nodes.references import NODES, PYTHON, References
from tests.support.calling import byzverify
from tests.support.other_tools import program

__all__ = ["byzverify", "marked"]


@pytest.fixture(scope="session")
def command(tmp_path_factory: pytest.TempPathFactory) -> References:
    """The command of the reference in each language; the one in C is compiled when it is first wanted."""

    @cache
    def command(language: str) -> Command:
        if language == "Python":
            return (*PYTHON, str(NODES / "om.py"))
        if language == "JavaScript":
            return (program("node"), str(NODES / "om.js"))
        made = tmp_path_factory.mktemp("nodes") / "om"
        strictly = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-O2"]
        subprocess.run([program("cc"), *strictly, "-o", made, NODES / "om.c"], check=True)
        return (str(made),)

    return command
