"""`make doctor`: what lacks is named, with what to do about it."""

import socket

import pytest

from .scripts import script

doctor = script("doctor")


def lacking(findings):
    """What lacks, with what to do; all of it is printable."""
    return {one.what: one.fix for one in findings if one.fix and str(one)}


def test_a_machine_without_programs_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    found = lacking([*doctor.tools(), *doctor.browsers()])
    assert found["git"] == "install git"
    assert found["Chromium"].startswith("apt-get install chromium; without it")
    assert {"make", "Firefox", "WebKit"} <= found.keys()


def test_an_old_python_is_told_which_to_take(monkeypatch):
    monkeypatch.setattr(doctor.sys, "version_info", (3, 10))
    assert "make test PYTHON=python3.11" in lacking(doctor.tools())["Python"]


def test_a_port_in_use_and_a_full_disk_are_told(monkeypatch):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        monkeypatch.setattr(doctor, "PORT", server.getsockname()[1])
        monkeypatch.setattr(doctor, "FREE", 1e9)
        found = lacking(doctor.machine())
    assert len(found) == 2
    assert "mkdocs serve -a 127.0.0.1:8001" in " ".join(found.values())


def test_a_project_without_environment_is_told_how_to_make_one(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    assert lacking(doctor.environment()) == {".venv": "make test, which creates it"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("pytest==0.1", "not ==0.1"),
        ("no-such-thing==1.0", "no-such-thing missing, not ==1.0"),
        ("no-such-thing==1.0 ; sys_platform == 'other'", "0"),
    ],
)
def test_a_package_that_is_not_as_locked_is_named(
    monkeypatch, tmp_path, capsys, line, said
):
    (tmp_path / "requirements.txt").write_text(f"{line} \\\n    --hash=sha256:0\n")
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    doctor.against_lock()
    assert said in capsys.readouterr().out
