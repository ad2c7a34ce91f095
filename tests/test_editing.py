"""The content check: the pages as they are have nothing to mend, and each way of breaking them has its own sentence."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import pytest
from PIL import ExifTags, Image

from building.definitions import refresh
from building.navigation import whole
from building.site import build
from editing.about import About
from editing.check import check
from editing.editor import LEFT_OUT
from tests.workshop import copy_content, copy_workshop

ROOT: Final = Path(__file__).resolve().parents[1]
SMALL: Final = ROOT / "tests" / "small_site"
TODAY: Final = date(2026, 11, 24)
STORY: Final = "docs/case-studies/violence-within-a-family.md"
CONTACT: Final = "docs/contact.md"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy a small site that nobody edits, with today's criteria in it."""
    copy = tmp_path / "project"
    shutil.copytree(SMALL, copy)
    refresh(copy / "docs")
    return copy


def photo(*, gps: bool = False) -> bytes:
    """Make a photo, with the place where it was taken if asked."""
    written = io.BytesIO()
    exif = Image.Exif()
    exif[ExifTags.Base.Model] = "A camera"
    if gps:
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    Image.new("RGB", (900, 600), "teal").save(written, "JPEG", exif=exif)
    return written.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """One way to break the content: in which file, what becomes what, and all that has to be said about it."""

    file: str
    old: str = ""
    new: str | bytes = ""
    says: str

    def do(self, project: Path) -> None:
        """Break it."""
        path = project / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(self.new, bytes):
            path.write_bytes(self.new)
        elif self.old:
            text = path.read_text(encoding="utf-8")
            assert self.old in text
            path.write_text(text.replace(self.old, self.new, 1), encoding="utf-8")
        else:
            path.write_text(self.new, encoding="utf-8")


