"""A function or class on a page is the one that the project's package has."""

import pytest

from pagecheck.rules.definitions import check_definitions

from ..conftest import checked_text

PACKAGE = '''
"""What the pages teach."""

def sigmoid(x: Tensor, beta: float = 1.0) -> Tensor:
    """Squash."""
    scale: float = beta
    return 1 / (1 + exp(-scale * x))

async def wait(seconds: float) -> None:
    """Wait."""
    await seconds

class Stopped(Exception):
    """Nothing more comes."""

@dataclass(frozen=True)
class Step:
    """A step."""
    lr: float = 0.1

    def show(self) -> str:
        return f"{self.lr:.4f}"
'''
SIGMOID = """def sigmoid(x, beta=1.0):
    scale = beta
    return 1 / (1 + exp(-scale * x))
"""
WAIT = "async def wait(seconds):\n    await seconds\n"
STEP = PACKAGE[PACKAGE.index("@dataclass") :].replace('    """A step."""\n', "")


@pytest.fixture
def package(tmp_path):
    folder = tmp_path / "src" / "tiny"
    folder.mkdir(parents=True)
    (folder / "functions.py").write_text(PACKAGE, encoding="utf-8")
    return folder


def check(package, code, before=""):
    text = f"# T {{ #t }}\n\n{before}```python\n{code.strip()}\n```\n"
    return [*check_definitions(checked_text(text, definitions=package))]


def test_the_same_definition_and_what_the_package_has_not_are_accepted(package):
    for code in [
        *(SIGMOID, WAIT, STEP, "class Stopped(Exception):\n    pass"),
        SIGMOID.replace("x, beta=1.0)", "x: Tensor, beta: int = 1.0) -> Tensor"),
        SIGMOID.replace("):\n", '):\n    """Another."""\n    # between 0 and 1\n'),
        SIGMOID.replace("scale = beta", "scale: int = (beta)"),
        STEP.replace("lr: float", "lr: int").replace("show(self)", "show(self) -> str"),
        *("def other(x):\n    return x", "sigmoid = torch.sigmoid", "def sigmoid(x:"),
        "class Net:\n    def sigmoid(self, x):\n        return x",
    ]:
        assert check(package, code) == [], code


def test_a_definition_that_differs_is_rejected(package):
    for good, old, new in [
        *((SIGMOID, "-scale", "scale"), (SIGMOID, "beta=1.0", "beta=2.0")),
        *((SIGMOID, "beta=1.0", "*, beta=1.0"), (SIGMOID, "    scale = beta\n", "")),
        *((SIGMOID, "def", "@cache\ndef"), (SIGMOID, "def", "async def")),
        *((STEP, "(frozen=True)", "()"), (STEP, "float = 0.1", "float = 0.2")),
        *((STEP, "lr: float", "lr"), (STEP, ".4f", ".3f"), (STEP, "Step", "Step(B)")),
        *((WAIT, "await", "await 2 *"), (SIGMOID, SIGMOID, "class sigmoid:\n    pass")),
    ]:
        (problem,) = check(package, good.replace(old, new))
        assert problem.rule == "definitions"


def test_of_several_definitions_in_the_package_any_will_do(package):
    (package / "deep").mkdir()
    other = "raise SystemExit  # nothing is imported\n\ndef sigmoid(x):\n    return x\n"
    (package / "deep" / "other.py").write_text(other, encoding="utf-8")
    assert check(package, SIGMOID) == []
    assert check(package, "def sigmoid(x):\n    return x") == []
    assert len(check(package, "def sigmoid(x):\n    return -x")) == 1


def test_the_line_of_the_definition_the_difference_and_the_twin_are_named(package):
    (problem,) = check(package, "import torch\n\n\n" + SIGMOID.replace("1 +", "2 +"))
    assert problem.line == 7
    assert "+    return 1 / (2 + exp(-scale * x))" in str(problem)
    assert "-    return 1 / (1 + exp(-scale * x))" in str(problem)
    assert "tiny/functions.py:4" in problem.fix


def test_a_block_that_must_fail_shows_on_purpose_what_is_wrong(package):
    marker = "<!--pytest.mark.xfail(raises=TypeError, strict=True)-->\n\n"
    assert check(package, "def sigmoid():\n    pass\nsigmoid(1)", marker) == []
