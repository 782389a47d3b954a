"""The package that pages import lies beside the site, as a wheel.

A page's notebook and script install it from there (downloads.py), so that they run
anywhere. It is made of the source alone: nothing is run, nothing is asked of the net,
and the same files give the same bytes on every machine.
"""

import base64
import hashlib
import io
import tomllib
import zipfile
from pathlib import Path

from site_finish.settings import ROOT

PACKAGE = "torch_recipes"
EPOCH = (1980, 1, 1, 0, 0, 0)  # where the time of a zip begins
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NAME = f"{PACKAGE}-{PROJECT['version']}-py3-none-any.whl"

METADATA = """\
Metadata-Version: 2.4
Name: {package}
Version: {version}
Summary: The functions and classes that the pages of PyTorch recipes import.
License-Expression: {license}
License-File: LICENSE
Requires-Python: {requires-python}
"""
WHEEL = """\
Wheel-Version: 1.0
Generator: package_wheel
Root-Is-Purelib: true
Tag: py3-none-any
"""


def wheel(folder: Path) -> bytes:
    """Return a wheel of a package's folder, its files in order and without a date."""
    info = NAME.removesuffix("-py3-none-any.whl") + ".dist-info"
    needs = "".join(f"Requires-Dist: {each}\n" for each in PROJECT["dependencies"])
    metadata = METADATA.format(package=PACKAGE, **PROJECT) + needs
    files = {
        f"{PACKAGE}/{file.relative_to(folder).as_posix()}": file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    files |= {
        f"{info}/METADATA": metadata.encode(),
        f"{info}/WHEEL": WHEEL.encode(),
        f"{info}/licenses/LICENSE": (ROOT / "LICENSE").read_bytes(),
    }
    record = "".join(
        f"{name},sha256={digest(files[name])},{len(files[name])}\n"
        for name in sorted(files)
    )
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    buffer = io.BytesIO()
    # Not compressed: what a compressor makes differs from one machine to the next.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3  # Unix, wherever it is written
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def digest(content: bytes) -> str:
    """Return the hash of a file as RECORD has it."""
    hashed = hashlib.sha256(content).digest()
    return base64.urlsafe_b64encode(hashed).decode().rstrip("=")
