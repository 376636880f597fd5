"""Files are written whole or not at all, and what cannot be written is named, with the reason."""

import errno
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from byzverify.errors import UsageError
from byzverify.files.saving import BESIDE, appearing, write, write_all


def failing(number: int) -> object:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "the disk of {} is full"),
        (errno.EROFS, "the disk of {} is read-only"),
        (errno.EACCES, "you may not write to {}"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    number: int, reason: str, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "attack.json"
    path.write_text("good")
    monkeypatch.setattr(*{"fsync": (os, "fsync"), "replace": (Path, "replace")}[step], failing(number))
    with pytest.raises(UsageError) as raised:
        write(path, "better" * 100_000)
    assert f"cannot write {path}: {reason.format(tmp_path)}" in str(raised.value)
    assert path.read_text() == "good"
    assert names_in(tmp_path) == ["attack.json"]


def test_nobody_sees_half_a_file_while_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "attack.json"
    path.write_text("good")
    seen = []
    monkeypatch.setattr(os, "fsync", lambda file: seen.append((path.read_text(), os.fstat(file).st_size)))
    write(path, "better")
    assert seen == [("good", 6)]
    assert path.read_text() == "better"


def test_a_file_keeps_its_mode_and_a_new_one_has_the_usual_one(tmp_path: Path) -> None:
    kept, new, usual = (tmp_path / name for name in ("kept", "new", "usual"))
    kept.write_text("")
    kept.chmod(0o640)
    usual.write_text("")
    write(kept, "text")
    write(new, b"bytes")
    assert kept.stat().st_mode & 0o777 == 0o640
    assert new.stat().st_mode == usual.stat().st_mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("old")
    (tmp_path / "link").symlink_to("there")
    write(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there").read_text() == "new"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no file that is always full")
def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "full").symlink_to("/dev/full")
    with pytest.raises(UsageError, match=r"cannot write .*full: .* is full"):
        write(tmp_path / "full", "text")
    assert Path("/dev/full").is_char_device()
    write(Path("/dev/null"), "text")


@pytest.mark.skipif(os.geteuid() == 0, reason="to the superuser nothing is write-protected")
def test_what_is_protected_is_not_replaced(tmp_path: Path) -> None:
    protected = tmp_path / "protected"
    protected.write_text("mine")
    protected.chmod(0o444)
    with pytest.raises(UsageError, match="it is write-protected"):
        write(protected, "yours")
    tmp_path.chmod(0o555)
    with pytest.raises(UsageError, match=f"you may not write to {tmp_path}"):
        write(tmp_path / "new", "text")


def test_a_disk_that_can_only_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    (tmp_path / "old").write_text("old")
    for read_only, reason in ((os.ST_RDONLY, "the disk of .* is read-only"), (0, "it is write-protected")):
        monkeypatch.setattr(os, "statvfs", lambda folder, flag=read_only: SimpleNamespace(f_flag=flag))
        with pytest.raises(UsageError, match=f"cannot write .*old: {reason}"):
            write(tmp_path / "old", "new")


def test_a_folder_in_the_way_and_one_that_is_not_there_are_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="it is a folder"):
        write(tmp_path, "text")
    with pytest.raises(UsageError, match="a file in a folder that exists"):
        write(tmp_path / "no" / "file", "text")
    with pytest.raises(UsageError, match="it is a folder"):
        write_all({tmp_path / "first": "text", tmp_path: "text"})
    assert names_in(tmp_path) == []


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    def make(fails: bool) -> None:
        with appearing(tmp_path / "certificate") as place:
            assert names_in(tmp_path) == [place.name]
            assert place.name.startswith(BESIDE)
            (place / "case").write_text("")
            if fails:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(UsageError, match=f"certificate: the disk of {tmp_path} is full"):
        make(fails=True)
    assert names_in(tmp_path) == []
    make(fails=False)
    assert names_in(tmp_path / "certificate") == ["case"]
