"""The content check: the pages as they are have nothing to mend, and each way of breaking them has its own sentence."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import pytest

from tests.bad_content_cases import BAD_CONTENT, CONTACT, QUESTIONS, STORY, BadContent, pdf, photo
from tests.project_copies import SMALL_SITE, copy_content, copy_project, copy_small_site
from website.build.site import BuildError, build, render_pages
from website.check.check import check
from website.check.service_details import REQUIRED_HEADINGS
from website.check.spelling import check_spelling
from website.check.wording import PLAIN_PAGES, check_wording
from website.cms.editor import EditorError, build_editor, check_drafts_before_save
from website.content.navigation import complete_navigation
from website.content.pages import Page, read_page
from website.content.schema import TEMPLATES
from website.content.service_config import ConfigError, ServiceConfig

ROOT: Final = Path(__file__).resolve().parents[1]
TODAY: Final = date(2026, 11, 24)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy the small site."""
    return copy_small_site(tmp_path / "project")


def to_mend(project: Path, today: date = TODAY) -> list[str]:
    """Return the findings that are not advice, as printed."""
    return [str(one) for one in check(project, today) if not one.advice]


def test_the_pages_have_nothing_to_mend() -> None:
    """Nothing on the pages as they are has to be mended."""
    assert to_mend(ROOT, datetime.now(UTC).date()) == []


@pytest.mark.parametrize("name", BAD_CONTENT)
def test_each_way_to_break_a_page_has_its_sentence(project: Path, name: str) -> None:
    """What is broken is named once, by file and line, with how to mend it, and nothing else is said."""
    BAD_CONTENT[name].apply(project)
    assert to_mend(project) == [BAD_CONTENT[name].finding(project)]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Some words.\n{: .x onclick=alert(1)}", "a script"),
        ("## Some words {: onmouseover='a()' }", "a script"),
        ("A [word](questions.md){ OnFocus=a() .x } here.", "a script"),
        ("<p\nonclick=a()>Words</p>", "a script"),
        ("<b/onclick=a()>Words</b>", "a script"),
        ("Some words.\n{: .x  style=color:red}", "“style=” of its own"),
        ("<a href=javascript&colon;alert(1)>Words</a>", "opens nothing that we know"),
        ("<a href=JaVaScRiPt&#58;alert(1)>Words</a>", "opens nothing that we know"),
        ("<a href='java&Tab;script:alert(1)'>Words</a>", "opens nothing that we know"),
        ("[Words](vbscript&colon;a)", "opens nothing that we know"),
        ("<a href=data&colon;text/html,x>Words</a>", "opens nothing that we know"),
        ("<a href=//evil.example>Words</a>", "opens nothing that we know"),
        ("<a href='/\\evil.example'>Words</a>", "opens nothing that we know"),
        ('<a href="\\\\evil.example">Words</a>', "opens nothing that we know"),
        ("[Words](/&#47;evil.example)", "opens nothing that we know"),
        ("Some [words](questions.md){: href=//evil.example }.", "opens nothing that we know"),
        ("<span ping=//evil.example>Words</span>", "opens nothing that we know"),
        ("[Call](tel:0900123)", "reaches somebody else"),
        ("<a href=tel&colon;118118>Call</a>", "reaches somebody else"),
        ("[Write](mailto:evil@localhost)", "reaches somebody else"),
        ("<a href=mailto&colon;evil>Write</a>", "reaches somebody else"),
    ],
)
def test_no_markup_runs_or_hides_anything(project: Path, words: str, named: str) -> None:
    """Event handlers, other schemes and hosts in disguise are refused in every way of writing them that Markdown knows."""
    page = project / CONTACT
    page.write_text(f"{page.read_text(encoding='utf-8')}\n{words}\n", encoding="utf-8")
    assert any(named in one for one in to_mend(project)), to_mend(project)


def test_ordinary_links_may_stand(project: Path) -> None:
    """The control: links to pages, websites, ours and known numbers and addresses, and plain attributes, are let stand."""
    words = (
        "[a](questions.md) [b](https://why-me.org/) [c](tel:{{phone}}) [999](tel:999) [d](mailto:{{email}}) "
        "[e](tel:01245291621) [f](contact.md#can-i-email)\n{: .lead #there title='on = off' }"
    )
    page = project / QUESTIONS
    page.write_text(f"{page.read_text(encoding='utf-8')}\n{words}\n", encoding="utf-8")
    assert to_mend(project) == []


