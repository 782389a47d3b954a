"""Zip a folder, the same bytes for the same files whenever and wherever it is done.

Usage: python .ci/zip.py FOLDER FILE.zip [PATTERN…]
"""

import sys
import zipfile
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)  # where the time of a zip begins


def main() -> None:
    """Write the zip."""
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    patterns = sys.argv[3:] or ["*"]
    found = {pattern: list(folder.rglob(pattern)) for pattern in patterns}
    files = sorted({file for each in found.values() for file in each if file.is_file()})
    for pattern in patterns:
        if not found[pattern]:
            sys.exit(f"{folder}: no file {pattern} to zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.read_bytes())


if __name__ == "__main__":
    main()
