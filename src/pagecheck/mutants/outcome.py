"""The record of a run of mutants, as it is kept in the repository."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pagecheck.mutants.kinds import HARMLESS_KINDS
from pagecheck.mutants.mutant import Outcome
from pagecheck.report import versions


def summary(outcomes: Sequence[Outcome], seed: int) -> dict[str, Any]:
    """The outcome of a run: by kind, and with their place all that went wrong.

    A harmful change should be caught, and survives where it is not; a harmless one
    should not be caught, and is a false alarm where it is.
    """
    harmful = [each for each in outcomes if each.mutant.kind not in HARMLESS_KINDS]
    harmless = [each for each in outcomes if each.mutant.kind in HARMLESS_KINDS]
    applied = Counter(each.mutant.kind for each in harmful)
    caught = Counter(each.mutant.kind for each in harmful if each.caught_by)
    return {
        "seed": seed,
        "applied": len(harmful),
        "caught": sum(caught.values()),
        "kinds": {
            kind: {"applied": applied[kind], "caught": caught[kind]}
            for kind in sorted(applied)
        },
        "survivors": sorted(str(each.mutant) for each in harmful if not each.caught_by),
        "harmless": len(harmless),
        "false alarms": sorted(str(each) for each in harmless if each.caught_by),
        "versions": versions(),
    }


def verdict(content: Mapping[str, Any]) -> str:
    """What a run leaves to be mended, in a sentence; nothing where all is well."""
    unnoticed, alarms = len(content["survivors"]), len(content["false alarms"])
    if not unnoticed and not alarms:
        return ""
    return (
        f"{unnoticed} mistakes were not noticed, {alarms} harmless changes raised an "
        "alarm: mend the check, or say in the kind's definition why nobody could call "
        "it wrong"
    )


def to_json(content: Mapping[str, object]) -> str:
    """A record as it is kept in the repository."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