@pytest.mark.parametrize(
    "address",
    ["http://example.org", "//example.org", " javascript:a", "data:text/html,x", 'https://a.example/"x', "", "1"],
)
def test_an_exit_leads_to_a_website(project: Path, address: str) -> None:
    """“Exit this page” is a link on every page that templates write as it is."""
    BadContent(file="service.yml", old="https://www.bbc.co.uk/weather", new=f"'{address}'").apply(project)
    assert ["“Exit this page”" in one for one in to_mend(project)] == [True]


@pytest.mark.parametrize(
    "number", ["0906 123 4567", "0871 234 5678", "0845 123 4567", "070 1234 5678", "09 001 234 567"]
)
def test_no_number_of_ours_costs_more(project: Path, number: str) -> None:
    """Premium numbers, those with a service charge, and personal numbers that look like a mobile phone are refused."""
    BadContent(file="service.yml", old="phone: 0800 783 1583", new=f"phone: {number}").apply(project)
    assert [one for one in to_mend(project) if "costs more" in one]


UNSAFE: Final = {
    "a hook": ("mkdocs.yml", "hooks: [docs/evil.py]", "hooks"),
    "a plugin": ("mkdocs.yml", "plugins: [{search: {}}]", "plugins"),
    "plugins as a map": ("mkdocs.yml", "plugins: {search: {}}", "plugins"),
    "an extension that reads files": (
        "mkdocs.yml",
        "markdown_extensions: [{pymdownx.snippets: {base_path: /etc}}]",
        "markdown_extensions",
    ),
    "another theme": ("mkdocs.yml", "theme: {name: material, custom_dir: docs}", "theme"),
    "a template of its own": (
        "mkdocs.yml",
        "theme: {name: material, custom_dir: site_overrides, font: false, features: [], static_templates: [a.html]}",
        "theme",
    ),
    "other pages": ("mkdocs.yml", "docs_dir: /etc", "docs_dir"),
    "a place to write": ("mkdocs.yml", "site_dir: /etc", "site_dir"),
    "other settings": ("mkdocs.yml", "INHERIT: ./docs/evil.yml", "INHERIT"),
    "a merged key": ("mkdocs.yml", "<<: {hooks: [docs/evil.py]}", "hooks"),
    "a hook in the data": ("service.yml", "hooks: [docs/evil.py]", "hooks"),
    "a theme in the data": ("service.yml", "theme: {custom_dir: docs}", "theme"),
    "settings behind the data": ("service.yml", "INHERIT: ./docs/evil.yml", "INHERIT"),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_what_could_run_code_is_built_by_nobody(project: Path, name: str) -> None:
    """Each setting that could run a program is refused by the check and by the build, with one sentence."""
    file, line, key = UNSAFE[name]
    text = re.sub(rf"(?m)^{key}:.*\n(?:[ -].*\n)*", "", (project / file).read_text(encoding="utf-8"))
    (project / file).write_text(f"{text.rstrip()}\n{line}\n", encoding="utf-8")
    (found,) = to_mend(project)
    assert f"“{key}” as it is here could run a program where the site is built." in found
    with pytest.raises(BuildError, match=f"“{key}” as it is here"):
        render_pages(project, project / "site")


@pytest.mark.parametrize("file", ["mkdocs.yml", "service.yml"])
@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system [touch ran]",
        "!!python/name:os.system",
        "!ENV HOME",
        "!ENV [REFERRAL_SECRET_KEY, SITE_URL, x]",
        "!relative $config_dir",
    ],
)
def test_tags_that_run_code_or_tell_secrets_are_not_read(project: Path, file: str, value: str) -> None:
    """YAML may neither call Python nor read a variable of whoever builds, other than the address of the site."""
    path = project / file
    path.write_text(f"{path.read_text(encoding='utf-8').rstrip()}\nsite_description: {value}\n", encoding="utf-8")
    (found,) = to_mend(project)
    assert found.startswith(f"{file}, line ")
    with pytest.raises(ConfigError):
        render_pages(project, project / "site")


