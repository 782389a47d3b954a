"""Rule 6: a function or class on a page is the one that the project's package has."""

import pytest

from pagecheck.page import parse_page
from pagecheck.rules.definitions import check_definitions

PACKAGE = '''
"""What the pages teach."""

from dataclasses import dataclass

import torch


def sigmoid(x: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The logistic function.

    Page: recipe 4-1.
    """
    scale: float = beta  # one by default
    return 1 / (1 + torch.exp(-scale * x))


async def wait(seconds: float) -> None:
    """Wait."""
    await seconds


class Stopped(Exception):
    """Nothing more comes."""


@dataclass(frozen=True)
class Step:
    """A step of training."""

    loss: float
    lr: float = 0.1

    def show(self) -> str:
        """The step as text."""
        return f"{self.loss:.4f}"
'''
SIGMOID = """
def sigmoid(x, beta=1.0):
    scale = beta
    return 1 / (1 + torch.exp(-scale * x))
"""
STEP = """
@dataclass(frozen=True)
class Step:
    loss: float
    lr: float = 0.1

    def show(self):
        return f"{self.loss:.4f}"
"""


@pytest.fixture
def package(tmp_path):
    folder = tmp_path / "src" / "tiny"
    folder.mkdir(parents=True)
    (folder / "functions.py").write_text(PACKAGE, encoding="utf-8")
    return folder


def check(package, code, before=""):
    text = f"# T {{ #t }}\n\n{before}```python\n{code.strip()}\n```\n"
    return check_definitions(parse_page(text), package)


@pytest.mark.parametrize(
    "code",
    [
        SIGMOID,
        SIGMOID.replace("x, beta=1.0", "x: torch.Tensor, beta: float = 1.0"),
        SIGMOID.replace("):\n", ") -> torch.Tensor:\n"),
        SIGMOID.replace("):\n", '):\n    """Squash."""\n'),
        SIGMOID.replace("):\n", "):\n    # between 0 and 1\n\n"),
        SIGMOID.replace("scale = beta", "scale: int = (beta)"),
        STEP,
        STEP.replace("Step:\n", 'Step:\n    """Other words."""\n\n'),
        STEP.replace("loss: float", "loss: torch.Tensor"),
        STEP.replace("show(self)", "show(self) -> str"),
        "class Stopped(Exception):\n    pass",
        "async def wait(seconds):\n    await seconds",
        "def other(x):\n    return x",
        "sigmoid = torch.sigmoid",
        "class Net:\n    def sigmoid(self, x):\n        return x",
        "def sigmoid(x:",
    ],
)
def test_the_same_definition_and_what_the_package_has_not_are_accepted(package, code):
    assert check(package, code) == []


@pytest.mark.parametrize(
    "code",
    [
        SIGMOID.replace("-scale", "scale"),
        SIGMOID.replace("1 +", "2 +"),
        SIGMOID.replace("beta=1.0", "beta=2.0"),
        SIGMOID.replace("beta=1.0", "beta"),
        SIGMOID.replace("x, beta=1.0", "x, *, beta=1.0"),
        SIGMOID.replace("torch.exp", "exp"),
        SIGMOID.replace("    scale = beta\n", ""),
        SIGMOID.replace("def", "@cache\ndef"),
        SIGMOID.replace("def", "async def"),
        "class sigmoid:\n    pass",
        STEP.replace("(frozen=True)", "()"),
        STEP.replace("lr: float = 0.1", "lr: float = 0.2"),
        STEP.replace("lr: float = 0.1", "lr = 0.1"),
        STEP.replace("    lr: float = 0.1\n", ""),
        STEP.replace(".4f", ".3f"),
        STEP.replace("class Step", "class Step(Base)"),
        "class Stopped(BaseException):\n    pass",
        "async def wait(seconds):\n    await 2 * seconds",
    ],
)
def test_a_definition_that_differs_is_rejected(package, code):
    (problem,) = check(package, code)
    assert problem.rule == "definitions"


def test_a_change_in_the_package_is_noticed(package):
    file = package / "functions.py"
    changed = PACKAGE.replace("1 / (1 +", "1 / (2 +")
    file.write_text(changed, encoding="utf-8")
    assert len(check(package, SIGMOID)) == 1


def test_of_several_definitions_in_the_package_any_will_do(package):
    below = package / "deep"
    below.mkdir()
    (below / "other.py").write_text("def sigmoid(x):\n    return x\n", encoding="utf-8")
    assert check(package, SIGMOID) == []
    assert check(package, "def sigmoid(x):\n    return x") == []
    assert len(check(package, "def sigmoid(x):\n    return -x")) == 1


def test_the_line_of_the_definition_the_difference_and_the_twin_are_named(package):
    (problem,) = check(package, "import torch\n\n\n" + SIGMOID.replace("1 +", "2 +"))
    assert problem.line == 8
    assert "+    return 1 / (2 + torch.exp(-scale * x))" in str(problem)
    assert "-    return 1 / (1 + torch.exp(-scale * x))" in str(problem)
    assert "tiny/functions.py:9" in problem.fix


def test_a_block_that_must_fail_shows_on_purpose_what_is_wrong(package):
    marker = "<!--pytest.mark.xfail(raises=TypeError, strict=True)-->\n\n"
    assert check(package, "def sigmoid():\n    pass\nsigmoid(1)", marker) == []


def test_the_package_is_never_imported(package):
    code = "raise SystemExit\n\ndef sigmoid(x):\n    return x\n"
    (package / "functions.py").write_text(code, encoding="utf-8")
    assert check(package, "def sigmoid(x):\n    return x") == []
