"""The form on paper: what it says beside its questions, and the Word and ODT files that carry it."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import docx
import pytest

from referral_function import __main__ as commands
from referral_function.asking.answer_types import DateParts, LongText, OneOf
from referral_function.asking.questions import Route
from referral_function.papers.office import FORMATS, office_file, write_papers
from referral_function.papers.paper import PAPER_ROUTES, PaperForm, Row, paper_form
from tests.project_copies import CONFIGURATION
from website.build.assets import write_paper_forms
from website.content.pages import LEAFLET_PAGE, LEAFLETS
from website.content.service_config import ServiceConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).resolve().parents[1]
MOST: Final = 15_000  # bytes of a file
MEDIA_TYPE: Final = b"application/vnd.oasis.opendocument.text"
W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMES: Final = {
    f"{name}.{extension}"
    for name in (
        *(f"paper-form-{number}" for number in (1, 2, 3, 4)),
        "referral-form-person-harmed",
        "referral-form-person-responsible",
    )
    for extension in ("docx", "odt")
}


@pytest.fixture(scope="module")
def service() -> Mapping[str, Any]:
    """Read what `service.yml` says about the service."""
    return ServiceConfig.read(ROOT).service


def unzipped(content: bytes) -> dict[str, bytes]:
    """Read the files of an archive by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(params=PAPER_ROUTES)
def paper(request: pytest.FixtureRequest, service: Mapping[str, Any]) -> PaperForm:
    """Give the paper form of each route."""
    return paper_form(request.param, service)


def xml(content: bytes) -> ET.Element:
    """Read XML that we have written ourselves."""
    return ET.fromstring(content)  # noqa: S314 - our own


def row(paper: PaperForm, name: str) -> Row:
    """Find a question on paper."""
    return next(each for section in paper.sections for each in section.rows if each.question.name == name)


def prose(paper: PaperForm) -> str:
    """Join what a paper form says beside its questions."""
    return " ".join((*paper.before_you_start, *paper.handling, *paper.sending)).replace("\N{NO-BREAK SPACE}", " ")


def test_it_says_how_to_send_it_safely(paper: PaperForm, service: Mapping[str, Any]) -> None:
    """Each form names the secure inbox, warns of ordinary mailboxes, and gives the phone number."""
    assert service["email"] in " ".join(paper.sending)
    assert "Do not send it from an ordinary mailbox unless that mailbox is secure" in " ".join(paper.sending)
    assert service["phone"] in prose(paper)
    assert paper.before_you_start[0] == "This form is not for emergencies. If you are in danger, call 999."


def test_each_route_is_told_what_matters_for_safety(service: Mapping[str, Any]) -> None:
    """Nobody contacts the other person, and the person harmed cannot be reached through the form about the offender."""
    said = {route: prose(paper_form(route, service)) for route in PAPER_ROUTES}
    promise = "We do not contact the person who caused harm until we have talked with you"
    assert all(promise in said[route] for route in PAPER_ROUTES if route.is_own)
    assert "Do not contact the person responsible about this." in said[Route.PERSON_HARMED]
    assert "Do not contact the person harmed about this." in said[Route.PERSON_RESPONSIBLE]
    assert "Do not give the address, phone number or email of the person harmed" in said[Route.PERSON_RESPONSIBLE]


def test_what_the_service_has_not_said_is_left_out(service: Mapping[str, Any]) -> None:
    """A sentence that waits for the service is left out, and appears once its word is filled in."""
    for route in PAPER_ROUTES:
        assert "By post" not in prose(paper_form(route, {**service, "postal_address": None}))
        assert "By post, in a sealed envelope marked “Confidential”: 1 Invented Row, Kent." in prose(
            paper_form(route, {**service, "postal_address": "1 Invented Row, Kent"})
        )