@pytest.mark.parametrize(
    "place", ["docs/assets/bridge.jpg", "docs/more.md", "docs/more", "site_overrides/x.html", "docs", "service.yml"]
)
def test_a_symbolic_link_is_never_followed(project: Path, tmp_path: Path, place: str) -> None:
    """A link to another file or folder of the machine is refused by the check and by the build, wherever it stands."""
    secret, path = tmp_path / "secret", project / place
    secret.write_text("a key", encoding="utf-8")
    path.parent.mkdir(exist_ok=True)
    if path.exists():
        path.rename(tmp_path / "moved")
        secret = tmp_path / "moved"
    path.symlink_to(secret)
    sentence = "this only leads to another file, of the computer that builds the site. Put the file itself here."
    assert to_mend(project) == [f"{place}: {sentence}"]
    with pytest.raises(BuildError, match=sentence):
        render_pages(project, project / "site")


def test_a_file_name_adds_no_setting(project: Path) -> None:
    """A case study whose name holds a line end gets into no list of pages."""
    (project / "docs/case-studies/a.md\nhooks: [evil.py]\n#.md").write_bytes((project / STORY).read_bytes())
    assert "hooks" not in complete_navigation(project)
    assert to_mend(project) != []


def test_mkdocs_alone_would_run_it(tmp_path: Path) -> None:
    """The control: MkDocs runs a hook, so that the check is what stops it."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# A\n", encoding="utf-8")
    (tmp_path / "docs/evil.py").write_text("open('ran', 'w').close()\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: A\nhooks: [docs/evil.py]\n", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "mkdocs", "-q", "build"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "ran").exists()


def test_a_change_of_anything_but_pages_and_data_needs_a_second_person() -> None:
    """CODEOWNERS names somebody for every file but those below docs/ and the service's data: the last line that fits counts."""
    lines = (ROOT / ".github/CODEOWNERS").read_text(encoding="utf-8").splitlines()
    rules = [line.split() for line in lines if line and not line.startswith("#")]
    assert [rule[0] for rule in rules if len(rule) > 1] == ["*"] == [rules[0][0]]
    assert rules[1:] == [["/docs/"], ["/service.yml"]]


@pytest.mark.parametrize(
    "markup", ["A <b>word</b>.", "<!-- languages -->", "<div>\n\nWords.\n\n</div>", "Words.\n{ .kind }"]
)
@pytest.mark.parametrize("page", sorted(PLAIN_PAGES))
def test_contact_home_and_form_pages_are_plain_words(page: str, markup: str) -> None:
    """These pages show no HTML, no box and no comment in the editor; the control is a page with one of them."""
    read = read_page(ROOT, ROOT / page)
    assert isinstance(read, Page)
    assert [one for one in check_wording(read) if "has no place on this page" in one.sentence] == []
    marked = replace(read, lines=(*read.lines, *markup.splitlines()))
    assert [one for one in check_wording(marked) if "has no place on this page" in one.sentence] != []


def test_each_sentence_is_its_own() -> None:
    """There are at least twenty ways, and no two of them are told in the same words."""
    assert len({case.message for case in BAD_CONTENT.values()}) >= 30


@pytest.mark.parametrize(
    ("words", "correction"),
    [
        ("We recieve", "receive"),
        ("Recieve it", "Receive"),
        ("RECIEVE", "RECEIVE"),
        ("it does’nt", "doesn’t"),
        ("a fiel", "feel, field, file, phial"),
        ("Claus and Ines", None),
        ("receive", None),
    ],
)
def test_a_misspelt_word_is_named_with_its_corrections(words: str, correction: str | None) -> None:
    """A word of the dictionary is found in any case and with either apostrophe; a first name is not misspelt."""
    page = Page(path="docs/contact.md", lines=(words,), front_matter={}, body_start=0)
    found = [one.sentence.partition("mean ")[2] for one in check_spelling(page)]
    assert found == ([f"“{correction}”?"] if correction else [])


LATER: Final = date(2027, 12, 1)
ADVICE: Final = {
    (
        "service.yml, line {other_service}: nobody has checked Essex Restorative and Mediation Service since 2026-11-23. "
        "Ring or look it up, then write today’s date."
    ),
    "service.yml, line {unchecked}: Samaritans has not been checked yet. Ring or look it up, then write today’s date.",
    "docs/contact.md, line 4: nobody has reviewed this page since 2026-11-23. Read it, then write today’s date.",
    (
        "docs/case-studies/lucys-story.md, line 12: permission still has to be confirmed. "
        "When you have it, write “permission: given”."
    ),
    (
        "docs/case-studies/lucys-story.md, line 14: the rest of the story is missing. "
        "When you have it, add it and write “complete: true”."
    ),
    "service.yml, line {controller}: still to be filled in by the service: the name and address of the data controller.",
}


