"""The content check: run every rule and sort the findings."""

import re
from datetime import date
from pathlib import Path
from typing import Final

from referral_function.asking.questions import Route
from referral_function.deciding.decision import CRITERIA
from referral_function.papers.office import FORMATS
from referral_function.papers.paper import paper_form
from website.check.config_schema import check_config_shape
from website.check.contact_details import check_contact_details, check_service_facts
from website.check.front_matter import check_duplicates, check_front_matter
from website.check.line_ends import check_line_ends
from website.check.links import check_links
from website.check.media import check_media
from website.check.on_duty import check_on_duty
from website.check.paraphrases import check_paraphrases
from website.check.pdf_files import check_pdf_files, check_pdf_links
from website.check.personal_names import check_personal_names
from website.check.picture_files import FILE_NAME, check_file_names, check_picture_files
from website.check.placeholders import check_placeholders
from website.check.raw_markdown import check_raw_markdown
from website.check.redirects import check_redirects
from website.check.rendered import check_rendered
from website.check.service_details import check_reachable, check_service_details, check_unlisted_services
from website.check.spelling import check_spelling
from website.check.wording import check_open_blocks, check_wording
from website.content.build_settings import check_build_settings
from website.content.pages import LEAFLETS, Finding, Page, read_page
from website.content.rendering import render
from website.content.service_config import SITE_FILE, ConfigError, ServiceConfig

REMIND_FROM: Final = date(2027, 2, 1)
"""Three months before Material for MkDocs ends (handbook/decisions/0013-material-until-2027.md)."""


def check(root: Path, today: date) -> list[Finding]:
    """Return all findings about the project in `root`, sorted by path and line."""
    try:
        if unsafe := list(check_build_settings(root)):
            return unsafe
        config = ServiceConfig.read(root)
    except ConfigError as error:
        return [error.finding]
    if wrong_shape := list(check_config_shape(config)):
        return wrong_shape
    read = [read_page(root, path) for path in sorted((root / "docs").rglob("*.md"))]
    pages = [page for page in read if isinstance(page, Page) and FILE_NAME.fullmatch(page.path)]
    findings = [finding for finding in read if isinstance(finding, Finding)]
    try:
        generated = _paper_forms(config)
        site = render(root, pages, generated)
    except ConfigError as error:
        return [error.finding]
    text = "\n".join(line for page in pages for line in page.lines)
    body = "\n".join(line for page in pages for _number, line in page.body())
    ordinary_words = frozenset(re.findall(r"\b[a-z]+\b", body))
    for page in pages:
        findings += check_front_matter(page, config, today)
        findings += check_line_ends(page, root)
        findings += check_wording(page)
        findings += check_spelling(page)
        findings += check_links(page, site)
        findings += check_media(page, root)
        open_blocks = list(check_open_blocks(page))
        # What stands in an open block is no Markdown at all.
        findings += open_blocks or check_raw_markdown(page, site.pages[page.path])
        findings += check_contact_details(page, config)
        findings += check_service_facts(page, config)
        findings += check_personal_names(page, site.pages[page.path], config, ordinary_words)
        findings += check_placeholders(page)
        findings += check_reachable(page, config)
        findings += check_rendered(page, site, config)
        findings += check_pdf_links(root, page, site.pages[page.path], generated)
    findings += check_duplicates(pages)
    findings += check_service_details(config, site, today)
    findings += check_redirects(config, site)
    findings += check_unlisted_services(config, text)
    findings += check_paraphrases(root, [criterion.statement for criterion in CRITERIA])
    findings += check_file_names(root)
    findings += check_picture_files(root, generated)
    findings += check_pdf_files(root, generated)
    findings += check_on_duty(root)
    if today >= REMIND_FROM:
        sentence = "Material for MkDocs, which builds the pages, ends on 5 May 2027. Ask somebody technical to move to Zensical."
        findings.append(Finding(path=SITE_FILE, line=0, sentence=sentence, advice=True))
    return sorted(set(findings), key=lambda finding: (finding.path, finding.line, finding.sentence))


def _paper_forms(config: ServiceConfig) -> frozenset[str]:
    """Return the paths of the forms on paper, the leaflet and the card, which the build writes."""
    service = {key: value or "" for key, value in config.service.items()}
    forms = (paper_form(route, service).file_name for route in Route)
    files = [*LEAFLETS, *(f"{form}.{extension}" for form in forms for extension in FORMATS)]
    return frozenset(f"docs/downloads/{name}" for name in files)


def report(findings: list[Finding]) -> str:
    """Format the findings for an editor: what has to be mended first, then the advice."""
    mend = [f"{finding}\n" for finding in findings if not finding.advice]
    advice = [f"{finding}\n" for finding in findings if finding.advice]
    text = "".join(mend)
    if advice:
        text += f"{text and chr(10)}Advice, which stops nothing:\n{''.join(advice)}"
    how_many = f"{len(mend)} to mend" if mend else "Nothing to mend"
    return f"{text}\n{how_many}, {len(advice)} to think about.\n"
