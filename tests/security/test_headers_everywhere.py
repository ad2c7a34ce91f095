"""The security headers on what machines and the operator ask, on every file, and a matrix that is complete."""

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from referral_function import compose
from referral_function.sending.sqlite import SqliteOutbox
from referral_function.settings.settings import Settings
from tests.referrer import Browser
from tests.security.conftest import Browsing
from tests.security.test_headers import SENT, STATUSES, Ask, get, missing

NOT_SERVED = ("/headers.json", "/service.json", "/404.html")
TOKEN_TEXT = "an invented token of the operator 0123456789"
TOKEN = {"Authorization": f"Bearer {TOKEN_TEXT}"}


def closed(_outbox: SqliteOutbox) -> Any:
    """Be a storage that cannot be opened."""
    raise sqlite3.OperationalError


OPERATOR: dict[str, tuple[int, Ask]] = {
    "the status": (200, get("/referral/status", **TOKEN)),
    "a drain": (200, get("/referral/drain", "POST", **TOKEN)),
    "the status, without a token": (401, get("/referral/status")),
    "a drain, with another token": (401, get("/referral/drain", "POST", Authorization="Bearer another")),
    "a status by another method": (405, get("/referral/status", "DELETE", **TOKEN)),
    "a status without storage": (503, get("/referral/status", **TOKEN)),
    "not ready": (503, get("/referral/readyz")),
}


@pytest.mark.asvs("3.4.1", "3.4.3", "3.4.4", "14.3.2")
@pytest.mark.parametrize("name", OPERATOR)
def test_the_operators_answers_carry_them_too(
    settings: Settings, parts: compose.Runtime, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What machines and the operator ask has the same headers, whether they are let in, refused or alarmed."""
    status, ask = OPERATOR[name]
    if status == 503:
        monkeypatch.setattr(SqliteOutbox, "_connect", closed)
    drain_lock = replace(parts, delivery=compose.make_delivery(settings, parts.outbox))
    browser = Browser(compose.application(replace(settings, operator_token=TOKEN_TEXT), drain_lock))
    answer = ask(browser, "https://localhost")
    assert answer.status_code == status
    assert missing(answer, "/referral/") == []


def test_every_status_is_tried() -> None:
    """The matrix is complete: each status that the program can answer is in one of the tables of the headers."""
    tried = {status for status, *_ in (*STATUSES.values(), *OPERATOR.values())} | set(SENT)
    assert tried >= {200, 303, 400, 401, 403, 404, 405, 413, 415, 422, 429, 500, 503}


@pytest.mark.asvs("3.4.3", "3.4.4", "3.4.5", "3.4.6", "4.1.1")
def test_every_file_of_the_site_carries_them(site: Path, browsing: Browsing) -> None:
    """Every page, picture, script and document that is published has every header, also when asked for by its head."""
    browser = browsing()
    files = [path for path in site.rglob("*.*") if path.is_file()]
    paths = [f"/{path.relative_to(site).as_posix()}".removesuffix("index.html") for path in files]
    paths = [path for path in paths if not path.endswith((".br", ".gz")) and path not in NOT_SERVED]
    assert len(paths) > 100
    wrong: dict[str, list[str]] = {}
    for path in paths:
        answer = browser.head(path, base_url="https://localhost")
        assert answer.status_code == 200, path
        wrong |= {path: found} if (found := missing(answer, path)) else {}
    assert wrong == {}
