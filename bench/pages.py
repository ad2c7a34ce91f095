"""Pages: bytes and requests of a cold first view in a real browser, and what Lighthouse says; beside other sites."""

import gzip
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from playwright.sync_api import Browser, Request, Route, sync_playwright

from bench import generators
from bench.generators import MATERIAL, OUR_SITE, STARLIGHT, Job
from bench.measure import Figure, environ
from bench.places import FOLDER, MODULES, NODE, ROOT, npm_peers, say
from bench.questions import PATH
from bench.report import Section, Table
from referral_function.web.publishing import compress
from tests.browser.chromium import find, get
from tests.browser.serving import served

GOVUK = "GOV.UK Frontend"
FORM = "this site, a form page"
_UNEQUAL = [
    f"{MATERIAL} and {STARLIGHT} show our home page from the same Markdown, without our templates: the same words, no lead.",
    f"{MATERIAL} asks Google for its fonts: the same files from npm are given in Google's place, and counted.",
    f"{GOVUK}: our home page's words in its page template, with its whole stylesheet, script and fonts, as its guide shows.",
    "Every text file of every site was compressed with brotli at its best; no other peer does that by itself.",
    (
        "Lighthouse: mobile, its simulated slow network, once each. On a busy machine it sees more blocking time than there "
        "is. It takes a point of SEO from us because it asks for robots.txt "
        "from inside the page, which our content security policy does not let any script do."
    ),
]
_TEMPLATE = """<!DOCTYPE html><html lang="en" class="govuk-template govuk-template--rebranded"><head><meta charset="utf-8">
<title>Home</title><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<link rel="icon" href="/assets/images/favicon.svg"><link rel="manifest" href="/assets/manifest.json">
<link rel="stylesheet" href="/govuk-frontend.min.css"></head><body class="govuk-template__body">
<script>document.body.className += ' js-enabled govuk-frontend-supported'</script>
<a href="#main" class="govuk-skip-link" data-module="govuk-skip-link">Skip to main content</a>
<div class="govuk-width-container"><main class="govuk-main-wrapper" id="main">{main}</main></div>
<footer class="govuk-footer"><div class="govuk-width-container"></div></footer>
<script type="module">import {{ initAll }} from '/govuk-frontend.min.js'; initAll()</script></body></html>
"""


