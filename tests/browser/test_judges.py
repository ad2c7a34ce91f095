"""What others say of the built pages: the Nu HTML checker and Lighthouse."""

from __future__ import annotations

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import pytest

from tests.browser import lighthouse
from tests.browser.states import STATES
from tests.external_tools import exclusive
from tests.node import NotInstalledError, installed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.browser_sessions import NewReferrer
    from tests.browser.running import Service

BAD: Final = (
    ('lang="en-GB"', ""),
    ('<meta name="description"', '<meta name="other"'),
    ("<h1", '<img src="/assets/mark.svg"><script>document.title</script><h1'),
)


@pytest.fixture(scope="module")
def modules() -> Path:
    """Install both, or name the tests as skipped with the reason."""
    try:
        return installed(lighthouse.JUDGES)
    except NotInstalledError as error:
        pytest.skip(str(error))


def nu(modules: Path, *pages: Path) -> list[str]:
    """Give each error and each warning of the Nu HTML checker."""
    jar = str(modules / "vnu-jar" / "build" / "dist" / "vnu.jar")
    command = ["java", "-jar", jar, "--format", "gnu", "--skip-info-messages", "--skip-non-html", "--stdout"]
    done = subprocess.run([*command, *map(str, pages)], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.needs("npm")
def test_what_cannot_be_installed_is_said(tmp_path: Path) -> None:
    """Where npm cannot install what a lock file names, one sentence says so."""
    (tmp_path / "package.json").write_text('{"dependencies": {"left-out": "1.0.0"}}', encoding="utf-8")
    (tmp_path / "package-lock.json").write_text('{"lockfileVersion": 3, "packages": {}}', encoding="utf-8")
    with pytest.raises(NotInstalledError, match="npm could not install what"):
        installed(tmp_path)


@pytest.mark.needs("npm")
def test_what_another_worker_installs_is_not_installed_again(tmp_path: Path) -> None:
    """`npm ci` would first remove what that worker already uses."""
    (tmp_path / "package-lock.json").write_text("no lock file that npm can read", encoding="utf-8")
    with ThreadPoolExecutor() as pool:
        with exclusive("npm"):
            waits = pool.submit(installed, tmp_path)
            with pytest.raises(TimeoutError):
                waits.result(0.2)
            (tmp_path / "node_modules").mkdir()
            (tmp_path / "node_modules" / ".package-lock.json").write_text("{}", encoding="utf-8")
        assert waits.result() == tmp_path / "node_modules"


@pytest.mark.needs("java", "npm")
def test_nu_says_nothing_of_the_pages(modules: Path, site: Path) -> None:
    """The Nu HTML checker has no error and no warning for any page of the site."""
    assert nu(modules, site) == []


@pytest.mark.browser
@pytest.mark.needs("java", "npm")
def test_nu_says_nothing_of_the_states(
    modules: Path, installation: Callable[[str], Service], new_referrer: NewReferrer, tmp_path: Path
) -> None:
    """The Nu HTML checker has no error and no warning for any state of the journey."""
    for name, (arrives, _state) in STATES.items():
        somebody = arrives(new_referrer(installation(name), javascript=False))
        assert somebody.answer is not None
        (tmp_path / f"{name}.html").write_text(somebody.answer.text(), encoding="utf-8")
    assert len(list(tmp_path.iterdir())) == len(STATES)
    assert nu(modules, tmp_path) == []


@pytest.mark.needs("java", "npm")
def test_nu_sees_a_bad_page(modules: Path, site: Path, tmp_path: Path) -> None:
    """The control: a picture without words, a tag in the wrong place, and a language that is not there are each named."""
    page = (site / "contact" / "index.html").read_text(encoding="utf-8")
    bad = page.replace("<h1", '<img src="a.png"><p><h2>b</h2></p><h1').replace('lang="en-GB"', "")
    (tmp_path / "bad.html").write_text(bad, encoding="utf-8")
    said = "\n".join(nu(modules, tmp_path))
    assert ["“alt”" in said, "No “p” element in scope" in said, "“lang" in said] == [True, True, True]


@pytest.mark.browser
@pytest.mark.needs("npm")
@pytest.mark.usefixtures("modules")
def test_lighthouse_has_no_wish_left(chromium_path: str, site: Path) -> None:
    """On six pages accessibility, best practice and SEO are 100 of 100, and nothing moves while the page loads."""
    best = {"accessibility": 100, "best-practices": 100, "seo": 100, "moved": 0}
    assert lighthouse.judge(chromium_path, site) == dict.fromkeys(lighthouse.PAGES, best)


@pytest.mark.browser
@pytest.mark.needs("npm")
@pytest.mark.usefixtures("modules")
def test_lighthouse_sees_a_bad_page(
    chromium_path: str, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a page without language and description, with a script that is refused, loses points for each."""
    bad = tmp_path / "site"
    shutil.copytree(site, bad, ignore=shutil.ignore_patterns("*.br", "*.gz"))
    page = (bad / "index.html").read_text(encoding="utf-8")
    for change in BAD:
        assert change[0] in page
        page = page.replace(*change)
    (bad / "index.html").write_text(page, encoding="utf-8")
    monkeypatch.setattr(lighthouse, "PAGES", ("/",))
    ((_page, scores),) = lighthouse.judge(chromium_path, bad).items()
    assert [name for name in ("accessibility", "best-practices", "seo") if scores[name] == 100] == []
