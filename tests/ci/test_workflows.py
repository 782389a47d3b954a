"""The workflows: they call what exists, pinned, with few rights and limits of time."""

import re

import pytest
import yaml

from .scripts import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = set(re.findall(r"(?m)^([a-z][a-z-]*):(?!=)", MAKEFILE))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


@pytest.fixture(params=WORKFLOWS, ids=lambda file: file.stem)
def workflow(request) -> str:
    return request.param.read_text("utf-8")


def test_there_are_the_four_workflows():
    names = [file.stem for file in WORKFLOWS]
    assert names == ["check", "publish", "release", "weekly"]


def test_every_action_is_pinned_by_commit_and_says_its_version(workflow):
    uses = re.findall(r"(?m)^\s+(?:- )?uses: (.*)$", workflow)
    assert uses
    for action in uses:
        assert PINNED.fullmatch(action) or action.startswith("$/.github/"), action


def test_one_action_has_one_commit_everywhere():
    pins: dict[str, set[str]] = {}
    for file in WORKFLOWS:
        for name, pin in re.findall(r"uses: ([\w./-]+)@(.*)", file.read_text("utf-8")):
            pins.setdefault(name, set()).add(pin)
    assert {name: found for name, found in pins.items() if len(found) > 1} == {}


def test_the_targets_of_make_that_it_calls_exist(workflow):
    called = set(re.findall(r"\bmake ([a-z.][\w./-]*)", re.sub("#.*", "", workflow)))
    assert called <= TARGETS


def test_it_has_no_right_by_default_and_each_job_a_limit_of_time(workflow):
    content = yaml.safe_load(workflow)
    assert content["permissions"] == {}
    assert "concurrency" in content
    for name, job in content["jobs"].items():
        assert "permissions" in job, name
        assert "timeout-minutes" in job or "uses" in job, name


def test_no_checkout_keeps_credentials(workflow):
    for job in yaml.safe_load(workflow)["jobs"].values():
        for step in job.get("steps", []):
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_nothing_runs_as_root(workflow):
    # pip's downloads would lie where the action that keeps them does not look; a job
    # that has none to keep fails (actions/setup-python, issue 691).
    assert "sudo" not in re.sub("#.*", "", workflow)


def test_the_head_of_the_makefile_tells_every_target():
    told = re.findall(r"(?m)^# make ([a-z-]+)  ", MAKEFILE)
    assert sorted(told) == sorted(TARGETS)
    phony = re.findall(r"(?m)^\.PHONY: (.*)$", MAKEFILE)
    assert sorted(" ".join(phony).split()) == sorted(TARGETS)


def test_ci_run_and_the_tests_look_for_the_same_browsers():
    from tests.conftest import NAMES

    line = f"command -v {' '.join(NAMES)} >/dev/null || missing+=({NAMES[0]})"
    assert line in (ROOT / ".ci/run").read_text("utf-8").splitlines()


def test_before_a_commit_runs_what_make_lint_runs():
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))[
        "repos"
    ]
    assert local["repo"] == "local"
    assert [hook["entry"] for hook in local["hooks"]] == ["make lint"]
