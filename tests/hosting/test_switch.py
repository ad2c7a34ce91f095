"""`release` and `switch` of one machine, typed with the system's own commands left out: what they say, and going back."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OLD, NEW = "2027-01-01T000000-aaaaaaa", "2027-02-01T000000-bbbbbbb"
DOES_NOTHING = ("journalctl", "sleep", "systemctl")
RUNS = "#!/bin/sh\nexit 0\n"
A_MINUTE_LATER = "#!/bin/sh\necho $(($(cat $0.now 2>/dev/null || echo 0) + 60)) | tee $0.now\n"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Lay out a machine on which the old release runs and the new one is there, both of which answer."""
    commands = dict.fromkeys(DOES_NOTHING, RUNS) | {"date": A_MINUTE_LATER, "id": "#!/bin/sh\necho 0\n"}
    commands |= {"referral": "#!/bin/sh\nexec ./$RELEASE/.venv/bin/python $1\n"}
    for made in ("commands", "etc/systemd/system", "etc/referral", "deploy/one-machine"):
        (tmp_path / made).mkdir(parents=True)
    for name, text in commands.items():
        executable(tmp_path / "commands" / name, text)
    for name in (OLD, NEW):
        folder = tmp_path / "opt" / "releases" / name
        (folder / ".venv" / "bin").mkdir(parents=True)
        (folder / "referral.service").write_text(name, "utf-8")
        executable(folder / ".venv" / "bin" / "python", RUNS)
    (tmp_path / "opt" / "current").symlink_to(f"releases/{OLD}")
    for name in ("release", "switch"):
        text = (ROOT / "deploy" / "one-machine" / name).read_text("utf-8")
        text = text.replace("/opt/referral", f"{tmp_path}/opt").replace("/etc/", f"{tmp_path}/etc/")
        executable(
            tmp_path / "deploy/one-machine" / name,
            text.replace("/usr/local/bin/referral", f"{tmp_path}/commands/referral"),
        )
    return tmp_path


def executable(path: Path, text: str) -> None:
    """Write a program."""
    path.write_text(text, "utf-8")
    path.chmod(0o755)


def breaks(machine: Path, name: str, *, when: str, says: str = "") -> None:
    """Let a release fail at one of its commands, or (`-c`) not answer."""
    says = says.replace("\n", "\\n")
    text = f"#!/bin/sh\n[ $1 != {when} ] || {{ printf '{says}'; exit 1; }}\n"
    executable(machine / "opt" / "releases" / name / ".venv" / "bin" / "python", text)


def types(machine: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """Type a command of the machine."""
    environ = os.environ | {"PATH": f"{machine}/commands:{os.environ['PATH']}"}
    program = ["sh", str(machine / "deploy" / "one-machine" / command[0]), *command[1:]]
    return subprocess.run(program, env=environ, capture_output=True, text=True, check=False)


def links(machine: Path) -> tuple[str, str]:
    """Return the releases in use and before."""
    return tuple(
        path.readlink().name if path.is_symlink() else ""
        for path in (machine / "opt/current", machine / "opt/previous")
    )  # type: ignore[return-value] # of two


def test_a_release_that_answers_stays(machine: Path) -> None:
    """The control: the new release is in use with its unit, and the old one is named as the one before."""
    ran = types(machine, "switch", NEW)
    assert (ran.returncode, ran.stdout) == (0, f"{NEW} takes referrals.\n")
    assert links(machine) == (NEW, OLD)
    assert (machine / "etc/systemd/system/referral.service").read_text("utf-8") == NEW


def test_a_release_that_does_not_answer_is_left_again_by_itself(machine: Path) -> None:
    """After 30 seconds without an answer the release before is started again with its unit, and all of it is said."""
    breaks(machine, NEW, when="-c")
    ran = types(machine, "switch", NEW)
    assert (ran.returncode, ran.stdout) == (1, f"{OLD} takes referrals.\n")
    assert f"{NEW} does not take referrals." in ran.stderr
    assert f"Going back to {OLD} ..." in ran.stderr
    assert links(machine) == (OLD, "")
    assert (machine / "etc/systemd/system/referral.service").read_text("utf-8") == OLD


def test_where_neither_answers_it_says_what_to_type(machine: Path) -> None:
    """When it is no fault of the release, such as a full disk, `referral check` says what it is."""
    breaks(machine, NEW, when="-c")
    breaks(machine, OLD, when="-c")
    ran = types(machine, "switch", NEW)
    assert ran.returncode == 1
    assert "It does not either: referral check says what is wrong." in ran.stderr
    assert links(machine)[0] == OLD


def test_the_first_release_has_none_to_go_back_to(machine: Path) -> None:
    """Nothing is said of going back where there is nothing."""
    (machine / "opt" / "current").unlink()
    breaks(machine, NEW, when="-c")
    ran = types(machine, "switch", NEW)
    assert ran.returncode == 1
    assert "Going back" not in ran.stderr


@pytest.mark.parametrize(
    ("when", "says", "words"),
    [
        ("settings", "REFERRAL_INBOX = WRONG: it is missing.", "mend {machine}/etc/referral/settings, then type: "),
        ("settings", "Traceback\nSyntaxError: invalid syntax", f"RELEASE=releases/{NEW} referral settings shows all"),
        ("keys", "PRIVATE KEY NOT LOADED", "A private key is missing"),
    ],
    ids=["settings", "program", "keys"],
)
def test_a_release_that_cannot_start_is_not_switched_to(machine: Path, when: str, says: str, words: str) -> None:
    """What is wrong is shown, with what to type; the release in use is not touched."""
    breaks(machine, NEW, when=when, says=says)
    ran = types(machine, "switch", NEW)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert says.splitlines()[-1] in ran.stderr
    assert words.format(machine=machine) in ran.stderr
    assert "was not switched to." in ran.stderr
    assert links(machine) == (OLD, "")


def test_a_release_before_the_set_up_says_what_to_type(machine: Path) -> None:
    """On a machine that is not set up, one sentence names the command; nothing is built."""
    ran = types(machine, "release")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == f"This machine is not set up yet. Type: {machine}/deploy/one-machine/set-up HOST\n"