BREAKS: Final = {
    "a title that is missing": Break(
        file=CONTACT,
        old="title: Contact us\n",
        says="docs/contact.md, line 1: “title” is missing. Add a line: title: and your words",
    ),
    "a word above the page that is misspelt": Break(
        file=CONTACT,
        old="last_reviewed:",
        new="last_revewed: no\nlast_reviewed:",
        says="docs/contact.md, line 4: “last_revewed” is not one of the words that a page can have here. Did you mean “last_reviewed”?",
    ),
    "a description that is too long": Break(
        file=CONTACT,
        old="what happens next.",
        new="what happens next. " + "And more. " * 10,
        says="docs/contact.md, line 3: the description has 199 characters. Shorten it to 160.",
    ),
    "a colon without quotes": Break(
        file=CONTACT,
        old="title: Contact us",
        new="title: Contact us: how",
        says='docs/contact.md, line 2: this line cannot be read. If the words have a colon in them, put "quotes" around all of them.',
    ),
    "no lines above the words": Break(
        file=CONTACT,
        old="---\ntitle",
        new="title",
        says="docs/contact.md, line 1: the lines above the words are missing. Begin the file with a line ---, then title, description and last_reviewed, then a line ---.",
    ),
    "a day that is none": Break(
        file=CONTACT,
        old="2026-11-23",
        new="23 November",
        says="docs/contact.md, line 4: “23 November” is not a day. Write it as year, month, day, such as 2026-11-23.",
    ),
    "a day to come": Break(
        file=CONTACT,
        old="2026-11-23",
        new="2027-01-01",
        says="docs/contact.md, line 4: 2027-01-01 has not come yet. Write the day on which the page was last read.",
    ),
    "a kind of offence that is none": Break(
        file=STORY,
        old="offence: domestic",
        new="offence: burglary",
        says="docs/case-studies/violence-within-a-family.md, line 9: “burglary” is not one of the choices. Write one of: hate_crime, domestic, driving, assault.",
    ),
    "a title that another page has": Break(
        file=CONTACT,
        old="title: Contact us",
        new="title: Search",
        says="docs/search.md, line 2: docs/contact.md has the same title. Give each page its own.",
    ),
    "a link to a page that is not there": Break(
        file=CONTACT,
        old="(refer/index.md)",
        new="(refer/online.md)",
        says="docs/contact.md, line 33: the link refer/online.md leads to a page that is not there. Choose another page, or take the link out.",
    ),
    "a link to a page in another folder": Break(
        file=CONTACT,
        old="(refer/index.md)",
        new="(myself.md)",
        says="docs/contact.md, line 33: the link myself.md leads to a page that is not there. Did you mean refer/myself.md?",
    ),
    "a link to a heading that is not there": Break(
        file="docs/about/index.md",
        old="#who-will-know",
        new="#who-knows",
        says="docs/about/index.md, line 36: docs/questions.md has no heading for #who-knows. Take the part from # on out, or look the heading up.",
    ),
    "a link with a slash in front": Break(
        file=CONTACT,
        old="(refer/index.md)",
        new="(/refer/)",
        says="docs/contact.md, line 33: the link /refer/ leads to a page that is not there. Did you mean refer/index.md?",
    ),
    "a link that is not encrypted": Break(
        file="docs/harmed/index.md",
        old="https://www.victim",
        new="http://www.victim",
        says="docs/harmed/index.md, line 20: http://www.victimsupport.org.uk/ is not encrypted. Write https:// and see that it opens.",
    ),
    "a link that is not finished": Break(
        file=CONTACT,
        old="(refer/index.md)",
        new="(refer/index.md",
        says="docs/contact.md, line 33: a link is not finished. Write [words](page.md), with no blank between ] and ( or in the address.",
    ),
    "a picture with a blank in its name": Break(
        file=STORY,
        old="## Afterwards",
        new="![A bridge](/assets/my bridge.jpg)\n\n## Afterwards",
        says="docs/case-studies/violence-within-a-family.md, line 43: a link is not finished. "
        "Write [words](page.md), with no blank between ] and ( or in the address.",
    ),
    "a heading that skips a level": Break(
        file=CONTACT,
        old="## Can I email?",
        new="#### Can I email?",
        says="docs/contact.md, line 29: the heading skips a level. Write ### instead of ####.",
    ),
    "a second main heading": Break(
        file=CONTACT,
        old="## Can I email?",
        new="# Can I email?",
        says="docs/contact.md, line 29: the page has its main heading already. Write ## instead of #.",
    ),
    "a picture without words": Break(
        file=STORY,
        old="## Afterwards",
        new="![](../assets/easy-read/talk.svg)\n\n## Afterwards",
        says="docs/case-studies/violence-within-a-family.md, line 43: the picture ../assets/easy-read/talk.svg has no description. Say between the [ ] what it shows.",
    ),
    "a picture with its file name for words": Break(
        file=STORY,
        old="## Afterwards",
        new="![talk.svg](../assets/easy-read/talk.svg)\n\n## Afterwards",
        says="docs/case-studies/violence-within-a-family.md, line 43: “talk.svg” is a file name, not a description. Say between the [ ] what the picture shows.",
    ),
    "a photo that says where it was taken": Break(
        file="docs/assets/pictures/bridge.jpg",
        new=photo(gps=True),
        says="docs/assets/pictures/bridge.jpg: this photo says where it was taken. Take a screenshot of it and use that, or remove its location (Windows: Properties, Details, Remove; Mac: Preview, Tools, Show Location Info).",
    ),
    "a photo that no browser shows": Break(
        file="docs/assets/pictures/bridge.heic",
        new=b"heic",
        says="docs/assets/pictures/bridge.heic: browsers cannot show .heic files. Save the picture as JPEG, and use that.",
    ),
    "a photo that is broken": Break(
        file="docs/assets/pictures/bridge.jpg",
        new=photo()[:50],
        says="docs/assets/pictures/bridge.jpg: this is not a picture that can be read. Save it again as JPEG or PNG.",
    ),
    "a photo that is too heavy": Break(
        file="docs/assets/pictures/bridge.jpg",
        new=photo() + bytes(6_000_000),
        says="docs/assets/pictures/bridge.jpg: this file has 6 MB. Save the picture smaller: 2,000 pixels are enough.",
    ),
    "a full name in an anonymous story": Break(
        file=STORY,
        old="M says more",
        new="Sarah Jones says more",
        says="docs/case-studies/violence-within-a-family.md, line 47: “Sarah Jones” looks like a full name, and this story is marked anonymous. Write a first name or a letter; if it is no person, add it to “Names of no person”.",
    ),
    "a surname in an anonymous story": Break(
        file=STORY,
        old="M says more",
        new="Mr Jones says more",
        says="docs/case-studies/violence-within-a-family.md, line 47: “Mr Jones” looks like a full name, and this story is marked anonymous. Write a first name or a letter; if it is no person, add it to “Names of no person”.",
    ),
    "a full name in a summary": Break(
        file=STORY,
        old="summary: A couple",
        new="summary: Will Jones and a couple",
        says="docs/case-studies/violence-within-a-family.md, line 8: “Will Jones” looks like a full name, and this story is marked anonymous. Write a first name or a letter; if it is no person, add it to “Names of no person”.",
    ),
    "somebody’s own telephone number": Break(
        file=CONTACT,
        old="It is free.",
        new="It is free. Or 07700 900123.",
        says="docs/contact.md, line 9: 07700 900123 is not a number of the service. Write {{phone}} for ours; another organisation’s has to stand under “Who helps elsewhere” first; a person’s own never stands here.",
    ),
    "an old telephone number": Break(
        file=CONTACT,
        old='href="tel:{{phone}}">{{phone}}',
        new='href="tel:{{phone}}">0800 783 1584',
        says="docs/contact.md, line 9: 0800 783 1584 is not a number of the service. Write {{phone}} for ours; another organisation’s has to stand under “Who helps elsewhere” first; a person’s own never stands here.",
    ),
    "somebody’s own address": Break(
        file=CONTACT,
        old="[{{email}}]",
        new="[sarah.jones@kent.example]",
        says="docs/contact.md, line 31: sarah.jones@kent.example is not the service’s address. Write {{email}} for ours, or take it out.",
    ),
    "another name for the service": Break(
        file=CONTACT,
        old="We listen.",
        new="We are the Restorative Justice Service for Kent and Medway.",
        says="docs/contact.md, line 25: “Restorative Justice Service for Kent and Medway” is not the name of the service. "
        "Write “Restorative Justice Service for Kent & Medway”.",
    ),
    "a promise that nobody made": Break(
        file=CONTACT,
        old="We listen.",
        new="We call you within two working days.",
        says="docs/contact.md, line 25: “within two” days is not what is agreed: "
        "the service has promised no number of days yet. Change it, or take it out.",
    ),
    "a mark that nothing fills in": Break(
        file=CONTACT,
        old="[{{email}}]",
        new="[{{inbox}}]",
        says="docs/contact.md, line 31: nothing fills in {{inbox}}. Write {{email}} or {{phone}}, without blanks.",
    ),
    "a word that we do not use": Break(
        file=CONTACT,
        old="We listen.",
        new="We listen to perpetrators.",
        says="docs/contact.md, line 25: we do not use “perpetrators”. Write “person who caused harm”, or “offender”.",
    ),
    "a link that says nothing": Break(
        file=CONTACT,
        old="[a referral form]",
        new="[click here]",
        says="docs/contact.md, line 33: we do not use “click here”. Let the link say where it leads, such as “how to refer”.",
    ),
    "a word that is misspelt": Break(
        file=CONTACT,
        old="We listen.",
        new="We recieve.",
        says="docs/contact.md, line 25: “recieve” is misspelt. Did you mean “receive”?",
    ),
    "a style of its own": Break(
        file=CONTACT,
        old='<p class="lead">',
        new='<p style="color: red">',
        says="docs/contact.md, line 9: the line holds a “style=” of its own, which browsers are told to ignore here. Take it out.",
    ),
    "a film from elsewhere": Break(
        file=CONTACT,
        old="We listen.",
        new='<iframe src="https://video.example/"></iframe>',
        says="docs/contact.md, line 25: the line holds a part that this website does not use. Take it out.",
    ),
    "a block that is never closed": Break(
        file="docs/voices.md",
        old="</figcaption>\n</figure>",
        new="</figcaption>",
        says="docs/voices.md, line 11: <figure> is never closed. Put back </figure> where the part ends.",
    ),
    "a form without its place": Break(
        file="docs/refer/myself.md",
        old="<!-- /referral-form -->\n",
        says="docs/refer/myself.md, line 13: the form needs the line <!-- /referral-form --> exactly once. Put it back: the form goes between the two.",
    ),
    "a criterion that was changed by hand": Break(
        file="docs/refer/index.md",
        old="18 or over",
        new="16 or over",
        says="docs/refer/index.md, line 11: the part below “<!-- from the code: criteria -->” is written by the program, and was changed. Undo that; if the rule itself is new, somebody technical runs: make content REFRESH=yes",
    ),
    "no telephone number": Break(
        file="mkdocs.yml",
        old="phone: 0800 783 1583",
        new="phone: null",
        says="mkdocs.yml, line 28: “phone” is empty. Fill it in: every page uses it.",
    ),
    "no inbox": Break(
        file="mkdocs.yml",
        old="    email: rjkent@restorativesolutions.org.uk.cjsm.net",
        new='    email: ""',
        says="mkdocs.yml, line 33: “email” is empty. Fill it in: every page uses it.",
    ),
    "a part of the service that is gone": Break(
        file="mkdocs.yml",
        old="  service:\n",
        new="  services:\n",
        says="mkdocs.yml, line 1: this file cannot be read from here on. Undo the last change to it.",
    ),
    "a telephone number that is none": Break(
        file="mkdocs.yml",
        old="phone: 0800 783 1583",
        new="phone: 783 1583",
        says="mkdocs.yml, line 28: “783 1583” is not a telephone number. Write it with its 0, such as “0800 783 1583”.",
    ),
    "a first page without its heading": Break(
        file="docs/index.md",
        old="heading: After a crime, a chance to be heard\n",
        says="docs/index.md, line 1: “heading” is missing. Add a line: heading: and your words",
    ),
    "an old address that is gone": Break(
        file="mkdocs.yml",
        old="    /faq/*: /questions/\n",
        says="mkdocs.yml, line 141: the old address /faq/* has to keep working. Put it back, and choose a page for it.",
    ),
    "an old address that leads nowhere": Break(
        file="mkdocs.yml",
        old="/about: /about/",
        new="/about: /us/",
        says="mkdocs.yml, line 143: the old address /about leads to /us/, which is not there. Choose another page for it.",
    ),
    "a service elsewhere that nobody dated": Break(
        file="mkdocs.yml",
        old='who: for Essex\n      phone: 01245 291621\n      checked_on: "2026-11-23"',
        new="who: for Essex\n      phone: 01245 291621",
        says="mkdocs.yml, line 113: the day on which Essex Restorative and Mediation Service was checked is missing. Write it such as “2026-11-23”.",
    ),
    "a file that cannot be read": Break(
        file="mkdocs.yml",
        old="    name: Restorative",
        new="   name: Restorative",
        says="mkdocs.yml, line 25: this file cannot be read from here on. Undo the last change to it.",
    ),
}


