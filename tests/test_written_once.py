"""What may change about the service stands once: the area, the telephone number, a criterion, and values that are empty."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import yaml  # type: ignore[import-untyped] # it ships no types

from referral_function import compose
from referral_function.asking.questions import Route
from referral_function.deciding.decision import CRITERIA
from referral_function.settings.settings import Settings
from tests.examples import a_referral
from tests.page_checks import check_page
from tests.project_copies import PHONE, ROOT, copy_content, copy_project
from tests.referrer import Browser, Referrer
from website.build.site import build
from website.check.config_schema import REQUIRED
from website.check.paraphrases import check_paraphrases
from website.content.service_config import ServiceConfig

CODE: Final = ("referral_function", "website", "dev", "site_overrides", "deploy")
DATA: Final = {"outcodes.csv", "area.py", "package-lock.json"}
"""The table of postcodes, the one module that names the area, and names of packages."""
GENERATED: Final = {"__pycache__", "node_modules", "generated"}


def repetitions(root: Path) -> list[str]:
    """Return each line of the code, the theme and the files for hosts that repeats the area or the telephone number."""
    digits = r"[ \xa0]?".join(PHONE.replace(" ", "").removeprefix("0"))
    repeated = re.compile(rf"Kent\b|Medway|{digits}")
    files = [path for folder in CODE for path in sorted((root / folder).rglob("*")) if path.is_file()]
    return [
        f"{path.relative_to(root)}: {line.strip()}"
        for path in files
        if path.name not in DATA and not GENERATED & {*path.parts}
        for line in path.read_text(encoding="utf-8").splitlines()
        if repeated.search(line)
    ]


def test_the_area_and_the_number_stand_once() -> None:
    """No module, template or file for a host names the area or the telephone number: they read it from the data."""
    assert repetitions(ROOT) == []


def test_a_repetition_is_found(tmp_path: Path) -> None:
    """The control: a number however it is spaced, and either half of the area, are found in each folder."""
    for folder, text in zip(
        CODE, (PHONE, f"+44{PHONE.replace(' ', '')[1:]}", "Kent", "Medway", "Kent & Medway"), strict=True
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "file").write_text(f"Kentish\n{text}\n", encoding="utf-8")
    assert [found.partition("/")[0] for found in repetitions(tmp_path)] == list(CODE)


EMPTY: Final = re.compile(r"\bNone\b(?! of these| known)|\bnull\b|\bundefined\b|\{\{")


def shown_as_empty(html: str) -> list[str]:
    """Return the words of a page by which a reader sees that a value is empty."""
    return EMPTY.findall(re.sub(r"<[^>]*>", " ", html.partition("</head>")[2]))


def test_every_optional_value_may_be_empty_at_once(tmp_path: Path, environ: dict[str, str]) -> None:
    """With every optional value of the service empty, no page and no answer of the form shows that something is missing."""
    project = copy_content(tmp_path)
    path = project / "service.yml"
    text = path.read_text(encoding="utf-8")
    optional = ServiceConfig.read(project).extra["service"].keys() - set(REQUIRED)
    text = re.sub(rf"(?m)^    ({'|'.join(optional)}):.*$", r"    \1: null", text)
    text = re.sub(r"(?m)^      (phone|url):.*$", r"      \1: null", text)
    path.write_text(text, encoding="utf-8")
    assert not any(yaml.safe_load(text)["extra"]["service"][key] for key in optional)
    site = tmp_path / "built"
    build(project, site)
    pages = {page.relative_to(site).as_posix(): page.read_text(encoding="utf-8") for page in site.rglob("*.html")}
    assert {name: shown for name, html in pages.items() if (shown := shown_as_empty(html))} == {}
    settings = Settings.read(environ | {"REFERRAL_SITE": str(site), "REFERRAL_DRAIN": "off"})
    referrer = Referrer(Browser(compose.application(settings)), lambda _seconds: None)
    for route in Route:
        complete = a_referral(route)
        for posted, action in (
            (complete, "review"),
            (complete, "check"),
            ({}, "review"),
            (a_referral(route, area_link="none"), "review"),
        ):
            answer = referrer.posts(route, posted, action)
            check_page(answer.text)
            assert shown_as_empty(answer.text) == []


def test_an_empty_value_that_is_shown_is_found() -> None:
    """The control: what Python, JavaScript and a template that was not filled in show is found; an answer is not."""
    assert len(shown_as_empty("</head><p>Calls are free. None</p><p>null {{phone}}</p>")) == 3
    assert shown_as_empty("</head><p>None of these is in the area</p>") == []


NO_LIMIT: Final = next(criterion.statement for criterion in CRITERIA if criterion.code == "time")
LIMIT: Final = "There is a time limit of ten years."


def test_a_changed_criterion_names_every_line_that_says_otherwise(tmp_path: Path) -> None:
    """With a time limit in the code, `make content` names each page and each question that still says that there is none."""
    project = copy_project(tmp_path)
    eligibility = project / "referral_function" / "deciding" / "eligibility.py"
    eligibility.write_text(eligibility.read_text(encoding="utf-8").replace(NO_LIMIT, LIMIT), encoding="utf-8")
    command = [sys.executable, "-m", "website.check", "--refresh"]
    ran = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    places = [*(project / "docs").rglob("*.md"), *(project / "referral_function").glob("[ad]*ing/**/*.py")]
    otherwise = [
        f"{path.relative_to(project)}, line {number}: “{NO_LIMIT}” is no longer a criterion"
        for path in places
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search("no time limit|no time restrictions|decades", line)
        if LIMIT not in line and path.name != "what-we-ask.md"  # generated: it follows the question
    ]
    assert len(otherwise) > 5
    assert [line for line in otherwise if line not in ran.stdout] == []
    assert f"“{LIMIT}” is a new criterion. When every line agrees with it, write it here in place" in ran.stdout


def test_what_is_generated_is_not_named_and_the_new_sentence_ends_it(tmp_path: Path) -> None:
    """Lines that follow the code by themselves are no findings; nor is anything, once the table has each criterion."""
    page = tmp_path / "docs" / "page.md"
    page.parent.mkdir()
    section = f"<!-- from the code: criteria -->\n\n- {LIMIT}\n\n<!-- /from the code -->\n"
    page.write_text(f"{section}\nIt can be decades ago.\n", encoding="utf-8")
    statements = [criterion.statement for criterion in CRITERIA]
    assert list(check_paraphrases(tmp_path, statements)) == []
    changed = [LIMIT if statement == NO_LIMIT else statement for statement in statements]
    found = [(finding.path, finding.line) for finding in check_paraphrases(tmp_path, changed)]
    assert found == [("docs/page.md", 7), ("website/check/paraphrases.py", 0)]
