"""The container: what can be held without building an image. deploy/README.md says how one was built and run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cfnlint.decode import cfn_yaml

from referral_function.settings.settings import SETTINGS, Settings, SettingsError

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
    assert build.count("--require-hashes") == len(re.findall(r"-m pip (?:--python \S+ )?install", build)) == 2
    assert "--without-pip /form" in build


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


@pytest.fixture
def container(tmp_path: Path) -> Path:
    """Copy what `set-up` needs to where it can write, with the system's own commands left out."""
    folder, commands = tmp_path / "deploy" / "container", tmp_path / "commands"
    folder.mkdir(parents=True)
    commands.mkdir()
    for name in ("set-up", "settings.env.example"):
        shutil.copy(CONTAINER / name, folder)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    for name, does in {"chown": "exit 0", "make": "exit 0", "id": "echo 0"}.items():
        (commands / name).write_text(f"#!/bin/sh\n{does}\n", "utf-8")
        (commands / name).chmod(0o755)
    return folder


def set_up(container: Path) -> "subprocess.CompletedProcess[str]":
    """Type it."""
    path = f"{container.parents[1]}/commands:{os.environ['PATH']}"
    environ = os.environ | {"PATH": path, "PYTHONPATH": str(CONTAINER.parents[1])}
    return subprocess.run([container / "set-up"], env=environ, capture_output=True, text=True, check=False)


def files(container: Path) -> dict[str, str]:
    """Return what is there of settings and secrets."""
    found = [container / "settings.env", *(container / "secrets").glob("*")]
    return {path.name: path.read_text("utf-8").strip() for path in found if path.exists()}


def test_the_set_up_makes_settings_and_secrets_that_the_form_takes(container: Path) -> None:
    """All that compose.yaml names is made; with inbox, sender and relay filled in the form reads it, before that it says what is missing."""
    assert set_up(container).returncode == 0
    written = files(container)
    compose = cfn_yaml.load(str(CONTAINER / "compose.yaml"))
    assert set(written) == {"settings.env", *compose["secrets"]}
    environ = dict(line.split("=", 1) for line in written["settings.env"].splitlines() if line.startswith("REFERRAL_"))
    for name, path in compose["services"]["form"]["environment"].items():
        if name.endswith("_FILE"):
            environ[name] = str(container / "secrets" / Path(path).name)
    environ["REFERRAL_HOSTS"] = "service.example"
    with pytest.raises(SettingsError) as missing:
        Settings.read(environ)
    assert re.findall(r"^REFERRAL_\w+", str(missing.value), re.MULTILINE) == [
        *("REFERRAL_INBOX", "REFERRAL_SENDER", "REFERRAL_RELAY")
    ]
    (container / "secrets" / "relay").chmod(0o600)
    (container / "secrets" / "relay").write_text("smtp://referrals:a%2Fpassword@relay.service.test:587\n", "utf-8")
    filled = {"REFERRAL_INBOX": "inbox@service.test", "REFERRAL_SENDER": "referrals@service.test"}
    settings = Settings.read(environ | filled)
    assert settings.outbox == f"postgresql://referral:{written['database-password']}@database/referral?sslmode=disable"
    assert settings.open_keys
    settings.open_keys.self_test(settings.seal_key)
    assert set_up(container).stdout == "Nothing is missing.\n"


@pytest.mark.parametrize("missing", ["settings.env", "secrets/open-keys"])
def test_a_missing_secret_is_named_and_nothing_is_written(container: Path, missing: str) -> None:
    """A new key beside old settings would seal what nobody can open."""
    set_up(container)
    (container / missing).unlink()
    before = files(container)
    ran = set_up(container)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert f"Missing in deploy/container: {missing}. Bring them from the backup" in ran.stderr
    assert files(container) == before


def test_each_secret_has_an_example() -> None:
    """The table names every secret of compose.yaml."""
    text = (CONTAINER.parent / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE)
    assert rows == list(cfn_yaml.load(str(CONTAINER / "compose.yaml"))["secrets"])


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