def test_each_kind_of_answer_has_its_place(service: Mapping[str, Any]) -> None:
    """Dates have their parts, long texts room to write, and where one box is to be ticked the form says so."""
    harmed, responsible = paper_form(Route.MYSELF, service), paper_form(Route.PERSON_RESPONSIBLE, service)
    for each in (row for form in (harmed, responsible) for section in form.sections for row in section.rows):
        answer = each.question.answer
        assert each.lines == (5 if isinstance(answer, LongText) else 1)
        assert each.date_parts == (("Day", "Month", "Year") if isinstance(answer, DateParts) else ())
        assert ("Tick one box." in each.hints) is isinstance(answer, OneOf)


def test_paper_says_when_an_answer_is_needed(service: Mapping[str, Any]) -> None:
    """Paper says when an answer is needed, as the screen does: there nobody answers back."""
    paper = paper_form(Route.PERSON_HARMED, service)
    assert row(paper, "offence_type").hints == (
        "Needed only if you chose “None of these” or “Not known” under “Was it any of these?”.",
        "Tick one box.",
    )
    assert row(paper, "victim_known_as").hints == ()


def test_the_files_are_made_for_the_pages(tmp_path: Path) -> None:
    """Word and ODT for each route lie where the pages link to, each below 15 kB, the same to the byte when made again."""
    for name in CONFIGURATION:
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "site_overrides").mkdir()
    (tmp_path / LEAFLET_PAGE).parent.mkdir(parents=True)
    shutil.copy(ROOT / LEAFLET_PAGE, tmp_path / LEAFLET_PAGE)
    write_paper_forms(tmp_path)
    made = {path.name: path.read_bytes() for path in (tmp_path / "docs" / "downloads").iterdir()}
    assert made.keys() == {*NAMES, *LEAFLETS}
    assert max(len(made[name]) for name in NAMES) < MOST
    for name in NAMES:
        (tmp_path / "docs" / "downloads" / name).unlink()
    write_paper_forms(tmp_path)
    assert {path.name: path.read_bytes() for path in (tmp_path / "docs" / "downloads").iterdir()} == made


def test_a_file_that_is_as_it_should_be_is_not_touched(tmp_path: Path, service: Mapping[str, Any]) -> None:
    """Making the files again writes only what has changed, so that a live preview does not build for ever."""
    first, *others = write_papers(tmp_path, service)
    first.write_bytes(b"of another day")
    before = {path: path.stat().st_mtime_ns for path in others}
    write_papers(tmp_path, service)
    assert first.read_bytes() != b"of another day"
    assert {path: path.stat().st_mtime_ns for path in others} == before


def test_two_builds_at_once_write_the_same_file(tmp_path: Path) -> None:
    """Neither takes away the file that the other is about to put in place."""
    writes = (
        "import sys; from pathlib import Path; from referral_function.papers.office import write_if_changed\n"
        "for number in range(300): write_if_changed(Path(sys.argv[1]), f'{sys.argv[2]} {number}'.encode())"
    )
    command = [sys.executable, "-c", writes, str(tmp_path / "form.odt")]
    builds = [subprocess.Popen([*command, name], stderr=subprocess.PIPE, text=True) for name in ("one", "other")]
    assert [build.communicate()[1] for build in builds] == ["", ""]
    assert [path.name for path in tmp_path.iterdir()] == ["form.odt"]


def test_the_pages_lead_to_the_files(site: Path) -> None:
    """The built site has every file, `/refer/` leads to all of them and the professionals' page to theirs."""
    assert {path.name for path in (site / "downloads").iterdir()} == {*NAMES, *LEAFLETS}
    linked = {
        page: set(
            re.findall(r'href="[^"]*downloads/([^"]+)"', (site / page / "index.html").read_text(encoding="utf-8"))
        )
        for page in ("refer", "professionals")
    }
    assert linked == {"refer": NAMES, "professionals": {name for name in NAMES if name.startswith("referral")}}
    assert "#can-i-use-paper" in (site / "refer" / "what-we-ask" / "index.html").read_text(encoding="utf-8")


