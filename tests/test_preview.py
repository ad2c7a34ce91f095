"""The live preview for editors, as `make preview` starts it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from referral_function.web.security_headers import headers_for
from tests.ports import free_port
from tests.project_copies import copy_project

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[1]
CRITERION: Final = "There is an identifiable victim"


@contextmanager
def starting(port: int | str, root: Path = ROOT) -> Iterator[subprocess.Popen[str]]:
    """Start the preview where there is no npm, and stop it as Ctrl-C does."""
    command = [sys.executable, "-m", "dev.preview"]
    environ = os.environ | {"PORT": str(port), "PYTHONPATH": str(root), "PATH": str(root)}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=root, env=environ, **streams) as process:  # type: ignore[call-overload]
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)


@contextmanager
def previewing(port: int | str, root: Path = ROOT) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start it, and give it and the line with its address, or with its refusal."""
    with starting(port, root) as process:
        assert process.stdout
        yield process, next(line for line in process.stdout if not line.startswith("Building"))


def headers(port: int, path: str) -> dict[str, str]:
    """Ask for an address and return the headers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    return dict(connection.getresponse().getheaders())


def get(port: int, path: str) -> tuple[int, str]:
    """Ask for an address and give the status and the text."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_the_preview_shows_pages_with_their_forms() -> None:
    """The preview shows a page with its form in place, reloads by itself, has a kind page for what is not there, and ends."""
    port = free_port()
    with previewing(port) as (process, said):
        assert f"http://127.0.0.1:{port}/" in said
        status, page = get(port, "/refer/myself/")
        assert status == 200
        assert '<form class="referral' in page
        assert "location.reload()" in page
        assert get(port, "/nothing/")[0] == 404
        for old in ("/faq/is-it-safe", "/faq/is-it-safe/"):  # as on the published site
            assert (get(port, old)[0], headers(port, old)["Location"]) == (301, "/questions/")
        assert float(get(port, "/preview-stamp")[1]) > 0
        assert get(port, "/assets/site.css")[0] == 200
        for path in ("/admin/", "/admin/editor.js", "/admin/?x"):
            assert headers_for("/admin/").items() <= headers(port, path).items()
        assert "Content-Security-Policy" not in headers(port, "/")  # the control: its script stands in the page
    assert process.returncode == 0


def seen(port: int, path: str, words: str) -> str:
    """Poll a page until it has some words; the test run's own limit ends what never comes."""
    while words not in (page := get(port, path)[1]):
        time.sleep(0.1)
    return page


def test_what_is_saved_is_shown_with_what_has_to_be_mended(tmp_path: Path) -> None:
    """A saved word is shown, what has to be mended stands below the page, and a page that cannot be built stays as it was."""
    contact = copy_project(tmp_path) / "docs" / "contact.md"
    text = contact.read_text(encoding="utf-8")
    port = free_port()
    with previewing(port, tmp_path) as (process, _):
        assert "To mend" not in get(port, "/contact/")[1]
        contact.write_text(f"{text}\nWe listen to perpetrators.\n", encoding="utf-8")
        page = seen(port, "/contact/", "<p>We listen to perpetrators.")
        assert f"docs/contact.md, line {text.count(chr(10)) + 2}: we do not use “perpetrators”." in page
        contact.write_text(f"{text}\nWe write [here](nowhere.md).\n", encoding="utf-8")
        page = seen(port, "/contact/", "You still see the pages as they were before.")
        assert "<p>We listen to perpetrators." in page
        contact.write_text(f"{text}\nWe write.\n", encoding="utf-8")
        assert "To mend" not in seen(port, "/contact/", "<p>We write.")
        assert process.stdout
        said = next(line for line in process.stdout if not line.startswith(("docs/", "You still", "The editor")))
        assert said == "Nothing to mend any more.\n"


@pytest.mark.slow("the preview builds the site four times")
def test_a_changed_question_and_a_changed_criterion_are_shown(tmp_path: Path) -> None:
    """Saved code counts at once; code that cannot be run is named below the pages as they were."""
    code = copy_project(tmp_path) / "referral_function"
    port = free_port()
    question, criterion = code / "asking/sections/referrer.py", code / "deciding/prerequisites.py"
    with previewing(port, tmp_path):
        for path, address, old in ((question, "/refer/person-harmed/", "Your name"), (criterion, "/refer/", CRITERION)):
            text = path.read_text(encoding="utf-8")
            assert text.count(old) == 1
            path.write_text(text.replace(old, f"{old} (changed)"), encoding="utf-8")
            seen(port, address, f"{old} (changed)")
        text = question.read_text(encoding="utf-8")
        question.write_text(f"{text}\n)", encoding="utf-8")
        page = seen(port, "/contact/", "The code cannot be run: SyntaxError: unmatched")
        assert "You still see the pages as they were before." in page
        question.write_text(text, encoding="utf-8")
        while "The code cannot be run" in get(port, "/contact/")[1]:
            time.sleep(0.1)


def held(folder: Path) -> Path:
    """Copy the project so that a build waits until the file is there whose path is returned."""
    build = copy_project(folder) / "dev" / "preview_build.py"
    waits = "import time, pathlib\nwhile not pathlib.Path('go').exists(): time.sleep(0.05)\n"
    build.write_text(waits + build.read_text(encoding="utf-8"), encoding="utf-8")
    return folder / "go"


def test_nothing_is_answered_before_there_is_something_to_answer(tmp_path: Path) -> None:
    """Until the first pages are built, a browser is refused at once; if they cannot be built, it is told why."""
    go = held(tmp_path)
    (tmp_path / "docs" / "contact.md").write_text("[here](nowhere.md)\n", encoding="utf-8")
    port = free_port()
    with starting(port, tmp_path) as process:
        assert process.stdout
        assert process.stdout.readline() == "Building the pages and the forms: a few seconds ...\n"
        with pytest.raises(ConnectionRefusedError):
            get(port, "/")
        go.touch()
        while "http://" not in process.stdout.readline():
            pass
        status, page = get(port, "/")
        assert status == 503
        assert "<li>docs/contact.md" in page


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_without_a_traceback(tmp_path: Path, number: signal.Signals) -> None:
    """Also in the middle of a build, which ends with it."""
    held(tmp_path)
    with starting(free_port(), tmp_path) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(number)
        assert process.stdout.read() == ""
        assert process.wait() == 0


def test_a_port_in_use_is_one_sentence() -> None:
    """A port that somebody else uses gives one sentence that says what to do."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        previewing(port := listener.getsockname()[1]) as (process, said),
    ):
        assert said == f"Port {port} is in use. Choose another: make preview PORT=8001\n"
        assert process.wait(60) == 1


@pytest.mark.parametrize("port", ["99999", "http"])
def test_a_port_that_is_none_is_one_sentence(port: str) -> None:
    """What cannot be a port is named."""
    with previewing(port) as (process, said):
        assert said == f"PORT must be a number below 65536, not {port!r}.\n"
        assert process.wait() == 1