def test_what_waits_is_advice(project: Path) -> None:
    """Review, permission, missing text, contacts that nobody looked at for half a year, and blanks are advice alone."""
    lines = (project / "service.yml").read_text(encoding="utf-8").splitlines()
    at = {"other_service": lines.index('      checked_on: "2026-11-23"') + 1}
    at["unchecked"] = lines.index("      phone: 116 123") + 3
    at["controller"] = lines.index("    controller: null") + 1
    found = check(project, LATER)
    assert {each.format(**at) for each in ADVICE} <= {str(one) for one in found if one.advice}
    assert [one for one in found if not one.advice] == []
    assert not [one for one in check(project, date(2027, 5, 20)) if "nobody has" in one.sentence]


@pytest.mark.parametrize(("today", "reminders"), [(date(2027, 1, 31), 0), (date(2027, 2, 1), 1), (date(2028, 1, 1), 1)])
def test_the_end_of_material_is_advice_from_three_months_before(project: Path, today: date, reminders: int) -> None:
    """From 1 February 2027 the check reminds of the end of Material for MkDocs, and fails for nothing else."""
    found = [one for one in check(project, today) if "ends on 5 May 2027" in one.sentence]
    assert [one.advice for one in found] == [True] * reminders


def test_a_page_that_was_taken_down_is_advice(project: Path) -> None:
    """A story that is gone is named where the list of pages still has it; links and old addresses to it have to be mended."""
    (project / "docs/case-studies/lucys-story.md").unlink()
    found = check(project, TODAY)
    assert [one.sentence for one in found if one.advice and "gone" in one.sentence] == [
        "the list of pages names case-studies/lucys-story.md, which is gone. The site is built without it."
    ]
    assert [one.sentence for one in found if not one.advice] == [
        (
            "the old address /case-study/lucys-story leads to /case-studies/lucys-story/, which is not there. "
            "Choose another page for it."
        )
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Zoë O’Neil",
        "Will Jones",
        "Mary-Ann K. Smith",
        "**Sarah** Jones",
        "DC Brown",
        "PCSO Brown",
        "Sarah\N{NO-BREAK SPACE}Jones",
        "Sarah McDonald",
        "Leanne MacLeod",
        "Maria da Silva",
        "Mohammed al-Rashid",
        "Łukasz Wałęsa",
        "K Smith",
        "J. Smith",
        "SARAH JONES",
    ],
)
def test_every_kind_of_full_name_is_seen(project: Path, name: str) -> None:
    """Names with signs, names that are words too, initials, bold letters and ranks do not hide a full name."""
    BadContent(file=STORY, old="M says more", new=f"{name} says more").apply(project)
    assert [name.replace("*", "").replace("\N{NO-BREAK SPACE}", " ") in one for one in to_mend(project)] == [True]


@pytest.mark.parametrize(
    "words",
    [
        "Meeting Elizabeth was hard. Then Kev met P in Kent.",
        "She asked for Restorative Justice on Christmas Day.",
        "The Kent County Council Youth Justice Service helped M.",
        "**Afterwards Lucy** went home.",
        "On Saturday Kev came. Suddenly Kev wept. Dear Kev was there.",
        "She met K. The others met M. They all met P.",
        "Kev’s Mum came in November. Tuesday P left.",
    ],
)
def test_what_is_no_full_name_may_stand(project: Path, words: str) -> None:
    """First names, beginnings of sentences, places and organisations may stand in an anonymous story."""
    BadContent(file=STORY, old="M says more", new=f"{words}\nM says more").apply(project)
    assert to_mend(project) == []


def test_a_story_with_names_by_choice_may_have_them(project: Path) -> None:
    """In a story that is not marked anonymous a full name may stand."""
    BadContent(file=STORY, old="M says more", new="Sarah Jones says more").apply(project)
    BadContent(file=STORY, old="anonymous: true", new="anonymous: false").apply(project)
    assert to_mend(project) == []


