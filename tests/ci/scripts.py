"""The programs of .ci, which are no package, as modules."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]


def script(name: str) -> ModuleType:
    """Import .ci/NAME.py under a name that hides no package."""
    if (known := sys.modules.get(f"ci_{name}")) is not None:
        return known
    spec = importlib.util.spec_from_file_location(f"ci_{name}", ROOT / f".ci/{name}.py")
    module = sys.modules[f"ci_{name}"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
