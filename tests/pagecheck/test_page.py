"""What the reader makes of a page, and what it refuses."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import markdown
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pagecheck.config import load_config
from pagecheck.files import read_page
from pagecheck.page import parse_page
from pagecheck.spans import find_spans


def test_a_block_knows_its_code_its_line_its_output_and_its_figure(parse):
    page = parse("""
        # Title { #title }

        <details markdown>
        <summary>Code</summary>

        ```python
        print(1)
        ```

        <!--pytest-codeblocks:expected-output-->

        ```text
        1
        ```

        </details>

        ![A line](figures/line.svg)

        <!--pagecheck:unchecked it changes the machine-->

        ```bash
        sudo make install
        ```
    """)
    block, bash = page.blocks
    assert (block.code, block.line) == ("print(1)\n", 7)
    assert (block.output.text, block.output.line) == ("1\n", 13)
    assert (block.image.target, block.image.alt) == ("figures/line.svg", "A line")
    assert page.text[block.output.start : block.output.end] == "1\n"
    assert bash.unchecked == "it changes the machine"
    assert page.problems == ()


# What stands in a text => its numbers, each with its binding.
BOUND = """
From 1 to 6.90<!--= best-->, $y = 3$<!--= y-->, `4`<!--= n--> and 2%<!--= p-->. \
=> 1: 6.90:best 3:y 4:n 2%:p
![17 points, 2 lines, loss 6.9](figures/a.svg)<!--= n--><!--= best--> \
=> 17: 2:n 6.9:best
Write `6.90<!--= best-->` and ``a`1``; $5 or $6 is no mathematics. => 6.90: 1: 5: 6:
See [it](page2.md#part-3) or here at https://x.org/4, \
[a `b[0]`](<https://x.org/a_(3)>){ width="300" }, you2@x.org &#8211; <x2@x.org>. => 0:
"""


def test_a_number_knows_its_binding(parse):
    for row in BOUND.strip().split("\n"):
        text, _, expected = row.partition(" => ")
        page = parse(text)
        found = [f"{n.text}:{n.binding or ''}" for n in page.numbers]
        assert (found, page.problems) == (expected.split(), ())
    links = [span.target for span in find_spans(text) if span.kind == "link"]
    assert links == ["page2.md#part-3", "https://x.org/a_(3)"]
    page = parse("Call 112<!--pagecheck:unchecked an emergency number-->, $3$, `4`.")
    (number, *others), (region,) = page.numbers, page.regions
    assert number.unchecked == "an emergency number"
    assert region.text == "Call 112, $3$, `4`."
    assert [each.dialect for each in others] == ["math", "code"]


def test_all_mathematics_in_a_line_is_found_with_what_is_said_of_it(parse):
    page = parse(r"""
        ## $a$ { #a }

        Of $b = 2$<!--= b--> and $c < 3$<!--pagecheck:unchecked it is defined so-->.

        ![A plot of $y$](figures/y.svg)

        | $1 - z$<!--pagecheck:formula f(-z)--> or 3 |
        | --- |
        | `$e$` |
    """)
    assert [(f.latex, f.column, f.expression, f.unchecked) for f in page.formulas] == [
        ("a", 4, None, None),
        ("b = 2", 4, None, None),
        ("c < 3", 26, None, "it is defined so"),
        ("1 - z", 3, "f(-z)", None),
    ]
    assert [(n.text, n.binding, n.unchecked, n.in_formula) for n in page.numbers] == [
        ("2", "b", None, False),
        ("3", None, "it is defined so", False),
        ("1", None, None, True),
        ("3", None, None, False),
    ]
    assert page.problems == ()


def test_a_claim_stands_at_the_end_of_a_sentence_an_item_or_a_cell(parse):
    page = parse("""
        It falls<!--pagecheck:claim a < b-->. So 3<!--= n--><!--pagecheck:claim n-->!
        更快。<!--pagecheck:claim c--> Then

        - it rises<!--pagecheck:claim d-->

        | it stays<!--pagecheck:claim e--> | x |
        | --- | --- |
        | y | z |
    """)
    assert page.problems == ()
    found = [f"{c.line}:{c.column} {c.expression}" for c in page.claims]
    assert found == ["1:9 a < b", "1:53 n", "2:4 c", "4:11 d", "6:11 e"]
    assert page.text[page.claims[3].start :].startswith("<!--pagecheck:claim d")


def test_prose_is_cut_into_paragraphs_items_rows_and_headings(parse):
    page = parse("""
        ---
        description: What it is.
        ---
        # Title { #title }

        Words
        and words.

        - one
        - two

        And words.

        1. three

        | a | b |
        | --- | --- |
        | c | d |

        !!! note "Careful"

            More words.
    """)
    found = ", ".join(f"{region.kind} {region.detail}" for region in page.regions)
    assert found == (
        "description description, heading # #title, paragraph 0, item 0-, item 0-, "
        "paragraph 0, item 0., row 2, row 2, admonition note, paragraph 4"
    )


def test_expressions_are_evaluated_after_the_last_block_of_their_section(parse):
    page = parse("""
        # Title { #title }

        ## Empty { #empty }

        ## One { #one }

        ```python
        x = 1
        ```

        ```python
        x = 2
        ```

        !!! note

            ## In a box { #box }
    """)
    assert [page.state_of(section) for section in range(4)] == [1, 1, 1, 1]
    box = page.sections[3]
    assert (box.slug, box.line, box.column) == ("box", 17, 5)
    assert parse("Words.").state_of(0) is None


OUTPUT = "<!--pytest-codeblocks:expected-output-->"
DEEP = "".join(f"{'    ' * i}- a\n" for i in range(9))
# What is expected or found => pages, and the line where, if it is not the first.
REFUSED = r"""
one of the fences => ```py\nx\n``` ;; ```\nx\n``` ;; ```Python\nx\n```
one of the fences => ```python title=x\nx\n``` ;; ```python {.x}\nx\n```
a fence that does not end with ``` => Words.\n\n```python\nx = 1 ;3; ```python\nx\n````
a fence that does not end with ~~~ => ~~~python\nx\n~~~
a fence in a fence => ```python\n```text\n``` ;2;
a text fence after its marker => ```python\nx\n```\n\nOUTPUT\n\n```python\nx\n```\n ;5;
a text fence after its marker => ```python\nx\n```\n\nOUTPUT ;5;
a text that no block vouches for => ```python\nx\n```\n\n```text\nx\n``` ;5;
a text that no => ```python\nx\n```\n\nWords.\n\nOUTPUT\n\n```text\nx\n``` ;9;
a Python block after => <!--pytest.mark.xfail(raises=E, strict=True)-->\n\nx
a bash block or a form => <!--pagecheck:unchecked it is slow-->\n\n```python\nx\n```\n
front matter without comments => ---\ndescription: 3<!--= x--> rows.\n--- ;2;
front matter without comments => ---\ndescription: >\n  x\n--- ;2;
a first line that MkDocs takes for metadata => Title: x
a number right before <!--= best--> => The best<!--= best--> is 3.
a number right before <!--= x--> => It is 3<!--= x--><!--= y-->.
a number that can be checked => One in ten ;; 九成七。 ;; 负2 ;; ½
a number that can be checked => 三分之一 ;; 3<!--= x-->万 ;; 百分之5<!--= x-->
a reason of several words => Call 3<!--pagecheck:unchecked no--> now.
a claim at the end of a sentence => It falls<!--pagecheck:claim x--> here.
one of the directives => It is `1`<!--pagecheck:formula 1-->. ;; x<!--pagecheck:claim-->
<!--pagecheck:formula EXPRESSION--> or => $$\nd\n$$
a block indented by 4 blanks => Words:\n\n    x = 1 ;3; ::: a.b\n    options: ;2;
a block indented by 1 blanks =>  # x { #x }
a block indented by 3 blanks => 1. a\n\n   ```python\n   x\n   ``` ;3;
a block indented by 2 blanks => - a\n\n  b ;3; - a\n  - b ;2;
a block indented by 28 blanks => DEEP ;8;
<details> that is never closed => <details markdown>\n\nx
</details> that closes nothing => </details>
paragraph right after item => - a\n--- ;2;
a row of a table => a | b\n--- | ---\n1 | 2 ;; | a | b |\n| --- | --- |\n| 1 | ;3;
a row of a table => | a | b |\n| --- | --- |\n| `x|y` | ;3;
a table without rows => | a |\n| --- |
row right after paragraph => x\n| a |\n| --- |\n| 1 | ;2;
item right after paragraph => a\n- b ;2; - a\n\n    b\n- c ;4;
fence right after paragraph => x\n```python\ny\n``` ;2;
paragraph right after fence => ```python\nx\n```\ny ;4;
a box that holds nothing => !!! note\n\nx ;; - a\n\n    !!! note ;3;
a list right after a list => - a\n\n1. b ;3;
an item that does not begin => 1) a ;; - - a ;; -\n  a ;; - ## a { #a }
a comment that does not end => a <!-- b
a comment of words => <!--\n```\n--> ;; <!--\n<b>\n--> ;; a<!-- `b` --> ;; <!-- <!-- -->
a line in code that begins as HTML => `a\n<!-- b --> c` ;; `a\n[x]: b` ;; `a\n*[x]: b`
a character that may belong to a number => It is &#48;&#46;9.
Markdown or HTML that => a	b
'а', which is U+0430 => ```python\nx = а\n``` ;2;
'Ｘ', which is U+FF38 => `Ｘ`
'Α', which is U+0391 => 1<!--= Α-->
'у', which is U+0443 => PуTorch
one of the directives => 3<!--pytest-codeblocks:cont--> ;; <!--pytest.mark.skip-->
one of the directives => 3<!--pytest.mark.xfail-->
one of the directives => <!--=--> ;; <!--pagecheck:formulas x-->
one of the directives => 3<!--pagecheck:notation it is f-->
one of the directives => 3<!--pagecheck:unchecked-->
one of the directives => 3<!--expected-output--> ;; <!-- pagecheck:unchecked a reason-->
one of the directives => 3<!-- = x--> ;; <!--pagecheck:nubmer x-->
one of the directives => a<!--pagecheck:split--> b ;; <!--pagecheck:split-->\n\na
another paragraph after => a<!--pagecheck:split--> ;; a<!--pagecheck:split-->\n\n- b
another paragraph after => a<!--pagecheck:split-->\n\n## b { #b }\n\nc
another paragraph after => - a<!--pagecheck:split-->\n\nb
"""
# What is shown otherwise than it is meant, or not at all.
STRANGE = r"""
> ```python ;; > $$ ;; > - a ;; > [!NOTE] ;; <pre>x</pre> ;; ##x ;; [TOC] ;; {{ x }}
<details>\n\nx\n\n</details> ;; a <b>c</b> ;; a <kbd>b</kbd> ;; a<br>b ;; /// note
a <span title="0.3">b</span> ;; <img src="a.svg" alt="0.3"> ;; [a](b.md "0.3")
![a](b.svg){ title="0.3" } ;; <summary>x</summary> ;; - a\n\n    <details markdown> ;3;
Title\n===== ;2; a\n2. b ;2; x\n    ```python ;2; $$\nx\n\n$$ ;; It costs $x. ;; - [ ] a
It is \\(x\\). ;; It is \\\\(x\\\\). ;; It is \\alpha. ;; A claim.[^1]
x^2^ ;; A claim.^[a note] ;; [^1]: x ;; *[HTML]: x ;; See [a][b]. ;; === "Linux"
See [a [b] c](d.md). ;; Tensor\n:   An array. ;2; ~~a~~ ;; ==a b== ;; H~2~O ;; a\\\nb
Press ++ctrl+c++. ;; ## x ## { #x } ;; It is 1.**5**7. ;; It is 3\\.14.
It is 9<!-- a -->.<!-- b -->8. ;; An :material-check: icon ;; --8<-- "x.md"
Words. (1)! ;; !!! note title ;; a\n{ .x } ;2; ![a](b.svg){ onload=x }
"""


def test_what_is_not_understood_is_refused_with_its_place():
    rows = [row.split(" => ") for row in REFUSED.strip("\n").split("\n")]
    rows += [("Markdown or HTML that", row) for row in STRANGE.strip("\n").split("\n")]
    missed = []
    for said, texts in rows:
        found = re.findall(r"(.+?)(?: ;(\d*);(?: |$)|$)", texts)
        for text, line in found:
            text = text.replace("OUTPUT", OUTPUT).replace("DEEP", DEEP)
            text = re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], text)
            problems = parse_page(text + "\n").problems
            start = f"{line or 1} {said}"
            shown = [f"{p.line} {s}" for p in problems for s in (p.expected, p.found)]
            if not any(each.startswith(start) for each in shown):
                missed.append((text, start, shown))
            assert all(problem.column and problem.fix for problem in problems)
    assert missed == []


def test_no_character_is_hidden():
    hidden = [
        chr(code)
        for code in range(0x20000)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        and chr(code) not in "\t\n\r"
    ]
    for character in [*hidden, "\u3164", "\U000e0041"]:
        (problem,) = parse_page(f"a{character}b").problems
        assert (problem.line, problem.column) == (1, 2)
        assert problem.found.endswith(f" U+{ord(character):04X}")


SITE = yaml.load(Path("mkdocs.yml").read_text("utf-8"), yaml.BaseLoader)
BUILDER = markdown.Markdown(
    extensions=[
        name.removesuffix("s.DirectivesExtension")
        for name in SITE["markdown_extensions"]
        if name != "site_finish.markdown"  # it adds what no page's text holds
    ]
)
PATTERNS = {
    "code": "<pre>",
    "heading": "<h[1-6][ >]",
    "row": "<tr>",
    "cell": "<t[dh][ >]",
    "displayed": 'class="formula"',
    "mathematics": "<math ",
    "image": "<img",
    "item": "<li>",
    "spans": "<code>",
    "fold": "<(?:details)",
    "box": '<div class="admonition[ "]',
    "rule": "<hr",
}


def of_site(text):
    """How much of everything the site shows of a page."""
    built = BUILDER.reset().convert(re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S))
    found = {name: len(re.findall(each, built)) for name, each in PATTERNS.items()}
    found["mathematics"] -= found["displayed"]
    found["spans"] -= found["code"]
    return found


def of_page(page):
    """How much of everything the reader sees in a page."""
    kinds = Counter(region.kind for region in page.regions)
    shown = [u for u in page.regions if u.kind not in ("html", "description")]
    spans = [s for u in shown for s in find_spans(page.text[u.start : u.end])]
    boxes = Counter(u.text.strip()[0] for u in shown if u.kind == "admonition")
    folds = sum(u.text.startswith("<details") for u in page.regions)
    outputs = sum(block.output is not None for block in page.blocks)
    return {
        "code": len(page.blocks) + len(page.listings) + outputs,
        "heading": kinds["heading"],
        "row": kinds["row"],
        "cell": sum(int(u.detail) for u in page.regions if u.kind == "row"),
        "displayed": sum(not formula.inline for formula in page.formulas),
        "mathematics": sum(formula.inline for formula in page.formulas),
        "image": len(page.images),
        "item": kinds["item"],
        "spans": sum(span.kind == "code" for span in spans),
        "fold": folds + boxes["?"],
        "box": boxes["!"],
        "rule": sum(not u.text.strip("*-_ ") for u in shown),
    }


ALIKE = [
    "0. zero\n1. one\n",
    "1. a\n\n    b\n\n    - c\n\n        d\n\n2. e\n",
    "- a:\n\n    ```python\n    x\n    ```\n\n- b\n",
    "??? tip\n\n    ## In a box { #box }\n\n    Words.\n",
    "*5 · 6*, $5 or `$x`, 2*3, [1, 2] and \\$x; a < b, A & B.\n",
    "| `a\\|b` | $x$ |\n| --- | :-: |\n| 1<!--= x--> | c |\n",
    '[a](b.md) ![d](e.svg){ width="300" .f }\n\n***\n\nEnd.\n',
    "<!-- To whoever edits this page. -->\n\nWords <!-- among words --> here.\n",
]


def test_what_both_read_alike_is_accepted():
    for text in ALIKE:
        assert parse_page(text).problems == (), text
        assert of_site(text) == of_page(parse_page(text)), text


def test_the_site_shows_of_each_page_what_the_reader_sees_at_places_of_its_own():
    for file in load_config(Path.cwd()).page_files():
        page = read_page(file)
        assert page.problems == (), file
        assert of_site(page.text) == of_page(page), file
        numbers = [number for region in page.regions for number in region.numbers]
        for found in (page.blocks, page.formulas, page.claims, page.regions, numbers):
            places = [(each.line, each.column) for each in found]
            assert len(set(places)) == len(places), file


LINES = """word|`c` and $x$|- item|* star|1. one|2. two|    - nested|    para `y`
        deep|  two|```python|```|    ```python|    ```|x = 1|    x = 1|```text
# T { #t }|    ## V { #v }|##x|$$|    $$|<!--pagecheck:formula x-->|!!! note "N"
??? tip|<details markdown>|<summary>S</summary>|</details>|> quote|> - q|---|***
===|![alt](f.svg)|[l](m.md) <https://x.org>|`a|b`|$z|w$|<!-- c -->|<!-- c|-->
<div class="e"></div>|</div>|text\\|--- | ---|~~~text|10. ten|[x]: y|[a][b]
        - li|1) p|&#48;|`` a ` b ``|`<!--` x `-->`|<!-- ` --> `y`"""
LINES = re.split(r"(?<! )\|(?! )|\n", LINES)
LINES += ["| a | b |", "| --- | --- |", "| 1 | `q` |", "    | c | d |", "a | b"]


@settings(max_examples=1500)
@given(st.lists(st.sampled_from(LINES) | st.just(""), max_size=12).map("\n".join))
def test_the_site_shows_of_any_page_what_the_reader_sees(text):
    page = parse_page(text)
    if not page.problems:
        assert of_site(text + "\n") == of_page(page)