def test_a_name_that_goes_on_in_the_next_line_is_seen(project: Path) -> None:
    """A line end in the middle of a name does not hide it, nor does HTML, a link, or the way in which a blank is written."""
    for written in ("Sarah\nJones", "Sarah <br>Jones", "Sarah&nbsp;Jones", "Sarah [Jones](../contact.md)"):
        shutil.copy(SMALL_SITE / STORY, project / STORY)
        BadContent(file=STORY, old="M says more", new=f"{written} says more").apply(project)
        assert ["“Sarah Jones”" in one for one in to_mend(project)] == [True], written


def test_a_name_in_the_address_of_a_story_is_seen(project: Path) -> None:
    """A title that held a full name when the story was begun stays in its address, even when the title is corrected."""
    text = (project / STORY).read_text(encoding="utf-8").replace("title: ", "title: How they met. ")
    text = text.replace("description: ", "description: Another. ")
    for slug, found in (("sarah-jones-meets-the-man", 1), ("neighbours-after-a-burglary", 0), ("how-they-met", 0)):
        page = project / "docs/case-studies" / f"{slug}.md"
        page.write_text(text, encoding="utf-8")
        assert sum("as if it held a full name, “sarah-jones”" in one for one in to_mend(project)) == found
        page.unlink()


@pytest.mark.parametrize(
    "number",
    ["07700–900–123", "07700&nbsp;900123", "7700 900123", "+44 (0)7700 900123", "https://wa.me/447700900123"],
)
def test_a_number_is_seen_however_it_is_written(project: Path, number: str) -> None:
    """Dots, dashes, HTML and a link to a messenger do not hide a telephone number."""
    BadContent(file=CONTACT, old="We listen.", new=f"Call {number}.").apply(project)
    assert [one for one in to_mend(project) if "is not a number of the service" in one]


@pytest.mark.parametrize("address", ["sarah&#64;kent.example", "sarah%40kent.example", "sarah [at] kent [dot] example"])
def test_an_address_is_seen_however_it_is_written(project: Path, address: str) -> None:
    """HTML, percent signs and words do not hide an email address."""
    BadContent(file=CONTACT, old="We listen.", new=f"Write to {address}.").apply(project)
    assert ["is not the service’s address" in one for one in to_mend(project)] == [True]


def test_what_is_no_number_may_stand(project: Path) -> None:
    """Hours, days, the number of a charity, and the short number of a helpline are no telephone."""
    BadContent(file=CONTACT, old="We listen.", new="0900-1700, 01 02 2026, charity 01234567.").apply(project)
    BadContent(file="service.yml", old="phone: 01245 291621", new="phone: 116 123").apply(project)
    assert to_mend(project) == []


PARTNERS: Final = [
    "Kent Police: call [01622 690690](tel:+441622690690).",
    "## Samaritans\n\nCall 0800 123 4567, or write to [help@samaritans.example](mailto:help@samaritans.example).",
    "| Who | Number |\n|---|---|\n| Rape Crisis Centre | 01634 123456 |",
    "The crime reference is 46/123456/26. Its ISBN is 978-0-14-103614-4. Registered charity 1234567890.",
]


@pytest.mark.parametrize("words", PARTNERS)
def test_a_number_beside_its_organisation_may_stand(project: Path, words: str) -> None:
    """Numbers and addresses whose organisation the page names, and numbers that nobody can ring, are let stand."""
    BadContent(file=CONTACT, old="We listen.", new=words).apply(project)
    assert to_mend(project) == []


@pytest.mark.parametrize(
    "words",
    [
        "Kent Police: call 07700 900123.",
        "Kent Police: call 0871 234 5678.",
        "Kent Police: write to sarah.jones@police.example.",
        "Kent Police: write to help@gmail.com.",
        "Restorative Justice: call 01622 690690.",
        "Call Sarah Jones on 01622 690690.",
    ],
)
def test_an_organisation_is_no_cover_for_a_person(project: Path, words: str) -> None:
    """A mobile number, a costly one, and an address of a person or of anybody are refused beside an organisation too."""
    BadContent(file=CONTACT, old="We listen.", new=words).apply(project)
    assert ["a person’s own never stands here" in one for one in to_mend(project)] == [True]