def to_mend(project: Path, today: date = TODAY) -> list[str]:
    """Give each sentence about what has to be mended; the real pages are looked at on the real day."""
    return [str(one) for one in check(project, today) if not one.advice]


def test_the_pages_have_nothing_to_mend() -> None:
    """Nothing on the pages as they are has to be mended."""
    assert to_mend(ROOT, datetime.now(UTC).date()) == []


@pytest.mark.parametrize("name", BREAKS)
def test_each_way_to_break_a_page_has_its_sentence(project: Path, name: str) -> None:
    """What is broken is named once, by file and line, with how to mend it, and nothing else is said."""
    BREAKS[name].do(project)
    assert to_mend(project) == [BREAKS[name].says]


def test_each_sentence_is_its_own() -> None:
    """There are at least twenty ways, and no two of them are told in the same words."""
    sentences = {each.says.partition(": ")[2] for each in BREAKS.values()}
    assert len(sentences) >= 30
    assert len({each.says for each in BREAKS.values()}) == len(BREAKS)


LATER: Final = date(2027, 12, 1)
ADVICE: Final = {
    (
        "mkdocs.yml, line {elsewhere}: nobody has checked Kent County Council Youth Justice Service since 2026-11-23. "
        "Ring or look it up, then write today’s date."
    ),
    "docs/contact.md, line 4: nobody has reviewed this page since 2026-11-23. Read it, then write today’s date.",
    (
        "docs/case-studies/lucys-story.md, line 12: permission still has to be confirmed. "
        "When you have it, write “permission: given”."
    ),
    (
        "docs/case-studies/lucys-story.md, line 14: the rest of the story is missing. "
        "When you have it, add it and write “complete: true”."
    ),
    "mkdocs.yml, line {controller}: still to be filled in by the service: the name and address of the data controller.",
}


