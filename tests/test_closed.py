"""The form while it is closed by one setting: the pages stay."""

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from referral_function import compose
from referral_function.asking.questions import Route
from referral_function.papers.paper import PAPER_ROUTES
from referral_function.settings.settings import Settings, SettingsError, read_setting
from referral_function.web.publishing import publish
from tests.examples import a_referral
from tests.page_checks import check_page
from tests.project_copies import PHONE, ROOT
from tests.referrer import Browser, Referrer, heading

CLOSED = "The online form is closed for now"


@pytest.fixture
def closed(settings: Settings, parts: compose.Runtime) -> Referrer:
    """Someone who comes while the form is closed."""
    service = compose.application(replace(settings, closed=True), parts, now=lambda: datetime.now(UTC))
    return Referrer(Browser(service), lambda _seconds: None)


@pytest.mark.parametrize("route", Route)
def test_a_closed_form_gives_the_phone_number_and_the_form_as_a_file(
    closed: Referrer, route: Route, site: Path
) -> None:
    """Where the form was stand a number to call and the same form for Word, which is there."""
    answer = closed.opens(f"/refer/{route.slug}/")
    check_page(answer.text)
    assert (answer.status_code, heading(answer)) == (200, CLOSED)
    assert f"tel:+44{PHONE[1:].replace(' ', '')}" in answer.text
    assert "<form" not in answer.text
    assert "Or use the form on our website" not in answer.text
    files = [part.split('"')[0] for part in answer.text.split('href="')[1:] if ".docx" in part.split('"')[0]]
    assert len(files) == (route in PAPER_ROUTES)
    assert all((site / file.lstrip("/")).is_file() for file in files)


@pytest.mark.parametrize(("name", "pattern"), [("Caddyfile", r"@form path (.*)"), ("nginx.conf", r"location ~ (\S+)")])
def test_web_servers_ask_the_form_for_each_of_its_pages(name: str, pattern: str) -> None:
    """On one machine every form page comes from the form, or one setting would leave it open; the other pages do not."""
    found = re.search(pattern, (ROOT / "deploy" / "one-machine" / name).read_text("utf-8"))
    assert found
    addresses = {f"/refer/{slug}/" for slug in [*(route.slug for route in Route), "easy-read", "what-we-ask"]}
    asked = {
        each for each in addresses if (each in found[1].split() or (name == "nginx.conf" and re.match(found[1], each)))
    }
    assert asked == {f"/refer/{route.slug}/" for route in Route}


def test_the_pages_stay(closed: Referrer) -> None:
    """All else is as before: pages, the monitor, and what is not there."""
    for address, status in {"/": 200, "/refer/": 200, "/refer/easy-read/": 200, "/refer/nobody/": 404}.items():
        assert closed.opens(address).status_code == status
    assert closed.opens("/referral/readyz").status_code == 200


@pytest.mark.parametrize("action", ["check", "review", "send"])
def test_who_was_typing_keeps_everything_and_sends_nothing(
    closed: Referrer, parts: compose.Runtime, action: str
) -> None:
    """A post while the form is closed stores nothing, says so, and gives back what was typed."""
    answer = closed.posts(Route.MYSELF, a_referral(Route.MYSELF, summary="A long story."), action)
    assert (answer.status_code, heading(answer)) == (503, CLOSED)
    assert "has NOT been sent" in answer.text
    assert "A long story." in answer.text
    assert parts.outbox.stats().queued == 0


def test_a_static_host_is_closed_by_publishing_and_opened_by_publishing_again(site: Path, tmp_path: Path) -> None:
    """The same setting at `make site` closes pages that no function serves; published again they are as before."""
    slugs = [route.slug for route in Route]
    for slug in slugs:
        (tmp_path / "refer" / slug).mkdir(parents=True)
        (tmp_path / "refer" / slug / "index.html").write_bytes((site / "refer" / slug / "index.html").read_bytes())
    (tmp_path / "service.json").write_bytes((site / "service.json").read_bytes())
    publish(tmp_path, closed=True)
    assert all(CLOSED in (tmp_path / "refer" / slug / "index.html").read_text("utf-8") for slug in slugs)
    publish(tmp_path)
    for slug in slugs:
        page = Path("refer") / slug / "index.html"
        assert (tmp_path / page).read_bytes() == (site / page).read_bytes()


def closing(value: str, site: Path, tmp_path: Path, environ: dict[str, str]) -> list[tuple[int, str]]:
    """Return exit code and error of `make site`, `publish` and the service with one value of the setting."""
    outcomes = []
    for command in (
        ["website", "--site", "built", "--hosting", "hosting"],
        ["referral_function", "publish", str(site)],
    ):
        ran = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=tmp_path,
            env={"PATH": str(tmp_path), "PYTHONPATH": str(ROOT), "REFERRAL_CLOSED": value},
            capture_output=True,
            text=True,
            check=False,
        )
        outcomes.append((ran.returncode, ran.stderr.removeprefix("Building the pages: a few seconds ...\n").strip()))
    try:
        Settings.read(environ | {"REFERRAL_CLOSED": value})
    except SettingsError as error:
        return [*outcomes, (1, str(error))]
    return [*outcomes, (0, "")]


SAID = "REFERRAL_CLOSED: write yes or leave it out."


@pytest.mark.parametrize("value", ["true", "YES", "Yes", "1", "no", "closed", "yes, please"])
def test_what_is_no_yes_is_refused(value: str, environ: dict[str, str]) -> None:
    """Any other word is refused with one sentence, read alone or with every other setting."""
    environ["REFERRAL_CLOSED"] = value
    with pytest.raises(SettingsError, match=SAID):
        read_setting("closed", environ)
    with pytest.raises(SettingsError, match=SAID):
        Settings.read(environ)


def test_what_is_no_yes_stops_all_that_read_it(site: Path, tmp_path: Path, environ: dict[str, str]) -> None:
    """`make site`, `publish` and the service read it so: none of them opens the form."""
    assert closing("true", site, tmp_path, environ) == [(1, SAID)] * 3
    assert not (tmp_path / "built").exists()


def test_a_yes_closes_all_that_read_it(site: Path, tmp_path: Path, environ: dict[str, str]) -> None:
    """`make site` and `publish` write the closed form for a yes, whatever white space is around it."""
    published = tmp_path / "published"
    shutil.copytree(site, published)
    assert closing(" yes\n", published, tmp_path, environ) == [(0, "")] * 3
    for folder in (tmp_path / "built", published):
        assert CLOSED in (folder / "refer" / "myself" / "index.html").read_text(encoding="utf-8")
