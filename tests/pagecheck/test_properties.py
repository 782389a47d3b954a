"""What holds of any Markdown: it is parsed, checked and recorded without harm."""

from dataclasses import replace
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pagecheck.checked import CheckedPage
from pagecheck.config import Config
from pagecheck.page import parse_page
from pagecheck.record import record_page
from pagecheck.results import BlockResult, Run, Value, evaluated
from pagecheck.rules import checks_of
from pagecheck.rules.run import printed_output, unshowable
from pagecheck.spans import visible

FRAGMENTS = [
    *("---", "description: 3 things", "# T { #t }", "## 一 { #one }", "### No id"),
    *("```python", "```", "    ```python", "    ```", "~~~", "````markdown", "````"),
    *("```text", "```bash", "```python linenums", "x = 1", "print(x)", "def f("),
    *("<!--pytest-codeblocks:expected-output-->", "    <!--pytest-codeblocks"),
    *("<!--pytest.mark.xfail(raises=ValueError, strict=True)-->", "<!--= x-->"),
    *("<!--pagecheck:formula x-->", "<!--pagecheck:unchecked why-->", "$$", "y = x"),
    *(
        "<!--pagecheck:unchecked why not-->",
        "$x$<!--pagecheck:claim x-->.",
        "<!-- n -->",
    ),
    *("It is 3.14<!--= x--> of $2^{10}$<!--= y-->.", "约三分之一<!--= x-->，1,000"),
    *("`x = 5`<!--= x--> and 4%<!--= x--><!--= y-->", "A half, 二倍<!--= x-->。"),
    *("10⁻³<!--= x-->, ４１.2％<!--= y-->, 1.5×10^{-2}<!--= x-->", "2/3<!--= y-->"),
    *("![A curve of 5](figures/a.svg)<!--= x-->", "![](b.png)", '<img src="c">'),
    *("| a | 5<!--= x--> |", "| --- | --- |", "- one 1.", "1. two", "    - three"),
    *("[there](#one)", "[gone](none.md#x)", "[half](", '!!! note "注意"', "??? tip"),
    *("<details markdown>", "</details>", "<summary>1 more</summary>", "\\", "\t", ""),
]
LINES = st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=12))
ENDS = st.sampled_from(["\n", "\n", "\n\n", "\r\n"])


@st.composite
def pages(draw):
    """Markdown of what the parser knows, in any order, with what it does not know."""
    return "".join(draw(ENDS).join(["", line]) for line in draw(st.lists(LINES)))[1:]


def run_of(page, outputs, values):
    """What running a page might have given."""
    blocks = []
    for index, block in enumerate(page.blocks):
        text = outputs[index % len(outputs)] if outputs else ""
        error = block.raises and block.raises.split(".")[-1]
        blocks.append(BlockResult(text, error, f"{error}: 1" if error else ""))
    run = Run(blocks)
    for index, key in enumerate(dict.fromkeys(evaluated(page))):
        value = (
            Value(repr(values[index % len(values)])) if values else Value(error="no")
        )
        run.values[key] = Value(error="differs") if key[0] == "formula" else value
    return run


class Given(CheckedPage):
    """A page whose run and whose twin are given."""

    def __init__(self, text, outputs, values, twin=None, language="en"):
        folders = {each: Path("/p") / each for each in ("en", "zh")}
        config = Config(Path("/p"), folders)
        super().__init__(folders[language] / "page.md", config)
        self.page = parse_page(text)
        self.twins = {} if twin is None else {Path("twin.md"): parse_page(twin)}
        self.given = run_of(self.page, outputs, values)

    def another_run(self, again=True):
        return self.given


@settings(max_examples=150)
@given(pages(), pages(), st.lists(st.text(max_size=8)), st.lists(st.floats()))
@example("$$", "", [], [])
@example("<!--", "", [], [])
@example("```python\nx = (\n```", "```python\n'''\n```", [], [])
@example("| 1 |\n1²", "", [], [])
def test_any_markdown_is_checked_and_each_problem_has_a_place(
    text, other, outputs, values
):
    lines = text.count("\n") + 1
    found = [
        problem
        for language in ("en", "zh")
        for check in checks_of(Given(text, outputs, values, other, language))
        for problem in check.problems()
    ]
    for problem in found:
        assert 1 <= problem.line <= lines, problem
        assert problem.expected
        assert problem.found or problem.rule == "outputs"
        column = f":{problem.column}" if problem.column else ""
        place = f"page.md:{problem.line}{column}: [{problem.rule}]"
        assert str(problem).startswith(place)