def test_what_waits_is_advice(project: Path) -> None:
    """Review, permission, missing text, contacts that nobody looked at for half a year, and blanks are advice alone."""
    lines = (project / "mkdocs.yml").read_text(encoding="utf-8").splitlines()
    at = {"elsewhere": lines.index('      checked_on: "2026-11-23"') + 1}
    at["controller"] = lines.index("    controller: null") + 1
    found = check(project, LATER)
    assert {each.format(**at) for each in ADVICE} <= {str(one) for one in found if one.advice}
    assert [one for one in found if not one.advice] == []
    assert not [one for one in check(project, date(2027, 5, 20)) if "nobody has" in one.sentence]


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
    ["Zoë O’Neil", "Will Jones", "Mary-Ann K. Smith", "**Sarah** Jones", "DC Brown", "Sarah\N{NO-BREAK SPACE}Jones"],
)
def test_every_kind_of_full_name_is_seen(project: Path, name: str) -> None:
    """Names with signs, names that are words too, initials, bold letters and ranks do not hide a full name."""
    Break(file=STORY, old="M says more", new=f"{name} says more", says="").do(project)
    assert [name.replace("*", "").replace("\N{NO-BREAK SPACE}", " ") in one for one in to_mend(project)] == [True]


@pytest.mark.parametrize(
    "words",
    [
        "Meeting Elizabeth was hard. Then Kev met P in Kent.",
        "She asked for Restorative Justice on Christmas Day.",
        "The Kent County Council Youth Justice Service helped M.",
        "**Afterwards Lucy** went home.",
    ],
)
def test_what_is_no_full_name_may_stand(project: Path, words: str) -> None:
    """First names, beginnings of sentences, places and organisations may stand in an anonymous story."""
    Break(file=STORY, old="M says more", new=f"{words}\nM says more", says="").do(project)
    assert to_mend(project) == []


