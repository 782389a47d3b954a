"""requirements.txt: every package by hash, from pyproject.toml, without CUDA."""

import re
import subprocess
import sys
import tomllib

import pytest

from .scripts import ROOT, script

lock = script("lock")
LOCKED = (ROOT / "requirements.txt").read_text("utf-8")
ENTRIES = lock.entries(LOCKED)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CPU, PYPI = "c" * 64, "a" * 64
TORCH = f"torch==2.13.0 \\\n    --hash=sha256:{PYPI}\n"


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", name)[0]).lower()


def test_every_dependency_that_pyproject_names_is_locked():
    named = list(PROJECT["project"]["dependencies"])
    for extra in PROJECT["project"]["optional-dependencies"].values():
        named += extra
    assert len(named) > 25
    assert {normal(name) for name in named} <= {normal(name) for name in ENTRIES}


def test_nothing_but_comments_and_hashed_entries_is_in_the_file():
    rest = lock.ENTRY.sub("", LOCKED)
    assert all(line.startswith("#") for line in rest.splitlines() if line)
    for name, entry in ENTRIES.items():
        assert lock.HASH.search(entry), name


def test_no_package_of_cuda_is_locked():
    assert not [name for name in ENTRIES if lock.GPU_ONLY.match(name)]


def test_torch_numpy_and_matplotlib_are_those_of_the_pages():
    for pin in PROJECT["tool"]["uv"]["constraint-dependencies"]:
        assert ENTRIES[pin.partition("=")[0]].startswith(f"{pin} ")


def test_torch_has_the_hashes_of_more_builds_than_any_one_index_has():
    # PyPI has 24 wheels of torch 2.13.0 at the least, its CPU index as many again.
    assert len(lock.HASH.findall(ENTRIES["torch"])) > 40


class Index:
    """What the index of CPU builds answers."""

    def __init__(self, page: str | None):
        self.page = page

    def urlopen(self, address: str, timeout: int):
        if self.page is None:
            raise OSError("no network")
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error: object):
        return None

    def read(self) -> bytes:
        return self.page.encode()


@pytest.fixture
def locked(tmp_path, monkeypatch):
    """A function that makes the lock anew and returns it."""

    def run(before: str, resolved: str, page: str | None) -> str:
        file = tmp_path / "requirements.txt"
        file.write_text(before, "utf-8")
        monkeypatch.setattr(lock, "LOCK", file)
        monkeypatch.setattr(lock, "resolved", lambda *options: resolved)
        monkeypatch.setattr(lock.urllib.request, "urlopen", Index(page).urlopen)
        monkeypatch.setattr(sys, "argv", ["lock.py"])
        lock.main()
        return file.read_text("utf-8")

    return run


def test_the_cpu_builds_of_this_version_join_those_of_pypi(locked):
    page = f'<a href="/torch-2.13.0%2Bcpu-cp311.whl#sha256={CPU}">'
    page += f'<a href="/torch-2.12.0%2Bcpu-cp311.whl#sha256={"d" * 64}">'
    made = locked("", f"numpy==2.4.6 \\\n    --hash=sha256:{PYPI}\n{TORCH}", page)
    assert lock.HASH.findall(lock.entries(made)["torch"]) == [PYPI, CPU]
    assert "numpy" in lock.entries(made)
    assert "d" * 64 not in made


def test_cuda_packages_are_dropped(locked):
    page = f'<a href="/torch-2.13.0%2Bcpu-cp311.whl#sha256={CPU}">'
    other = f"nvidia-cublas==13 \\\n    --hash=sha256:{'e' * 64}\n"
    made = locked(
        "", f"# made\n{other}{TORCH}triton==3 \\\n    --hash=sha256:1\n", page
    )
    assert list(lock.entries(made)) == ["torch"]


def test_what_makes_each_build_slow_is_dropped(locked):
    page = f'<a href="/torch-2.13.0%2Bcpu-cp311.whl#sha256={CPU}">'
    slow = "".join(
        f"{name}==1 \\\n    --hash=sha256:{'e' * 64}\n"
        for name in ("lark", "rfc3986-validator", "rfc3987-syntax")
    )
    made = locked("", f"# made\n{slow}{TORCH}", page)
    assert list(lock.entries(made)) == ["rfc3986-validator", "torch"]


def test_without_network_the_known_hashes_stay(locked):
    before = TORCH.replace(PYPI, CPU)
    made = locked(before, f"# made\n{TORCH}", None)
    assert lock.HASH.findall(lock.entries(made)["torch"]) == [PYPI, CPU]


def test_without_network_a_new_version_is_an_error(locked):
    with pytest.raises(SystemExit, match=r"no network; the hashes of torch 2\.13\.0"):
        locked(TORCH.replace("2.13", "2.12"), f"# made\n{TORCH}", None)


def test_a_run_that_is_cut_short_changes_nothing(tmp_path, monkeypatch):
    files = {tmp_path / "pyproject.toml": '"torch==1"', tmp_path / "lock.txt": "old"}
    for file, text in files.items():
        file.write_text(text, "utf-8")
    settings, locked = files
    monkeypatch.setattr(lock, "SETTINGS", settings)
    monkeypatch.setattr(lock, "LOCK", locked)
    monkeypatch.setattr(sys, "argv", ["lock.py", "--torch", "2"])

    def interrupted(upgrade: bool, text: str, before: str) -> str:
        assert (text, before) == ('"torch==2"', "old")
        raise KeyboardInterrupt

    monkeypatch.setattr(lock, "resolved", interrupted)
    with pytest.raises(KeyboardInterrupt):
        lock.main()
    assert {file: file.read_text("utf-8") for file in files} == files


def test_make_installs_torch_alone_from_the_cpu_index():
    command = next(
        line.strip().partition(" > ")[0].replace("$$", "$")
        for line in (ROOT / "Makefile").read_text("utf-8").splitlines()
        if line.startswith("\tsed")
    )
    done = subprocess.run(
        command, shell=True, cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout == ENTRIES["torch"]
