"""What the service gives to whoever asks: pages, and the way to report a weakness; nothing else behind any address."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.asvs import ROOT
from tests.security.conftest import Browsing
from website.build.security_txt import write_security_txt

SERVED = {
    ".html",
    ".css",
    ".js",
    ".svg",
    ".png",
    ".ico",
    ".woff2",
    ".txt",
    ".xml",
    ".json",
    ".br",
    ".gz",
    ".pdf",
    ".docx",
    ".odt",
    ".webp",
    ".jpg",
}
SERVED |= {".wasm", ".pagefind", ".pf_meta", ".pf_index", ".pf_fragment"}


def test_security_txt_is_there_and_has_not_expired(site: Path, browsing: Browsing) -> None:
    """RFC 9116: a contact and one date of expiry within a year, served as plain text, without anything to open."""
    answer = browsing().get("/.well-known/security.txt")
    assert answer.headers["Content-Type"].replace('"', "") == "text/plain; charset=utf-8"
    lines = dict(line.split(": ", 1) for line in answer.text.splitlines() if ": " in line and line[0] != "#")
    assert lines["Contact"].startswith("https://")
    expires = datetime.fromisoformat(lines["Expires"])
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=366)
    assert (site / ".well-known" / "security.txt").is_file()


@pytest.mark.parametrize("month", range(1, 13))
def test_a_new_build_renews_the_date(tmp_path: Path, month: int) -> None:
    """In every month the date is at least ten months and at most a year ahead."""
    today = date(2027, month, 28)
    write_security_txt(tmp_path, "https://site.example/", today)
    text = (tmp_path / ".well-known" / "security.txt").read_text("utf-8")
    found = re.search(r"Expires: (\S+)T", text)
    assert found
    assert timedelta(days=300) < date.fromisoformat(found[1]) - today < timedelta(days=365)


STRAY = [
    ".git/config",
    ".env",
    ".git/HEAD",
    "var/keys.env",
    "keys.env",
    "mkdocs.yml",
    "service.yml",
    "pyproject.toml",
    "Makefile",
    "sbom.json",
    "headers.json",
    "service.json",
    "outbox.db",
    ".well-known/",
    "assets/",
    "admin",
    "debug",
    "console",
    "server-status",
    "openapi.json",
    "metrics",
    "..%2f..%2fetc/passwd",
    "%2e%2e/var/keys.env",
    "refer/..%2f..%2fpyproject.toml",
    "index.html.bak",
    "index.php",
]


@pytest.mark.asvs("13.4.1", "13.4.2", "13.4.3", "13.4.5", "14.2.5", "15.2.3")
@pytest.mark.parametrize("path", STRAY)
def test_nothing_else_is_served(browsing: Browsing, path: str) -> None:
    """No repository, settings, keys, listing, debugger, documentation or monitor is behind any guessed address."""
    answer = browsing().get("/" + path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


@pytest.mark.asvs("13.4.7", "15.2.3")
def test_only_files_of_known_kinds_are_published(site: Path) -> None:
    """Every published file is of a kind that a reader needs; none is source, map, key or database."""
    files = [path for path in site.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= SERVED
    assert [path for path in files if path.suffix not in {".br", ".gz"} and b"PRIVATE KEY" in path.read_bytes()] == []


@pytest.mark.asvs("8.3.1", "15.3.1", "14.2.6")
def test_no_address_gives_a_referral_back(browsing: Browsing) -> None:
    """The program has these addresses and no other; none of them reads what is stored."""
    front: Any = browsing().application
    rules = {rule.rule for rule in front.url_map.iter_rules()}
    assert rules == {
        "/",
        "/<path:path>",
        "/referral/",
        "/referral/<slug>/",
        "/referral/<path:path>/",
        "/referral/sent/",
        "/referral/clear-cache.gif",
        "/referral/livez",
        "/referral/readyz",
        "/referral/status",
        "/referral/metrics",
        "/referral/drain",
    }
    reference = (ROOT / "handbook" / "reference.md").read_text("utf-8")
    assert [rule for rule in sorted(rules) if f"`{rule}`" not in reference] == []