def test_the_word_file_is_a_good_document(paper: PaperForm) -> None:
    """Word: title, British English, A4, real headings, a header row in each table, rows that do not break, no macros."""
    content = office_file(paper, "docx")
    document = docx.Document(io.BytesIO(content))
    about, page = document.core_properties, document.sections[0]
    assert (about.title, about.language) == (f"{paper.title} – {paper.service}", "en-GB")
    assert page.page_width
    assert page.page_height
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    headings = [each.text for each in document.paragraphs if each.style and each.style.name == "Heading 1"]
    assert headings == [
        "Before you start",
        "Referral criteria",
        *(section.title for section in paper.sections),
        "What we do with what you send",
        "How to send this form safely",
    ]
    files = unzipped(content)
    assert b'w:lang w:val="en-GB"' in files["word/styles.xml"]
    assert not [name for name in files if "vba" in name.casefold() or "thumbnail" in name]
    assert len(document.tables) == len(paper.sections)
    for table in document.tables:
        assert [cell.text for cell in table.rows[0].cells] == ["What we ask", "Your answer"]
    for drawn in xml(files["word/document.xml"]).iter(f"{W}tbl"):
        head, *rows = drawn.findall(f"{W}tr")
        assert head.find(f"{W}trPr/{W}tblHeader") is not None
        assert all(each.find(f"{W}trPr/{W}cantSplit") is not None for each in rows)


def test_the_word_file_can_be_filled_in(paper: PaperForm) -> None:
    """Word: each question has content controls of its own, named and numbered once, and nothing else of the kind."""
    body = xml(unzipped(office_file(paper, "docx"))["word/document.xml"])
    controls = [(each.find(f"{W}tag"), each.find(f"{W}id"), each.find(f"{W}alias")) for each in body.iter(f"{W}sdtPr")]
    said = [[each.get(f"{W}val") for each in control if each is not None] for control in controls]
    tags, numbers, names = zip(*said, strict=True)
    assert len(set(numbers)) == len(numbers)
    assert all(name and len(name) <= 64 for name in names)
    rows = [each for section in paper.sections for each in section.rows]
    assert [tag.partition("=")[0] for tag in dict.fromkeys(tag.partition("=")[0] for tag in tags)] == [
        each.question.name for each in rows
    ]
    assert len(tags) == sum(len(each.question.choices) or len(each.date_parts) or 1 for each in rows)


def test_the_odt_file_is_a_good_document(paper: PaperForm) -> None:
    """ODT: known by its first bytes, title, British English, A4, real headings, header rows, no scripts."""
    content = office_file(paper, "odt")
    assert content[38 : 38 + len(MEDIA_TYPE)] == MEDIA_TYPE
    files = unzipped(content)
    for name in files.keys() - {"mimetype"}:
        xml(files[name])
    meta, styles, body = (files[name].decode() for name in ("meta.xml", "styles.xml", "content.xml"))
    assert f"<dc:title>{paper.title} – {paper.service.replace('&', '&amp;')}</dc:title>" in meta
    assert "<dc:language>en-GB</dc:language>" in meta
    assert 'fo:language="en" fo:country="GB"' in styles
    assert 'fo:page-width="21cm" fo:page-height="29.7cm"' in styles
    assert re.findall(r'text:outline-level="1">([^<]+)<', body)[2:-2] == [section.title for section in paper.sections]
    assert body.count("<table:table-header-rows>") == body.count("<table:table ") == len(paper.sections)
    assert "script" not in body


def undefined_styles(files: Mapping[str, bytes]) -> set[str]:
    """Find the styles that a Word or ODT file uses and does not define: an office program shows them as plain text."""
    if "word/document.xml" in files:
        used = re.findall(r'<w:(?:p|r|tbl)Style w:val="([^"]+)"', files["word/document.xml"].decode())
        defined = re.findall(r'w:styleId="([^"]+)"', files["word/styles.xml"].decode())
    else:
        text = files["content.xml"].decode() + files["styles.xml"].decode()
        used = re.findall(r'(?:text|table):style-name="([^"]+)"', text)
        defined = re.findall(r'style:name="([^"]+)"', text)
    assert used
    return set(used) - set(defined)


