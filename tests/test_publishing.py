"""Publishing: only what is used, compressed twins, the same bytes each time, and files that servers can use."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Final

import brotli  # type: ignore[import-untyped] # it ships no types
import pytest

from referral_function.web.publishing import publish
from tests.project_copies import PHONE, copy_content
from website.build.host_files import write_host_files
from website.build.minify_css import minify_css
from website.build.prune_unused import prune_unused
from website.build.site import BuildError, build, render_pages
from website.content.service_config import ServiceConfig

ROOT: Final = Path(__file__).resolve().parents[1]


def test_only_what_is_used_is_published(site: Path) -> None:
    """None of the theme's own scripts, stylesheets and pictures is in the folder, which stays small."""
    names = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert not {name for name in names if "material" in name or "javascripts" in name or "stylesheets" in name}
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 2_500_000


def test_what_is_not_used_is_dropped(tmp_path: Path) -> None:
    """A file that no page asks for goes; one that a page, a stylesheet or a shared link asks for stays."""
    for name in ("used.css", "font.woff2", "card.png", "stray.js", "deep/stray.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("a { src: url(font.woff2) }" if name == "used.css" else "", encoding="utf-8")
    page = (
        '<link href="used.css"><meta content="https://site.example/card.png"><a href="https://other.example/stray.js">'
    )
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    dropped = prune_unused(tmp_path.resolve(), "https://site.example/")
    assert [path.name for path in dropped] == ["stray.png", "stray.js"]
    assert {path.name for path in tmp_path.iterdir()} == {"index.html", "used.css", "font.woff2", "card.png"}


def test_compressed_twins_say_the_same(site: Path) -> None:
    """Each compressed twin holds the bytes of its file, and every page has both."""
    for page in site.rglob("*.html"):
        plain = page.read_bytes()
        assert brotli.decompress(page.with_name(page.name + ".br").read_bytes()) == plain
        assert gzip.decompress(page.with_name(page.name + ".gz").read_bytes()) == plain


def test_the_same_bytes_each_time(site: Path, tmp_path: Path) -> None:
    """Building again gives the same files with the same bytes, and publishing again changes nothing."""

    def contents(folder: Path) -> dict[str, bytes]:
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    first = contents(site)
    build(ROOT, tmp_path / "again")
    assert contents(tmp_path / "again") == first
    publish(tmp_path / "again")
    assert contents(tmp_path / "again") == first


def test_a_warning_of_the_generator_is_an_error(tmp_path: Path) -> None:
    """The control of the strict build: pages with a link that leads nowhere are not built."""
    page = copy_content(tmp_path) / "docs" / "contact.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n[Gone](gone.md)\n", encoding="utf-8")
    with pytest.raises(BuildError):
        render_pages(tmp_path, tmp_path / "site")


def test_headers_are_written_down(site: Path) -> None:
    """The headers of every path stand in one file, with the policy, and the search page alone may run WebAssembly."""
    headers = json.loads((site / "headers.json").read_text(encoding="utf-8"))
    assert set(headers) == {"/*", "/search/*", "/admin/*"}
    for pattern, fields in headers.items():
        assert "default-src 'none'" in fields["Content-Security-Policy"]
        assert ("wasm-unsafe-eval" in fields["Content-Security-Policy"]) is (pattern == "/search/*")
        assert fields["Referrer-Policy"] == "no-referrer"
        assert "max-age" in fields["Strict-Transport-Security"]
        assert ("api.github.com" in fields["Content-Security-Policy"]) is (pattern == "/admin/*")
        assert ("X-Robots-Tag" in fields) is (pattern == "/admin/*")
        assert fields["Cache-Control"] == ("no-cache" if pattern == "/admin/*" else "max-age=60, public")


def test_servers_get_what_they_can_read(site: Path, tmp_path: Path) -> None:
    """Each kind of server gets every header and every old address; nothing of it lies in the published folder."""
    headers = json.loads((site / "headers.json").read_text(encoding="utf-8"))
    redirects = ServiceConfig.read(ROOT).extra["redirects"]
    write_host_files(tmp_path, headers, redirects, ["about", "search"], PHONE)
    said = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert set(said) == {"Caddyfile", "headers.caddy", "unavailable.caddy", "nginx.conf", "_headers", "_redirects"}
    assert f"Or call us on {PHONE}." in said["unavailable.caddy"]
    for name in ("headers.caddy", "nginx.conf", "_headers"):
        assert all(
            field in said[name] and value in said[name]
            for place in headers
            for field, value in headers[place].items()
            if (name, place) != ("_headers", "/*")
        )
    for name in ("Caddyfile", "nginx.conf", "_redirects"):
        assert all(old.removesuffix("*") in said[name] and new in said[name] for old, new in redirects.items())
    assert not {path.name for path in site.iterdir()} & set(said)


def test_servers_lead_on_with_and_without_a_last_slash(tmp_path: Path) -> None:
    """As the function does; an address that is the page itself leads nowhere else."""
    write_host_files(
        tmp_path,
        {"/*": {"Content-Security-Policy": "default-src 'none'"}},
        {"/help": "/contact/", "/a/": "/b/", "/news": "/news/"},
        [],
        PHONE,
    )
    lines = (tmp_path / "_redirects").read_text(encoding="utf-8").splitlines()
    assert lines[1:] == ["/help /contact/ 301", "/help/ /contact/ 301", "/a /b/ 301", "/a/ /b/ 301", "/news /news/ 301"]
    for name, wanted in {
        "Caddyfile": "\tredir /help/ /contact/ permanent",
        "nginx.conf": "location = /a { return 301 /b/; }",
    }.items():
        assert wanted in (tmp_path / name).read_text(encoding="utf-8").splitlines()


def test_joined_policies_stay_strict(site: Path, tmp_path: Path) -> None:
    """Where a host joins the policies of all patterns that match, a text page still has the strict one among them."""
    headers = json.loads((site / "headers.json").read_text(encoding="utf-8"))
    write_host_files(tmp_path, headers, {}, ["about", "search"], PHONE)
    blocks = (tmp_path / "_headers").read_text(encoding="utf-8").split("\n/")
    own = {block.split("\n")[0]: block for block in blocks}
    assert headers["/*"]["Content-Security-Policy"] in own["about/*"]
    assert headers["/search/*"]["Content-Security-Policy"] in own["search/*"]


def test_braces_of_nginx_and_caddy_close(site: Path, tmp_path: Path) -> None:
    """The files for nginx and Caddy open as many blocks as they close, and quote what has quotes or blanks."""
    headers = json.loads((site / "headers.json").read_text(encoding="utf-8"))
    write_host_files(
        tmp_path, headers | {"/odd/*": {**headers["/*"], "Clear-Site-Data": '"cache"'}}, {"/old": "/new/"}, [], PHONE
    )
    for name in ("headers.caddy", "nginx.conf"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert text.count("{") == text.count("}")
        assert '"\\"cache\\""' in text


def test_stylesheets_lose_only_what_we_read(site: Path) -> None:
    """A stylesheet travels without comments and indentation, and with every one of its rules."""
    assert minify_css(
        "/* why */\na > b,\na :not(c) {\n  --ink: red;\n  color: var(--ink);\n  margin: 0 auto;\n}\n"
    ) == ("a>b,a :not(c){--0:red;color:var(--0);margin:0 auto}")
    source = (ROOT / "site_overrides" / "assets" / "site.css").read_text(encoding="utf-8")
    travelled = (site / "assets" / "site.css").read_text(encoding="utf-8")
    assert travelled.count("{") == re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL).count("{")
    assert travelled.count("}") == travelled.count("{")