@pytest.mark.parametrize(
    ("words", "findings"),
    [
        ("For volunteers (PDF, {size} kB)", 0),
        ("For volunteers", 1),
        ("For volunteers (PDF)", 1),
        ("For volunteers (PDF, 900 kB)", 1),
    ],
)
def test_a_link_to_a_pdf_says_its_size(project: Path, words: str, findings: int) -> None:
    """The words of a link to a PDF say that it is one and how large; the sentence has the right size in it."""
    BadContent(file="docs/downloads/volunteers.pdf", new=pdf(filling=50_000)).apply(project)
    size = round((project / "docs/downloads/volunteers.pdf").stat().st_size / 1000)
    link = f"[{words.format(size=size)}](downloads/volunteers.pdf)"
    BadContent(file=CONTACT, old="We listen.", new=f"Read {link}.").apply(project)
    assert [f"“For volunteers (PDF, {size} kB)”" in one for one in to_mend(project)] == [True] * findings


@pytest.mark.parametrize(
    ("title", "file", "named"),
    [
        ("For volunteers (PDF, 51 kB)", "/downloads/volunteers.pdf", ""),
        (
            "For volunteers",
            "/downloads/volunteers.pdf",
            "docs/questions.md, line 5: the link “For volunteers” has to say how large",
        ),
        (
            "For volunteers (PDF, 51 kB)",
            "/downloads/gone.pdf",
            "docs/questions.md, line 5: /downloads/gone.pdf is no PDF of this",
        ),
    ],
)
def test_a_listed_pdf_says_its_size(project: Path, title: str, file: str, named: str) -> None:
    """A PDF that is uploaded beside the words is checked like one that the words link to, and has to be there."""
    BadContent(file="docs/downloads/volunteers.pdf", new=pdf(filling=50_000)).apply(project)
    entry = f"downloads:\n  - title: {title}\n    file: {file}\n---\n\n"
    BadContent(file=QUESTIONS, old="---\n\n", new=entry).apply(project)
    assert [one.startswith(named) for one in to_mend(project)] == ([True] if named else [])


def test_a_link_to_a_picture_is_named(project: Path) -> None:
    """A photo that is linked to would be published as it came from the camera."""
    BadContent(file="docs/assets/pictures/bridge.jpg", new=photo()).apply(project)
    BadContent(file=CONTACT, old="(refer/index.md)", new="(assets/pictures/bridge.jpg)").apply(project)
    assert to_mend(project) == [
        (
            "docs/contact.md, line 29: assets/pictures/bridge.jpg is a picture. "
            "Show it with ![what it shows](assets/pictures/bridge.jpg) instead of linking to it."
        )
    ]


def test_what_the_pages_need_stays(project: Path) -> None:
    """Neither a page that others need, nor a heading that every page leads to, nor a line that the law asks for can go."""
    (project / "docs/search.md").unlink()
    (project / "docs/refer/sent.md").unlink()
    BadContent(file="docs/questions.md", old="## Who will know?", new="## Who finds out?").apply(project)
    shutil.copytree(ROOT / "docs/policies", project / "docs/policies")
    BadContent(
        file="docs/policies/privacy.md", old="<!-- service: controller -->", new="The controller", message=""
    ).apply(project)
    said = "\n".join(to_mend(project))
    assert "the list of pages names search.md, which is gone. Other pages need it: put it back." in said
    assert "docs/refer/sent.md: the form ends on this page, which is gone. Put it back." in said
    assert "docs/questions.md, line 1: every page leads to the heading “Who will know” of this page" in said
    assert "the line <!-- service: controller --> is gone: the law asks for what stands there." in said


def test_every_heading_that_the_templates_lead_to_is_needed() -> None:
    """What the parts of every page link to by heading is what may not be renamed, and every template is known."""
    parts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "site_overrides").rglob("*.html"))
    assert set(re.findall(r"'(\w+)/' \| url }}#([\w-]+)", parts)) == {("questions", "who-will-know")}
    assert REQUIRED_HEADINGS == {"docs/questions.md": "who-will-know"}
    used = {path.name for path in (ROOT / "site_overrides").glob("*.html")} - {"404.html", "base.html", "main.html"}
    assert used == TEMPLATES | {"case_study.html", "news_item.html"}


def test_a_file_of_a_simple_editor_can_be_read(project: Path) -> None:
    """What Notepad puts before the first letter, and blanks behind the three dashes, are no fault."""
    page = project / CONTACT
    text = page.read_text(encoding="utf-8").replace("---\n", "--- \n", 1)
    page.write_text("\N{ZERO WIDTH NO-BREAK SPACE}" + text, encoding="utf-8")
    assert to_mend(project) == []