@pytest.mark.parametrize("extension", FORMATS)
def test_every_style_that_is_used_is_defined(paper: PaperForm, extension: str) -> None:
    """No style is missing; the control: one that is taken out is seen."""
    files = unzipped(office_file(paper, extension))
    assert undefined_styles(files) == set()
    styles = "word/styles.xml" if extension == "docx" else "styles.xml"
    broken = files[styles].replace(b'"Hint"', b'"Hunt"')
    assert undefined_styles({**files, styles: broken}) == {"Hint"}


def test_files_name_no_time_and_no_machine(paper: PaperForm) -> None:
    """Neither file says when or on which machine it was made."""
    for content in (office_file(paper, "docx"), office_file(paper, "odt")):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert {(each.date_time, each.create_system) for each in archive.infolist()} == {((1980, 1, 1, 0, 0, 0), 0)}
            assert not re.search(rb"dcterms:created|creation-date", b"".join(map(archive.read, archive.namelist())))


def test_the_command_writes_the_files(
    tmp_path: Path, service: Mapping[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """`papers FOLDER` writes the files from a built site and names each with its size."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "service.json").write_text(json.dumps({"service": service}), encoding="utf-8")
    assert commands.main(["papers", str(tmp_path / "made"), "--site", str(site)]) == 0
    assert {Path(line.split()[0]).name for line in capsys.readouterr().out.splitlines()} == NAMES
    assert commands.main(["papers", "--site", str(site)]) == 0
    assert {path.name for path in (site / "downloads").iterdir()} == NAMES


def test_the_command_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a built site, the command says so in a sentence."""
    assert commands.main(["papers", str(tmp_path), "--site", str(tmp_path / "nowhere")]) == 1
    assert "Build the site first" in capsys.readouterr().err


@pytest.mark.needs("soffice")
def test_libreoffice_keeps_what_matters(tmp_path: Path, service: Mapping[str, Any]) -> None:
    """Opened and saved by LibreOffice, a Word file keeps headings, title, language and questions, and so does an ODT file."""
    paper = paper_form(Route.PERSON_RESPONSIBLE, service)
    for name, content in (("word.docx", office_file(paper, "docx")), ("odt.odt", office_file(paper, "odt"))):
        (tmp_path / name).write_bytes(content)
    words = [
        "soffice",
        "--headless",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--convert-to",
        "docx",
    ]
    files = [tmp_path / "word.docx", tmp_path / "odt.odt"]
    subprocess.run([*words, "--outdir", tmp_path / "saved", *files], check=True, capture_output=True)
    for saved in ("word.docx", "odt.docx"):
        content = (tmp_path / "saved" / saved).read_bytes()
        document = docx.Document(io.BytesIO(content))
        about = unzipped(content)["docProps/core.xml"].decode()  # LibreOffice names it in a way that python-docx misses
        assert f"<dc:title>{paper.title} – {paper.service.replace('&', '&amp;')}</dc:title>" in about
        assert "<dc:language>en-GB</dc:language>" in about
        assert b'w:lang w:val="en-GB"' in unzipped(content)["word/styles.xml"]
        headings = [each.text for each in document.paragraphs if each.style and each.style.name == "Heading 1"]
        assert headings[2:-2] == [section.title for section in paper.sections]
        asked = [cell.text for table in document.tables for row in table.rows[1:] for cell in row.cells[:1]]
        rows = [row for section in paper.sections for row in section.rows]
        assert [said.split("\n")[0].removesuffix(" (optional)") for said in asked] == [
            row.question.label for row in rows
        ]
