"""Where our code and our libraries come from, what the build gives away, and what machines may do with the code."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped] # it ships no types

from tests import audit
from tests.asvs import ROOT
from website.build.sbom import components, write_sbom

WORKFLOWS = ROOT / ".github" / "workflows"


def zizmor(folder: Path) -> subprocess.CompletedProcess[str]:
    """Judge some workflows, without the network."""
    program = Path(sys.executable).with_name("zizmor")
    command = [str(program), "--offline", "--pedantic", "--no-progress", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.asvs("15.2.4")
def test_workflows_may_do_nothing_by_default() -> None:
    """Every workflow begins with no permission, pins each action by its commit, and zizmor finds nothing."""
    files = sorted(WORKFLOWS.glob("*.yml"))
    assert files
    for path in files:
        text = path.read_text("utf-8")
        assert re.search(r"^permissions: \{\}$", text, re.MULTILINE)
        assert [
            use for use in re.findall(r"uses: (.*)", text) if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[0-9.]+", use)
        ] == []
    ran = zizmor(WORKFLOWS)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("permissions: {}", "permissions: write-all"),
        ("@11bd71901bbe5b1630ceea73d27597364c9af683", "@v4"),
        ("run: make check", "run: echo ${{ github.event.pull_request.title }}"),
        ("pull_request:", "pull_request_target:"),
    ],
)
def test_a_workflow_that_may_too_much_is_seen(tmp_path: Path, old: str, new: str) -> None:
    """The controls: wide permissions, an action by its tag, words of strangers in a command, a trusting trigger."""
    shutil.copytree(WORKFLOWS, tmp_path / "workflows")
    path = tmp_path / "workflows" / "check.yml"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert zizmor(tmp_path / "workflows").returncode != 0


def test_each_proposal_has_a_preview_without_secrets() -> None:
    """The site that a proposal makes can be downloaded from its checks, and the workflow that builds it knows no secret."""
    text = (WORKFLOWS / "preview.yml").read_text("utf-8")
    workflow = yaml.safe_load(text)
    steps = workflow["jobs"]["build"]["steps"]
    kept = [step["with"]["path"] for step in steps if step.get("if") == "github.event_name == 'pull_request'"]
    assert kept == ["site"]
    assert "pull_request" in workflow[True]  # YAML 1.1 reads "on" as true
    assert "secrets" not in text
    assert workflow["jobs"]["build"]["permissions"] == {"contents": "read"}


def test_a_preview_is_what_make_site_writes(site: Path) -> None:
    """The workflow uploads the folders that its one command writes; a page opened from such a folder has its look."""
    steps = yaml.safe_load((WORKFLOWS / "preview.yml").read_text("utf-8"))["jobs"]["build"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == ["make site"]
    uploaded = {step["with"]["path"] for step in steps if "path" in step.get("with", {})}
    told = subprocess.run(
        [sys.executable, "-m", "website", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert uploaded == set(re.findall(r"default:\s+([\w/]+)", told.stdout))
    for page in (site / "contact" / "index.html", site / "refer" / "myself" / "index.html"):
        looks = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.read_text("utf-8"))
        assert [(page.parent / look.partition("?")[0]).is_file() for look in looks] == [True], looks


@pytest.mark.asvs("15.1.2", "15.2.1")
def test_the_bill_of_materials_is_the_lock_file(tmp_path: Path) -> None:
    """The bill names every locked library of the form with its version and all its hashes, the same bytes each time."""
    write_sbom(ROOT, tmp_path)
    bill = json.loads((tmp_path / "sbom.json").read_text("utf-8"))
    locked = (ROOT / "requirements" / "function.txt").read_text("utf-8")
    names = re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*\])?==", locked, re.MULTILINE)
    assert [each["name"] for each in bill["components"]] == [name.lower() for name in names]
    hashes = [each["value"] for part in bill["components"] for each in part["properties"]]
    assert sorted(hashes) == sorted(re.findall("sha256:([0-9a-f]{64})", locked))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert components("flask==3.1\n") == []  # the control: a library without a hash is none


@pytest.mark.asvs("15.2.1", "15.2.4")
@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.stem)
def test_every_library_is_locked_by_its_hashes(path: Path) -> None:
    """Each line of a lock file is one version with at least one SHA-256; none comes from an address."""
    text = path.read_text("utf-8")
    starts = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert [line for line in starts if "==" not in line or not line.rstrip().endswith("\\")] == []
    assert "@ " not in text


@pytest.mark.parametrize(
    ("code", "said", "expected"),
    [
        (0, "No known vulnerabilities found", 0),
        (1, "Found 1 known vulnerability in 1 package\nflask 0.1 PYSEC-1", 1),
        (1, "Found 2 known vulnerabilities in 1 package\nx 0.1 PYSEC-2 about HTTPError", 1),
        (1, "requests.exceptions.ConnectionError: Max retries exceeded", 2),
        (1, "ServiceError: the index did not answer", 2),
    ],
)
def test_the_audit_says_when_nobody_could_be_asked(code: int, said: str, expected: int) -> None:
    """A weakness, no weakness, and no answer at all are three different verdicts."""
    got, sentence = audit.verdict(code, said)
    assert got == expected
    assert (sentence == audit.UNASKED) is (expected == 2)
    assert (audit.TO_DO in sentence) is (expected == 1)


@pytest.mark.asvs("15.2.1")
def test_the_audit_is_asked_every_day() -> None:
    """A weakness becomes known on days on which nobody changes anything; what fails names the page that says what to do."""
    text = (WORKFLOWS / "audit.yml").read_text("utf-8")
    asked = yaml.safe_load(text)
    assert [set(each) for each in asked[True]["schedule"]] == [{"cron"}]  # YAML 1.1 reads "on" as true
    assert asked[True]["schedule"][0]["cron"].endswith(" * * *")
    assert "make audit" in text
    assert "make audit" in (ROOT / "handbook" / "runbooks" / "hosting.md").read_text("utf-8")


@pytest.mark.asvs("15.2.1")
def test_the_audit_asks_in_truth(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Where no advisory data can be reached, the real program ends with 2 and says so of every lock file, never that all is well."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert audit.main() == 2
    names = sorted(path.name for path in (ROOT / "requirements").glob("*.txt"))
    assert capsys.readouterr().out.splitlines() == [f"requirements/{name}: {audit.UNASKED}" for name in names]
