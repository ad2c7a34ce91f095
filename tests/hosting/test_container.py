"""The container: what can be held without building an image. deploy/README.md says how one was built and run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cfnlint.decode import cfn_yaml

from referral_function.settings.settings import SETTINGS

CONTAINER = Path(__file__).resolve().parents[2] / "deploy" / "container"


def objections(containerfile: str) -> str:
    """Ask hadolint; every rule counts, also those about style."""
    lint = [str(Path(sys.executable).with_name("hadolint")), "-"]
    return subprocess.run(lint, input=containerfile, capture_output=True, text=True, check=False).stdout


def test_the_containerfile_has_no_flaw() -> None:
    """Hadolint has nothing to say; the control, an image of any version, is named."""
    written = (CONTAINER / "Containerfile").read_text("utf-8")
    assert objections(written) == ""
    assert "DL3007" in objections(
        written.replace("3.13-slim-trixie\n", "latest\n").replace("${PYTHON}", "python:latest")
    )


def test_the_image_is_small_compiled_and_runs_as_nobody() -> None:
    """The last stage takes the form, compiled, and its pages; no tool that made them, no installer, no root."""
    stages = re.split(r"^FROM .*$", (CONTAINER / "Containerfile").read_text("utf-8"), flags=re.MULTILINE)
    assert len(stages) == 3
    _, build, last = stages
    assert "compileall" in build
    assert "RUN" not in last
    assert re.findall(r"^COPY --from=build (\S+)", last, re.MULTILINE) == ["/form", "/app"]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert build.count("--require-hashes") == build.count("pip install") == 2


@pytest.mark.needs("docker-compose")
def test_the_compose_file_is_well_formed(tmp_path: Path) -> None:
    """Compose itself reads it, and asks for the name of the site where there is none."""
    (tmp_path / "compose.yaml").write_bytes((CONTAINER / "compose.yaml").read_bytes())
    (tmp_path / "settings.env").write_text("", "utf-8")
    command = ["docker-compose", "--file", str(tmp_path / "compose.yaml"), "config", "--quiet"]
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    for also, code in (({"HOST": "service.example"}, 0), ({}, 1)):
        ran = subprocess.run(command, env=environ | also, capture_output=True, text=True, check=False)
        assert ran.returncode == code, ran.stderr
    assert "the name that people will type" in ran.stderr


def test_the_proxy_and_the_database_share_no_network() -> None:
    """Caddy, which strangers talk to, reaches the form alone; the database reaches the form alone, and nothing outside."""
    compose = cfn_yaml.load(str(CONTAINER / "compose.yaml"))
    networks = {name: set(service.get("networks", ["default"])) for name, service in compose["services"].items()}
    assert networks == {"web": {"proxy"}, "form": {"proxy", "database"}, "database": {"database"}}
    assert compose["networks"]["database"]["internal"] is True


def test_no_container_may_write_or_gain_rights() -> None:
    """Root file systems are read-only, no new rights; secrets come as files, by names that the form knows."""
    services = cfn_yaml.load(str(CONTAINER / "compose.yaml"))["services"]
    for service in services.values():
        assert service["read_only"] is True
        assert service["security_opt"] == ["no-new-privileges:true"]
    form = services["form"]
    assert form["cap_drop"] == ["ALL"]
    secret = {row.name for row in SETTINGS if row.secret}
    named = {name.removesuffix("_FILE") for name in form["environment"] if name.endswith("_FILE")}
    assert named <= secret
    assert {name for name in form["environment"] if not name.endswith("_FILE")} <= {
        row.name for row in SETTINGS
    } - secret
