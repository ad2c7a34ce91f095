"""The content check: every rule, on every page, in the order in which an editor would look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml  # type: ignore[import-untyped] # it ships no types

from referral_function.asking.questions import Route
from referral_function.papers.office import FORMATS
from referral_function.papers.paper import paper_form
from website.check.config_schema import look_at_shapes
from website.check.contact_details import look_for_other_facts, look_for_strangers
from website.check.front_matter import look_above, look_for_doubles
from website.check.links import Places, look_at_links
from website.check.personal_names import look_for_names
from website.check.picture_files import look_at_pictures
from website.check.placeholders import look_at_marks
from website.check.service_details import look_at_details, look_for_a_way_in, look_for_the_unnamed
from website.check.spelling import look_at_spelling
from website.check.wording import look_at_words
from website.content.pages import UNREADABLE, Finding, Page, read_page
from website.content.service_config import PLACE, About

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


def check(root: Path, today: date) -> list[Finding]:
    """Look at everything that an editor can change, and give what is not right, sorted by place."""
    try:
        about = About.read(root)
    except ValueError:
        return [Finding(place=PLACE, line=1, sentence=f"{UNREADABLE} Undo the last change to this file.")]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        mark = getattr(error, "problem_mark", None)
        sentence = "this file cannot be read from here on. Undo the last change to it."
        return [Finding(place=PLACE, line=mark.line + 1 if mark else 1, sentence=sentence)]
    if misshapen := list(look_at_shapes(about)):
        return misshapen
    read = [read_page(root, path) for path in sorted((root / "docs").rglob("*.md"))]
    pages = [one for one in read if isinstance(one, Page)]
    found = [one for one in read if isinstance(one, Finding)]
    places = Places.of(root, pages)
    made = _made(about)
    common = frozenset(re.findall(r"\b[a-z]+\b", "\n".join(line for page in pages for _n, line in page.words())))
    for page in pages:
        found += look_above(page, about, today)
        found += look_at_words(page)
        found += look_at_links(page, places, made)
        found += look_for_strangers(page, about)
        found += look_for_other_facts(page, about)
        found += look_for_names(page, about, common)
        found += look_at_marks(page)
        found += look_for_a_way_in(page, about)
    found += look_for_doubles(pages)
    found += look_at_details(about, places, today)
    found += look_for_the_unnamed(about, "\n".join(line for page in pages for line in page.lines))
    found += look_at_pictures(root)
    found += look_at_spelling(root)
    return sorted(found, key=lambda one: (one.place, one.line, one.sentence))


def _made(about: About) -> frozenset[str]:
    """Name the files that are not there until the site is built."""
    service = {key: said or "" for key, said in about.extra["service"].items()}
    forms = (paper_form(route, service).file_name for route in Route)
    return frozenset(f"docs/downloads/{form}.{extension}" for form in forms for extension in FORMATS)


def report(found: list[Finding]) -> str:
    """Write the findings for an editor: what has to be mended first, then what is advice."""
    mend = [f"{one}\n" for one in found if not one.advice]
    advice = [f"{one}\n" for one in found if one.advice]
    said = "".join(mend)
    if advice:
        said += f"{said and chr(10)}Advice, which stops nothing:\n{''.join(advice)}"
    how_many = f"{len(mend)} to mend" if mend else "Nothing to mend"
    return f"{said}\n{how_many}, {len(advice)} to think about.\n"