@pytest.mark.parametrize(
    ("before", "after", "advice"),
    [
        (b"---\ntitle", b"\xef\xbb\xbf---\ntitle", "the file begins with a mark that nobody sees"),
        (b"\n", b"\r\n", "the lines end as on Windows"),
        (b"\n$", b"", "the file does not end right behind its last word"),
        (b"\n$", b"\n\n", "the file does not end right behind its last word"),
    ],
    ids=["byte order mark", "carriage returns", "no line end", "an empty line"],
)
def test_what_the_editor_would_change_in_a_file_is_advice(
    project: Path, before: bytes, after: bytes, advice: str
) -> None:
    """The editor writes one kind of line end; a page with another is published, and said once."""
    page = project / CONTACT
    page.write_bytes(re.sub(before, after, page.read_bytes()))
    assert to_mend(project) == []
    told = [one.sentence for one in check(project, TODAY) if one.path == CONTACT and "the file" in one.sentence]
    assert [one.startswith(advice) for one in told] == [True]


def test_the_command_says_how_many_and_fails(project: Path) -> None:
    """`make content` lists what to mend and then the advice, and fails only for what has to be mended."""
    command = [sys.executable, "-m", "website.check", "--root", str(project)]
    fine = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert fine.returncode == 0
    assert fine.stdout.startswith("Advice, which stops nothing:\n")
    BAD_CONTENT["a word that is misspelt"].apply(project)
    broken = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert broken.returncode == 1
    assert broken.stdout.startswith(BAD_CONTENT["a word that is misspelt"].finding(project))
    assert "1 to mend" in broken.stdout


def test_what_comes_from_the_code_can_be_written_anew(project: Path) -> None:
    """Asked to refresh, the command puts back what the code says, and then nothing has to be mended."""
    BAD_CONTENT["a criterion that was changed by hand"].apply(project)
    command = [sys.executable, "-m", "website.check", "--refresh", "--root", str(project)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0
    assert "refer/index.md was written anew." in ran.stdout


def test_a_change_of_the_number_reaches_every_page(tmp_path: Path) -> None:
    """The telephone number stands in one place: changed there, every page shows the new one, and links to it."""
    project = copy_content(tmp_path)
    old = ServiceConfig.read(project).extra["service"]["phone"]
    BadContent(file="service.yml", old=f"phone: {old}", new="phone: 0800 783 9999").apply(project)
    assert to_mend(project, datetime.now(UTC).date()) == []
    build(project, tmp_path / "built")
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "built").rglob("*.html")]
    assert not [page for page in pages if old in page or old.replace(" ", "")[1:] in page or "{{" in page]
    assert sum("0800 783 9999" in page for page in pages) > 20
    assert any('<a href="tel:+448007839999">0800 783 9999</a>' in page for page in pages)


@pytest.fixture
def project_copy(tmp_path: Path) -> Path:
    """Copy everything that `make site` needs."""
    return copy_project(tmp_path)


