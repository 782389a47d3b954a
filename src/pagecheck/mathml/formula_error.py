"""What is raised about a formula that cannot be shown rightly."""

from __future__ import annotations


class FormulaError(ValueError):
    """A formula that cannot be shown rightly.

    Attributes:
        latex: The formula as the page has it.
        reason: What is wrong with it.
        advice: What to write instead.
        page: The page that it stands on, where that is known.
        line: The line on the page, counted from 1, where that is known.
    """

    def __init__(
        self,
        latex: str,
        reason: str,
        advice: str,
        page: str | None = None,
        line: int | None = None,
    ) -> None:
        self.latex = latex
        self.reason = reason
        self.advice = advice
        self.page = page
        self.line = line
        place = ":".join(str(part) for part in (page, line) if part is not None)
        super().__init__(
            f"{place + ': ' if place else ''}{reason}\n"
            f"  formula: {latex}\n"
            f"  instead: {advice}"
        )
