"""Texts that are hard on whatever reads Markdown or LaTeX."""

from hypothesis import strategies as st

PIECES = st.sampled_from(
    [
        *"$$$`\\{}^_&|*[]()<>!#-~\n\n \t'\"",
        *["$$\n", "\n\n", "```\n", "    ", "x", "1", "中", "\x02", "\x03", "&lt;"],
        *[r"\frac", r"\foo", r"\left(", r"\right)"],
        *[r"\begin{aligned}", r"\end{aligned}"],
        *["<b>", "</b>", "<!--", "-->", "| a | b |\n| --- | --- |\n"],
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60)