def make_site(project_copy: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Build it, on a machine without Node.js unless the environment says otherwise."""
    environ = {"PATH": str(project_copy), "PYTHONPATH": str(project_copy), **environ}
    command = [sys.executable, "-m", "website"]
    return subprocess.run(command, cwd=project_copy, env=environ, capture_output=True, text=True, check=False)


def test_without_node_the_site_is_built_without_the_editor(project_copy: Path) -> None:
    """Where there is no npm, the site is built, and one sentence says that the editor is left out."""
    ran = make_site(project_copy)
    assert (ran.returncode, ran.stderr) == (0, "Building the pages: a few seconds ...\n")
    why = "it needs npm (Node.js 20 or newer), which is not installed."
    assert ran.stdout.splitlines()[0] == f"The editor at /admin/ is left out: {why}"
    assert (project_copy / "site" / "contact" / "index.html").is_file()
    assert not (project_copy / "site" / "admin").exists()


@pytest.mark.needs("npm")
def test_without_the_registry_the_site_is_built_without_the_editor(project_copy: Path) -> None:
    """A registry that nobody listens at leaves out the editor, within seconds, and the reason is said; the site is built."""
    nowhere = {"npm_config_registry": "http://127.0.0.1:9/", "npm_config_cache": str(project_copy / "cache")}
    ran = make_site(project_copy, PATH=os.environ["PATH"], **nowhere)
    assert ran.returncode == 0
    assert ran.stdout.splitlines()[0] == (
        "The editor at /admin/ is left out: npm cannot reach its registry (ECONNREFUSED)."
    )
    assert "Putting the editor together with npm, once: at most 20 seconds ..." in ran.stderr
    assert (project_copy / "site" / "contact" / "index.html").is_file()
    assert not (project_copy / "site" / "admin").exists()


@pytest.mark.parametrize(
    ("does", "why"),
    [
        (
            "exec sleep 600",
            "npm was not done in time. It keeps what it has fetched: try again on a better network.",
        ),
        ("echo 'npm error code ETIMEDOUT' >&2; exit 1", "npm cannot reach its registry (ETIMEDOUT)."),
        ("echo 'npm error code ENOTCACHED' >&2; exit 1", "npm cannot reach its registry (ENOTCACHED)."),
        ("echo 'npm error code EBADENGINE' >&2; echo 'npm error too old' >&2; exit 1", "npm error too old"),
        ("exit 1", "npm did not say why."),
    ],
)
def test_what_keeps_npm_from_its_work_is_said(
    project_copy: Path, monkeypatch: pytest.MonkeyPatch, does: str, why: str
) -> None:
    """An npm that is silent is stopped after its seconds, and one that fails is quoted; nothing half-made is kept."""
    npm = project_copy / "npm"
    npm.write_text(f"#!/bin/sh\n{does}\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{project_copy}:{os.environ['PATH']}")
    with pytest.raises(EditorError) as left_out:
        build_editor(project_copy, timeout=0.5 if "sleep" in does else 60)
    assert str(left_out.value) == f"The editor at /admin/ is left out: {why}"
    assert not (project_copy / "var").exists()


def test_a_build_that_fails_says_so_in_words(project_copy: Path) -> None:
    """Whatever breaks the build ends in a sentence, not in a trace."""
    base = project_copy / "site_overrides" / "base.html"
    base.write_text(base.read_text(encoding="utf-8").replace("<title>", "<title></title><title>", 1), encoding="utf-8")
    ran = make_site(project_copy)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert ran.stderr.splitlines()[-1].startswith("The pages could not be built. Undo the last change")


def test_nothing_is_built_while_something_has_to_be_mended(project_copy: Path) -> None:
    """`make site` says each sentence of the content check, and builds nothing that is unsafe or broken."""
    shutil.rmtree(project_copy / "docs")
    copy_small_site(project_copy)
    for name in ("a full name in an anonymous story", "a link to a page that is not there"):
        BAD_CONTENT[name].apply(project_copy)
    ran = make_site(project_copy)
    assert ran.returncode == 1
    assert ran.stderr.splitlines() == [
        BAD_CONTENT["a full name in an anonymous story"].finding(project_copy),
        BAD_CONTENT["a link to a page that is not there"].finding(project_copy),
        "Nothing was built: mend this first.",
    ]
    assert not (project_copy / "site").exists()


def test_pages_that_come_and_go_keep_the_list_of_pages_whole(project: Path) -> None:
    """A story that mkdocs.yml does not name follows the ones that it names, and a page that is gone is in no list."""
    as_it_is = (project / "mkdocs.yml").read_text(encoding="utf-8")
    assert complete_navigation(project) == as_it_is
    shutil.copy(project / STORY, project / "docs/case-studies/another.md")
    (project / "docs/case-studies/lucys-story.md").unlink()
    assert complete_navigation(project) == as_it_is.replace(
        "case-studies/lucys-story.md\n", "case-studies/another.md\n", 1
    )


SAVE = 'if(!c){let E=await a$e(e);if(E&&!r)throw Error("save_conflict",{cause:E})}'


@pytest.mark.parametrize("script", ["", SAVE * 2])
def test_an_editor_that_checks_otherwise_before_save_is_left_out(tmp_path: Path, script: str) -> None:
    """The check before Save is widened to drafts where it is found once; an editor without it is not published."""
    (tmp_path / "editor.js").write_text(SAVE)
    check_drafts_before_save(tmp_path)
    assert (tmp_path / "editor.js").read_text() == SAVE.replace("!c)", "!c||!e.originalEntry?.workflow)")
    (tmp_path / "editor.js").write_text(script)
    with pytest.raises(EditorError, match="its check before Save is not where it was"):
        check_drafts_before_save(tmp_path)