MANY = 10_000  # what is quadratic would take minutes
ONE_LINE = ["a", "a_", "a-", "a.b ", "a b ", "`a` ", "`1 ` ", "a1", "third "]
ONE_LINE = [each * (MANY // len(each)) for each in [*ONE_LINE, "1<!--=x-->"]]
LONG = [
    *(f"{text}\n" for text in ONE_LINE),
    *(f"---\ndescription: {'1 ' * MANY}\n---\n\n3<!--= x-->", "- a\n" * (MANY // 4)),
    *("# \n" * (MANY // 4), "word\n\n" * (MANY // 4), "## a { #one }\n\n1\n\n" * 1_000),
    *(
        "## a { #one }\n\n- a<!--pagecheck:claim x-->\n\n" * 500,
        "$x + y$ " * (MANY // 8),
    ),
    "```python\nx = " + "1" * 50 + "\n```\n\n`" + "1 " * 25 + "x`\n",
    "```python\nx = 1\n```\n\n2<!--= x-->\n\n" * 500,
    "`" + "1 " * (MANY // 2) + "`\n",
    "````markdown\n" + "`" * MANY + "<!-- " * MANY + "\n````\n",
]

# What is read with its refusals.
REFUSED = [
    *("1" * MANY, "5" * MANY + "分之", "- 1\n" * MANY, "-" * MANY, "1." * MANY),
    "- $$\n" * MANY,
    *("| a |\n" + "| - |\n" * MANY, "# T" + " " * MANY + "x", "# T" + "{" * MANY),
    *("<a " * MANY, "<a\n" * MANY, "<!-- " * MANY, "<!--\n\n" * MANY, "[" * MANY),
    *("![a 1](b.svg)<!--= x-->" * (MANY // 4), "`1`" + "<!--= x-->" * MANY),
    *(" ".join("`" * i for i in range(300)), "$a " * MANY, "[a](" * MANY),
    *("](" * MANY, "> a\n" * MANY, "[^" * MANY, "==a " * MANY, "a." * MANY + "@"),
    *("http://" * MANY, "{ .a " * MANY, "$$\n\n" * MANY, "one " * MANY),
    *("<div" + " a" * MANY, "hundred-" * MANY, "\\" * MANY, "one in " * MANY),
]


def test_checking_takes_time_in_proportion_to_the_page():
    for text in REFUSED:
        parse_page.__wrapped__(text)
    for text in LONG:
        for twin in (text, "# T { #t }\n" + text.replace("a", "b")):
            for check in checks_of(Given(text, ["1"], [1.0], twin)):
                list(check.problems())


def written(text, outputs, values):
    given = Given(text, outputs, values)
    # The reader's own complaints keep a page from being recorded; not so here.
    given.page = replace(given.page, problems=())
    changes, problems = record_page(given)
    return (changes[0].new.decode() if changes else text), problems


@settings(max_examples=150)
@given(
    pages(),
    st.lists(st.text(max_size=20)),
    st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.integers()),
)
@example("```python\nx\n```", ["```\nx"], [])
@example("```python\nx\n```", ["a\x0cb\n\x85"], [])
@example("    ```python\n    x\n    ```", ["a\x0cb\n"], [])
@example("```python\nx\n```", ["a\r\nb\r"], [])
def test_recording_twice_changes_nothing(text, outputs, values):
    once, _ = written(text, outputs, values)
    assert written(once, outputs, values)[0] == once
    page = parse_page(once)
    results = run_of(page, outputs, values).blocks
    for block, result in zip(page.blocks, results, strict=True):
        printed = printed_output(block, result)
        if block.unchecked is None and not unshowable(printed):
            assert (block.output.text if block.output else "") == printed


@settings(max_examples=150)
@given(pages() | st.text())
def test_a_page_is_kept_character_by_character(text):
    page = parse_page(text)
    assert page.text == text
    assert len(visible(text)) == len(text)
    for unit in page.regions:
        for number in unit.numbers:
            end = number.start + len(number.text)
            assert text[number.start : end] == number.text
    for block in page.blocks:
        if block.output is not None and "\r" not in text:
            shown = text[block.output.start : block.output.end]
            lines = zip(shown.split("\n"), block.output.text.split("\n"), strict=True)
            assert all(one.endswith(other) for one, other in lines)
