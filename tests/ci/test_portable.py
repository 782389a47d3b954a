"""`make portable`: what it tries, and that a page which differs shows."""

import pytest

from .scripts import script

portable = script("portable")
SAID = """\
docs/zh/a.md:7: [outputs]
    --- expected
    +++ found
    -docs/zh/b.md:1: [run]
    fix:  python -m pagecheck record --write docs/zh/a.md
docs/zh/a.md:9: [figures] expected figures/a.svg as the block draws it
    found: line 1 is off
docs/zh/a.md:9: [figures] expected figures/a.svg as the block draws it
    found: line 2 is off
docs/zh/a.md: 12 checks, 3 problems
docs/en/a.md: 12 checks, true
"""


def test_each_part_is_held_back_alone_and_all_are_held_back_together():
    tried = portable.settings(["X86_V3", "X86_V4"])
    own = portable.threads(2)
    assert tried["best"] == own
    assert tried["one-thread"] == portable.threads(1)
    *alone, together = [tried[name] for name in tried if name.endswith("-least")]
    assert all(each.items() > own.items() for each in alone)
    parts = {variable: value for each in alone for variable, value in each.items()}
    assert parts | portable.threads(1) == together


@pytest.mark.parametrize("level", ["avx2", "default"])
def test_each_level_of_torch_is_tried_with_one_thread_and_with_two(level):
    tried = portable.settings([]).values()
    threads = [
        each["OMP_NUM_THREADS"]
        for each in tried
        if each.get("ATEN_CPU_CAPABILITY") == level
    ]
    assert sorted(threads) == ["1", "2"]


def test_numpy_keeps_avx2_where_only_what_is_beyond_it_is_left():
    tried = portable.settings(["X86_V3", "X86_V4", "AVX512_ICL"])
    variable = "NPY_DISABLE_CPU_FEATURES"
    assert tried["all-avx2"][variable] == "X86_V4 AVX512_ICL"
    assert tried["all-least"][variable] == "X86_V3 X86_V4 AVX512_ICL"


def test_the_pages_and_the_places_of_a_check_are_read():
    assert portable.verdicts(SAID) == {"docs/zh/a.md": 3, "docs/en/a.md": 0}
    assert portable.places(SAID) == [
        "docs/zh/a.md:7: [outputs]",
        "docs/zh/a.md:9: [figures]",
    ]
    assert portable.only_problems(SAID) + "\n" == SAID[: SAID.index("docs/en/a.md:")]


@pytest.mark.parametrize(
    ("code", "said", "broken"),
    [
        (1, SAID, False),
        (0, "docs/en/a.md: 12 checks, true\n", False),
        (0, SAID, True),  # the status says another thing than the pages
        (1, "docs/en/a.md: 12 checks, true\n", True),
        (2, "pagecheck: docs/en/b.md: no such page\n", True),
        (0, "", True),
        (-9, SAID, True),
    ],
)
def test_a_check_that_came_to_no_verdict_is_not_taken_for_one(code, said, broken):
    assert portable.unfinished(code, said) is broken


def test_what_a_check_really_says_is_understood():
    # In the words of the installed pagecheck, so that a change of them shows here.
    page = "docs/en/reference/api.md"
    code, said = portable.checked({}, [page])
    assert list(portable.verdicts(said)) == [page]
    assert not portable.unfinished(code, said)


def test_the_table_tells_what_differs_what_does_not_and_what_was_not_checked():
    found = {"best": {"a.md": 0, "b.md": 0}, "one-thread": {"a.md": 12}}
    assert [row.split() for row in portable.table(found).splitlines()] == [
        ["page", "best", "one-thread"],
        ["a.md", "=", "12"],
        ["b.md", "=", "?"],
    ]


def test_a_place_that_differs_names_its_settings_once():
    found = {
        "best": [],
        "one-thread": ["a.md:1: [run]"],
        "all-least": ["a.md:1: [run]"],
    }
    assert portable.differing(found) == ["a.md:1: [run] one-thread, all-least"]
