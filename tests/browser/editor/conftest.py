"""Fixtures of the editor's tests: a copy of the project, its site with the editor, and a browser on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.editor.cms_page_object import CmsEditor
from tests.browser.serving import served
from tests.external_tools import exclusive
from tests.project_copies import ROOT, copy_content
from website.build.site import build
from website.cms.editor import build_editor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Request


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what the site is made of."""
    return copy_content(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def edited_site(project: Path) -> Path:
    """Build the site of the copy, with the editor."""
    with exclusive("npm"):  # `npm ci` first removes what another worker is bundling
        editor = build_editor(ROOT, timeout=600)
    build(project, project / "site", editor=editor)
    return project / "site"


@pytest.fixture
def context(browser: Browser, edited_site: Path) -> Iterator[BrowserContext]:
    """Open a browser on the site with its editor, as its headers allow it."""
    with served(edited_site) as origin:
        opened = browser.new_context(
            base_url=origin, viewport={"width": 1280, "height": 1400}, locale="en-GB", service_workers="block"
        )
        yield opened
        opened.close()


@pytest.fixture
def asked(context: BrowserContext) -> list[str]:
    """Write down what the editor asks of the network, and what the browser does not let it do."""
    heard: list[str] = []

    def hear(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "blob:", "data:")):
            heard.append(request.url)

    context.on("request", hear)
    context.on("weberror", lambda error: heard.append(str(error.error)))
    context.on("console", lambda said: heard.append(said.text) if said.type in {"error", "warning"} else None)
    return heard


@pytest.fixture
def editor(context: BrowserContext, project: Path, asked: list[str]) -> CmsEditor:
    """Sit down at the editor."""
    assert asked == []
    return CmsEditor(context, project)