def test_a_story_with_names_by_choice_may_have_them(project: Path) -> None:
    """In a story that is not marked anonymous a full name may stand."""
    Break(file=STORY, old="M says more", new="Sarah Jones says more", says="").do(project)
    Break(file=STORY, old="anonymous: true", new="anonymous: false", says="").do(project)
    assert to_mend(project) == []


def test_the_command_says_how_many_and_fails(project: Path) -> None:
    """`make content` lists what to mend and then the advice, and fails only for what has to be mended."""
    command = [sys.executable, "-m", "editing", "--root", str(project)]
    fine = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert fine.returncode == 0
    assert fine.stdout.startswith("Advice, which stops nothing:\n")
    BREAKS["a word that is misspelt"].do(project)
    broken = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert broken.returncode == 1
    assert broken.stdout.startswith(BREAKS["a word that is misspelt"].says)
    assert "1 to mend" in broken.stdout


def test_what_comes_from_the_code_can_be_written_anew(project: Path) -> None:
    """Asked to refresh, the command puts back what the code says, and then nothing has to be mended."""
    BREAKS["a criterion that was changed by hand"].do(project)
    command = [sys.executable, "-m", "editing", "--refresh", "--root", str(project)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0
    assert "refer/index.md was written anew." in ran.stdout


def test_a_change_of_the_number_reaches_every_page(tmp_path: Path) -> None:
    """The telephone number stands in one place: changed there, every page shows the new one, and links to it."""
    project = copy_content(tmp_path)
    old = About.read(project).extra["service"]["phone"]
    Break(file="mkdocs.yml", old=f"phone: {old}", new="phone: 0800 783 9999", says="").do(project)
    assert to_mend(project, datetime.now(UTC).date()) == []
    build(project, tmp_path / "built")
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "built").rglob("*.html")]
    assert not [page for page in pages if old in page or old.replace(" ", "")[1:] in page or "{{" in page]
    assert sum("0800 783 9999" in page for page in pages) > 20
    assert any('<a href="tel:+448007839999">0800 783 9999</a>' in page for page in pages)


