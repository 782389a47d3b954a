"""The wheel beside the site: pip installs it, and it is the same on every machine."""

import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

from site_finish.settings import ROOT
from site_finish.wheel import NAME, PACKAGE, wheel

SOURCE = ROOT / "src" / PACKAGE


def test_the_wheel_holds_the_package_and_its_data_and_no_other():
    archive = zipfile.ZipFile(BytesIO(wheel(SOURCE)))
    assert archive.testzip() is None
    names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {
        PACKAGE,
        NAME.removesuffix("-py3-none-any.whl") + ".dist-info",
    }
    for file in SOURCE.glob("*.*"):
        assert archive.read(f"{PACKAGE}/{file.name}") == file.read_bytes()


def test_the_same_source_gives_the_same_bytes(tmp_path: Path):
    for file in sorted(SOURCE.glob("*.*"), reverse=True):  # in another order, later
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert wheel(tmp_path) == wheel(SOURCE)


def test_pip_installs_it_without_a_network(tmp_path: Path):
    file = tmp_path / NAME
    file.write_bytes(wheel(SOURCE))
    target = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "--isolated", "install", "--no-index"]
    subprocess.run([*pip, "--no-deps", "--target", target, file], check=True)
    code = (
        f"import sys; sys.path.insert(0, {str(target)!r}); "
        "import torch_recipes.xor_training as x; print(x.RECORD.exists(), x.__file__)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    has_record, path = shown.stdout.strip().split(" ", 1)
    assert Path(path).is_relative_to(target)
    assert has_record == "True"