def measure(_rounds: int) -> Section:
    """Weigh each home page and a form page of ours, and let Lighthouse judge them."""
    section = Section(title="Pages", unequal=_UNEQUAL)
    chromium = find() or get()
    if not chromium:
        section.missing.append("Pages: no Chromium was found, and none could be installed.")
        return section
    sites = {OUR_SITE: FOLDER / "site", FORM: FOLDER / "site", MATERIAL: _built(MATERIAL)}
    if npm_peers():
        section.missing.append("GOV.UK Frontend, Starlight, Lighthouse: see npm.")
    else:
        sites |= {STARLIGHT: _built(STARLIGHT), GOVUK: _govuk()}
    rows, weights = [], {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, site in sites.items():
            say(f"  {name} ...")
            path = f"/{PATH.removesuffix('index.html')}" if name == FORM else "/"
            with served(site) as address:
                sizes = _weigh(browser, address + path)
                judged = "–" if npm_peers() else _lighthouse(address + path, chromium)
            weights[name] = sum(sizes) / 1000
            rows.append([name, f"{weights[name]:.1f} kB", str(len(sizes)), judged])
        browser.close()
    header = ["", "first view, brotli", "requests", "Lighthouse"]
    section.tables.append(Table(title="A cold first view", header=header, rows=rows))
    section.figures["home page in kB"] = Figure.of([weights[OUR_SITE]])
    for name in weights.keys() - {OUR_SITE, FORM}:
        section.figures[f"home page / {name}"] = Figure.of([weights[OUR_SITE] / weights[name]])
    return section


def _built(name: str) -> Path:
    """Build a peer's site from our own Markdown."""
    job = generators.prepare(name, 0)
    docs = job.folder / ("src/content/docs" if name == STARLIGHT else "docs")
    shutil.copytree(ROOT / "docs", docs, dirs_exist_ok=True, ignore=shutil.ignore_patterns("downloads"))
    for page in docs.rglob("*.md"):
        page.write_text(re.sub(r"^template: .*\n", "", page.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    _run(job)
    return _published(job.site)


def _run(job: Job) -> None:
    ran = subprocess.run(job.command, cwd=job.folder, env=environ(**job.environ), capture_output=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"It did not build: {ran.stderr.decode()[-2000:]}{ran.stdout.decode()[-2000:]}")


def _govuk() -> Path:
    """Put the words of our home page into the page template of GOV.UK Frontend."""
    site, package = FOLDER / "builds" / "govuk", MODULES / "govuk-frontend" / "dist" / "govuk"
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(package / "assets", site / "assets")
    for name in ("govuk-frontend.min.css", "govuk-frontend.min.js"):
        shutil.copy(package / name, site / name)
    found = re.search(r"<main\b[^>]*>(.*)</main>", (FOLDER / "site" / "index.html").read_text("utf-8"), re.DOTALL)
    main = re.sub(r"<(h1|h2|h3|p|ul|a)\b[^>]*?(href=\S+?)?>", _classed, found[1] if found else "")
    (site / "index.html").write_text(_TEMPLATE.format(main=main), "utf-8")
    return _published(site)


def _classed(tag: re.Match[str]) -> str:
    names = {"h1": "heading-xl", "h2": "heading-l", "h3": "heading-m", "p": "body", "ul": "list", "a": "link"}
    return f'<{tag[1]} class="govuk-{names[tag[1]]}" {tag[2] or ""}>'


def _published(site: Path) -> Path:
    """Add what a good host needs: compressed twins, and a page for what is not there."""
    compress(site)
    (site / "headers.json").write_text('{"/*": {"Cache-Control": "max-age=600"}}', "utf-8")
    if not (site / "404.html").exists():
        (site / "404.html").write_text("<!doctype html><title>Not found</title>", "utf-8")
    return site


def _weigh(browser: Browser, address: str) -> list[int]:
    """Open a page for the first time and give the bytes of each answer as they travelled."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    ours: list[int] = []
    page.route(re.compile(r"^https://fonts\."), lambda route: ours.append(_google(route)))
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))  # noqa: PLW0108 - Playwright asks for a function
    page.goto(address, wait_until="networkidle")
    sizes = [each.sizes()["responseBodySize"] for each in finished if not each.url.startswith("https:")]
    page.close()
    return sizes + ours


def _google(route: Route) -> int:
    """Answer in the place of Google Fonts with the same files from npm, and give the bytes that travel."""
    package = MODULES / "@fontsource"
    if route.request.url.startswith("https://fonts.googleapis.com/"):
        weights = {"roboto-mono": ["400", "400-italic", "700", "700-italic"]}
        weights["roboto"] = ["300", "300-italic", *weights["roboto-mono"]]
        styles = [(name, package / name / f"{weight}.css") for name in weights for weight in weights[name]]
        text = "".join(
            path.read_text("utf-8").replace("url(./", f"url(https://fonts.gstatic.com/{name}/") for name, path in styles
        )
        route.fulfill(body=text, content_type="text/css", headers={"Access-Control-Allow-Origin": "*"})
        return len(gzip.compress(text.encode()))
    path = package / route.request.url.removeprefix("https://fonts.gstatic.com/")
    route.fulfill(body=path.read_bytes(), content_type="font/woff2", headers={"Access-Control-Allow-Origin": "*"})
    return path.stat().st_size


def _lighthouse(address: str, chromium: str) -> str:
    """Give the four scores, the first contentful paint and the total blocking time."""
    path = FOLDER / "lighthouse.json"
    path.unlink(missing_ok=True)
    flags = ["--quiet", "--output=json", f"--output-path={path}", "--chrome-flags=--headless=new --no-sandbox"]
    command = [str(NODE), str(MODULES / "lighthouse" / "cli" / "index.js"), address, *flags]
    log = FOLDER / "lighthouse.log"
    with log.open("wb") as said:
        known = environ(CHROME_PATH=os.environ.get("CHROMIUM", chromium))
        subprocess.run(command, env=known, stdout=said, stderr=said, check=False)
    if not path.exists():
        return "did not run"
    found = json.loads(path.read_text("utf-8"))
    scores = ", ".join(f"{each['title']} {round((each['score'] or 0) * 100)}" for each in found["categories"].values())
    times = {name: found["audits"][name]["displayValue"] for name in ("first-contentful-paint", "total-blocking-time")}
    return f"{scores}; FCP {times['first-contentful-paint']}, TBT {times['total-blocking-time']}"