@pytest.fixture
def workshop(tmp_path: Path) -> Path:
    """Copy everything that `make site` needs."""
    return copy_workshop(tmp_path)


def make_site(workshop: Path) -> subprocess.CompletedProcess[str]:
    """Build it on a machine without Node.js."""
    environ = {"PATH": str(workshop), "PYTHONPATH": str(workshop)}
    command = [sys.executable, "-m", "building"]
    return subprocess.run(command, cwd=workshop, env=environ, capture_output=True, text=True, check=False)


def test_without_node_the_site_is_built_without_the_editor(workshop: Path) -> None:
    """Where there is no npm, the site is built, and one sentence says that the editor is left out."""
    ran = make_site(workshop)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[0] == LEFT_OUT.strip()
    assert (workshop / "site" / "contact" / "index.html").is_file()
    assert not (workshop / "site" / "admin").exists()


def test_nothing_is_built_while_something_has_to_be_mended(workshop: Path) -> None:
    """`make site` says each sentence of the content check, and builds nothing that is unsafe or broken."""
    shutil.rmtree(workshop / "docs")
    shutil.copytree(SMALL, workshop, dirs_exist_ok=True)
    refresh(workshop / "docs")
    for name in ("a full name in an anonymous story", "a link to a page that is not there"):
        BREAKS[name].do(workshop)
    ran = make_site(workshop)
    assert ran.returncode == 1
    assert ran.stderr.splitlines() == [
        BREAKS["a full name in an anonymous story"].says,
        BREAKS["a link to a page that is not there"].says,
        "Nothing was built: mend this first.",
    ]
    assert not (workshop / "site").exists()


def test_pages_that_come_and_go_keep_the_list_of_pages_whole(project: Path) -> None:
    """A story that mkdocs.yml does not name follows the ones that it names, and a page that is gone is in no list."""
    as_it_is = (project / "mkdocs.yml").read_text(encoding="utf-8")
    assert whole(project) == as_it_is
    shutil.copy(project / STORY, project / "docs/case-studies/another.md")
    (project / "docs/case-studies/lucys-story.md").unlink()
    assert whole(project) == as_it_is.replace("case-studies/lucys-story.md\n", "case-studies/another.md\n", 1)
