"""Standard streams that are closed or full, and terminals that do not know every sign."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden" / "attacks"


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run byzverify in a shell that can close and redirect its streams."""
    return subprocess.run(
        ["bash", "-c", f"{sys.executable} -P -m byzverify {line}"],
        capture_output=True,
        check=False,
        env=os.environ | environment,
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("node om <&-", b"byzverify: standard input is closed, and a node reads its messages from it\n"),
        ("node om >&-", b"byzverify: standard output is closed, "),
        ("check om -n 4 -m 1 >&-", b"byzverify: standard output is closed, "),
        ("map om -n 3 -m 1 --no-store --export csv >&-", b"byzverify: standard output is closed, "),
    ],
)
def test_a_closed_stream_is_one_line_and_exit_code_2(line: str, says: bytes) -> None:
    ended = shell(line)
    assert (ended.returncode, ended.stderr.count(b"\n")) == (2, 1)
    assert ended.stderr.startswith(says)


@pytest.mark.slow
def test_without_standard_error_results_and_exit_codes_stay(tmp_path: Path) -> None:
    ended = shell(f"check om -n 3 -m 1 --save {tmp_path}/attack.json 2>&-")
    assert (ended.returncode, ended.stdout.startswith(b"REFUTED")) == (1, True)
    assert shell("check nothing -n 3 2>&-").returncode == 2


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no file that is always full")
def test_a_full_disk_is_said_where_that_can_be_and_is_no_verdict(tmp_path: Path) -> None:
    for line in ("check om -n 3 -m 1 --json", "--version", "models"):
        ended = shell(f"{line} >/dev/full")
        assert ended.returncode == 2
        *_, last = ended.stderr.splitlines()  # on a slow machine there is progress before it
        assert last == b"byzverify: standard input or output: No space left on device"
    assert shell("check nothing -n 3 2>/dev/full").returncode == 2
    assert shell(f"check om -n 3 -m 1 --save {tmp_path}/attack.json 2>/dev/full").returncode == 1


@pytest.mark.slow
def test_a_closed_streams_number_is_not_given_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "attack.json"
    assert shell(f"check om -n 3 -m 1 --save {path} <&- 2>&-").returncode == 1
    assert path.read_bytes().startswith(b"{")


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_no_two_signs_become_one_where_the_encoding_has_neither(encoding: str, tmp_path: Path) -> None:
    line = "map om -n 3..5 -m 1 -t 0..1 --no-store"
    plain = shell(line, PYTHONIOENCODING="utf-8").stdout.decode()
    shown = shell(line, PYTHONIOENCODING=encoding).stdout.decode(encoding)
    assert "✓" in plain
    assert " *   proved, as claimed" in shown
    assert " x   no protocol without signatures can win here" in shown
    assert "?" not in shown
    assert [len(row) for row in shown.splitlines()][:6] == [len(row) for row in plain.splitlines()][:6]


def test_a_story_has_signs_of_its_own_in_ascii() -> None:
    shown = shell(f"explain {GOLDEN / 'om-6-2.json'}", PYTHONIOENCODING="ascii").stdout.decode("ascii")
    assert "x a lie or lapse, or due to one; < tips the count above, alone" in shown
    assert "`-- RETREAT x by majority" in shown
    assert "?" not in shown
