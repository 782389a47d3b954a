"""`make lint`: it runs what it is said to run, and the Chinese is looked at."""

import re
import subprocess
import sys

import pytest

from .scripts import ROOT


def linted(path, text: str) -> tuple[int, str]:
    path.write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, ROOT / ".ci/chinese.py", path],
        capture_output=True,
        encoding="utf-8",
    )
    return done.returncode, done.stdout.replace(str(path), "page")


@pytest.mark.parametrize(
    "tool",
    [
        "ruff check",
        "ruff format --check",
        "mypy",
        "typos",
        "rumdl check",
        "python .ci/chinese.py",
        "shellcheck .ci/run",
        "check-jsonschema",
        "zizmor",
    ],
)
def test_make_lint_runs(tool):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    recipe = makefile.partition("\nlint: ")[2].partition("\n\n")[0]
    assert f"\t$(BIN)/{tool}" in recipe


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("用 PyTorch训练", "用P"),
        ("用PyTorch 训练", "h训"),
        ("打印`loss` 的值", "`的"),
        ("等于 $x$", "于$"),
        ("哪个？、哪些", "、"),
        ("[哪个？](a.md)、哪些", "](a.md)、"),
    ],
)
def test_a_space_set_by_hand_or_a_second_mark_is_found(tmp_path, text, found):
    code, said = linted(tmp_path / "a.md", f"# 标题\n\n{text}。\n")
    assert code == 1
    assert said.startswith(f"page:3: write “{found}”, not “")


@pytest.mark.parametrize("text", ["损失变小了,很好。", "损失是多少?不知道。"])
def test_punctuation_of_the_wrong_width_is_found(tmp_path, text):
    code, said = linted(tmp_path / "a.md", f"# 标题\n\n{text}\n")
    assert code == 1
    assert said.startswith("page:3: write “")


@pytest.mark.parametrize(
    "text",
    [
        "用PyTorch训练`nn.Linear`，损失是$L$。",
        "- 一项",
        "4-1 激活函数",
        "看`用 x 算,再打印`这一段。",
        "```python\nprint(1)  # 用 PyTorch,打印\n```",
        "<!--pagecheck:unchecked 用 x 定义-->",
    ],
)
def test_what_is_right_or_code_is_left_alone(tmp_path, text):
    assert linted(tmp_path / "a.md", f"# 标题\n\n{text}\n") == (0, "")


def test_no_text_is_shown_in_another_order_than_it_is_read():
    kinds = {".py", ".js", ".css", ".html", ".svg", ".toml", ".yml", ".json", ".txt"}
    folders = [ROOT / each for each in (".ci", ".github", "docs", "src", "theme")]
    files = [*ROOT.glob("*.*"), *(f for each in folders for f in each.rglob("*"))]
    turning = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
    turned = [
        f"{file}:{number}"
        for file in files
        if file.suffix in kinds
        for number, line in enumerate(file.read_text("utf-8").split("\n"), 1)
        if turning.search(line)
    ]
    assert turned == []
