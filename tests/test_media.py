"""A film, a recording or a film in BSL on a page: our own file with captions and transcript, never started by itself."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

import pytest

from referral_function.web.security_headers import headers_for
from tests.project_copies import copy_content, copy_small_site
from website.build.site import build
from website.check.check import check

if TYPE_CHECKING:
    from pathlib import Path

TODAY: Final = date(2026, 12, 1)
PAGE: Final = "docs/contact.md"
FILMED: Final = (PAGE, "docs/case-studies/violence-within-a-family.md", "docs/index.md")
FILM: Final = {
    "media_file": "/assets/media/hello.mp4",
    "media_title": "Who we are, in British Sign Language",
    "media_captions": "assets/media/hello.vtt",
    "media_transcript": "|-\n  Hello.\n\n  We listen to you & explain.",
}
RECORDING: Final = {key: value for key, value in FILM.items() if key != "media_captions"} | {
    "media_file": "/assets/media/hello.mp3"
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy the small site, with the files of a film beside its pages."""
    return with_a_film(copy_small_site(tmp_path))


def with_a_film(copy: Path) -> Path:
    """Put the files of a film beside the pages."""
    media = copy / "docs" / "assets" / "media"
    media.mkdir()
    for name, content in (
        ("hello.mp4", b"\0film"),
        ("hello.mp3", b"\0sound"),
        ("hello.vtt", b"WEBVTT\n"),
        ("no.vtt", b"x"),
    ):
        (media / name).write_bytes(content)
    return copy


def put(project: Path, fields: dict[str, str], name: str = PAGE) -> None:
    """Write fields above a page."""
    page = project / name
    lines = "".join(f"{key}: {value}\n" for key, value in fields.items())
    page.write_text(page.read_text(encoding="utf-8").replace("---\n", f"---\n{lines}", 1), encoding="utf-8")


def to_mend(project: Path) -> list[str]:
    """Return what the content check says has to be mended."""
    return [finding.sentence for finding in check(project, TODAY) if not finding.advice]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site with a film on a page of each kind, and a recording."""
    project = with_a_film(copy_content(tmp_path_factory.mktemp("project")))
    for name in FILMED:
        put(project, FILM, name)
    put(project, RECORDING, "docs/questions.md")
    assert to_mend(project) == []
    build(project, project / "site")
    return project / "site"


@pytest.mark.parametrize("name", FILMED)
def test_a_film_stands_under_the_heading(built: Path, name: str) -> None:
    """A film has controls, captions and its words as text, is loaded only when it is started, and nothing starts it."""
    address = name.removeprefix("docs/").removesuffix(".md").removesuffix("index")
    html = (built / address / "index.html").read_text(encoding="utf-8")
    film = re.search(r"<video ([^>]*)><track ([^>]*)></video>", html)
    assert film
    assert "controls" in film[1]
    assert 'preload="none"' in film[1]
    assert "autoplay" not in html
    assert 'kind="captions"' in film[2]
    assert "<p>Hello.</p><p>We listen to you &amp; explain.</p>" in html
    assert html.index("</h1>") < film.start()
    for source in re.findall(r'src="([^"]*media/[^"]*)"', html):
        assert (built / address / source).is_file()


def test_a_recording_has_its_words(built: Path) -> None:
    """A recording needs no captions, but a transcript."""
    html = (built / "questions" / "index.html").read_text(encoding="utf-8")
    assert "<audio controls" in html
    assert "Read what is said" in html


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        (FILM | {"media_file": "https://videos.example/hello.mp4"}, "not a file of this website"),
        (FILM | {"media_file": "/assets/media/gone.mp4"}, "not a file of this website"),
        (FILM | {"media_file": "/assets/media/../../index.md"}, "not a file of this website"),
        (FILM | {"media_file": "/assets/media/hello.vtt"}, "not a file of this website"),
        ({key: value for key, value in FILM.items() if key != "media_captions"}, "no captions"),
        (FILM | {"media_captions": "assets/media/no.vtt"}, "no captions"),
        (FILM | {"media_captions": "https://videos.example/hello.vtt"}, "no captions"),
        ({key: value for key, value in FILM.items() if key != "media_transcript"}, "no transcript"),
        ({key: value for key, value in FILM.items() if key != "media_title"}, "no title"),
        (RECORDING | {"media_captions": "assets/media/hello.vtt"}, "has no captions"),
    ],
)
def test_what_is_missing_is_named(project: Path, fields: dict[str, str], named: str) -> None:
    """A film from elsewhere, or one without captions, transcript or title, is refused in one sentence."""
    put(project, fields)
    assert [named in sentence for sentence in to_mend(project)] == [True]


@pytest.mark.parametrize(
    ("content", "named"),
    [(b"\xa9xyz+51.2+1.1/", "where it was taken"), (b"0" * 40_000_001, "40 MB")],
    ids=["place", "weight"],
)
def test_a_film_says_no_place_and_is_not_too_heavy(project: Path, content: bytes, named: str) -> None:
    """A film in which the phone has written its place, and one that is too heavy, are refused."""
    (project / "docs" / "assets" / "media" / "hello.mp4").write_bytes(content)
    assert [named in sentence for sentence in to_mend(project)] == [True]


def test_the_policy_allows_our_own_films_alone() -> None:
    """The content security policy allows media of the site itself."""
    assert "media-src 'self'" in headers_for("/")["Content-Security-Policy"].split("; ")
