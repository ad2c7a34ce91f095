"""The letter that the service works from."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_function.asking.answer_types import Answer, AnyOf, Choice, ShortText, Way
from referral_function.asking.area import AREA
from referral_function.asking.questions import (
    OWN,
    PROFESSIONAL,
    ContactUse,
    Party,
    Question,
    Route,
    SafeContact,
    Section,
)
from referral_function.asking.referral import Referral, questions, sections
from referral_function.asking.text import normalise
from referral_function.deciding.decision import definition_version
from referral_function.sending import letter_content
from referral_function.sending.letter import ROUTE_NAMES, SUBJECT_WORDS, Place, london_time
from referral_function.sending.letter_content import write_letter
from referral_function.sending.letter_html import letter_html
from referral_function.sending.letter_text import letter_text
from tests.examples import a_full_referral, a_referral
from tests.letter_cases import (
    CASES,
    HOSTILE,
    RECEIVED,
    REFERENCE,
    html,
    kept,
    kept_html,
    letter,
    text,
    without_version,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.examples import Posted

M, H, R = Route.MYSELF, Route.PERSON_HARMED, Route.PERSON_RESPONSIBLE
HEAD = 5  # lines: reference, route and time, with their empty lines


def plain(route: Route, **changes: str | list[str]) -> str:
    """Write the plain letter of an invented referral."""
    return letter_text(letter(route, a_referral(route, **changes)))


def part(text: str, heading: str) -> str:
    """Cut one part out of a plain letter."""
    return text.split(f"\n{heading}:\n")[1].split("\n\n", maxsplit=1)[0]


def contact(text: str) -> list[str]:
    """Cut out the lines about contact."""
    return text.split("\n\n")[2].splitlines()


def below(text: str) -> str:
    """Cut out the sections at the end."""
    return text.split("THE REFERRAL:\n")[1]


@pytest.mark.parametrize("name", CASES)
def test_a_letter_is_as_it_was_read_and_kept(name: str) -> None:
    """The letters that were read by a person do not change unnoticed."""
    assert without_version(text(name)) == kept(name).read_text(encoding="utf-8")


def test_an_html_letter_is_as_it_was_kept() -> None:
    """No tag of the HTML letter changes unnoticed."""
    assert without_version(html()) == kept_html().read_text(encoding="utf-8")


@pytest.mark.parametrize("route", Route)
def test_a_letter_begins_with_reference_route_and_time(route: Route) -> None:
    """The head names the reference, the route and the time as people in Kent read it; the first line after it is contact."""
    lines = plain(route).splitlines()
    assert lines[:HEAD] == [
        "Reference: RJ-2345-6789",
        "",
        f"Route: {ROUTE_NAMES[route]}.",
        "Received: 14 May 2027, 3:04 pm BST.",
        "",
    ]
    assert lines[HEAD].startswith("Contact ONLY")
    assert SUBJECT_WORDS[route]


def test_what_was_not_chosen_stands_nowhere_in_contact() -> None:
    """A phone for texts only: the other ways are forbidden, their details stand once, marked, in their section."""
    text = plain(M, contact_methods=["text"], victim_email="a@example.org", victim_address="1 Invented Row")
    assert contact(text)[:2] == ["Contact ONLY by: text to 07700 900 982", "  Do NOT: call, email, write."]
    for detail in ("a@example.org", "1 Invented Row"):
        assert text.count(detail) == 1
        assert f"(not chosen: do not use): {detail}\n" in below(text)


def test_who_will_call_is_not_contacted() -> None:
    """The first line after the head forbids contact, and nothing else but the name stands there."""
    text = plain(M, contact_methods=["i_will_call"], court_stage="not_known", responsibility="not_known")
    assert contact(text) == ["DO NOT CONTACT. The person will call.", "  Ask for: Al (Alex Example)"]
    assert text.count("07700 900 982") == 1
    assert "    Phone (not chosen: do not use): 07700 900 982\n" in below(text)
    assert part(text, "LOOK AT FIRST").splitlines()[-1] == "  Not known: Responsibility, Stage of the case."


def test_threats_stand_in_full_at_the_top() -> None:
    """What to be careful about and the known risks stand before line 20, character for character."""
    beginning = "\n".join(text("a-threat").splitlines()[:19])
    assert beginning.count("He reads her post.\nHe says he will kill me if I talk.") == 2


@pytest.mark.parametrize("route", Route)
def test_danger_stands_within_ten_lines(route: Route) -> None:
    """What is dangerous is named before a reader has passed ten lines, for somebody in prison too."""
    lines = [line for line in plain(route, no_contact_order="yes").splitlines() if line]
    assert any(line.startswith("DANGER: ") for line in lines[:10]), lines


@pytest.mark.parametrize(("name", "kin"), [("bereaved", "close relative"), ("a-sister", "sister")])
def test_a_bereavement_is_said_twice(name: str, kin: str) -> None:
    """Who lost someone is named with the person who died, in Who and in Look at first."""
    for heading in ("WHO", "LOOK AT FIRST"):
        assert f"  Bereaved: {kin} of Mark Example" in part(text(name), heading).splitlines()


@pytest.mark.parametrize("name", CASES)
def test_no_part_of_a_letter_is_empty(name: str) -> None:
    """Each part says something, also where a person gave nothing but a name to use."""
    lines = text(name).splitlines()
    for heading in ("WHO:", "LOOK AT FIRST:", "CRITERIA:"):
        assert lines[lines.index(heading) + 1].startswith("  ")


def test_who_speaks_for_another_is_said() -> None:
    """Who asks for a child, a relative who died or a business stands beside them, with how they are related."""
    for name, line in (
        ("full-my-child", "  Mother of Sky Example"),
        ("plain-my-child", "  Parent or guardian of Sky Example"),
        ("full-my-business", "  Speaks for Invented News"),
    ):
        assert part(text(name), "WHO").splitlines()[1] == line


@pytest.mark.parametrize("route", [Route.MYSELF, Route.MY_CHILD, H, R])
def test_who_lives_together_is_a_danger(route: Route) -> None:
    """That the person who caused harm lives with the person harmed stands in Danger."""
    assert "Lives with the person harmed: Yes." in plain(route, lives_together="yes").partition("\nWHO:")[0]


def test_a_child_who_writes_is_seen_at_once() -> None:
    """A child who names abuse that the police do not know of is flagged in Danger, Look at first and Criteria."""
    written = text("written-by-a-child")
    assert "DANGER: Stage of the case: Not reported to the police.\n" in written
    assert part(written, "LOOK AT FIRST").splitlines() == [
        "  Sexual abuse of a child: take extra care.",
        "  Under 18: the person harmed.",
        "  The person harmed asks.",
        "  Written by a child: speak to them before any parent.",
        "  Support lines shown: children, sexual violence, anyone affected by crime, distress.",
    ]


def test_first_contact_has_no_criteria() -> None:
    """Where somebody only asks to be contacted, the letter says that nothing was checked."""
    assert part(text("plain-contact-me"), "CRITERIA").splitlines() == ["  Nothing was checked: first contact."]
    flagged = part(plain(Route.CONTACT_ME, i_am="caused_harm"), "LOOK AT FIRST")
    assert flagged == "  The person who asks caused harm."
    shown = part(plain(Route.CONTACT_ME, i_am="harmed"), "LOOK AT FIRST").splitlines()
    assert shown == ["  Nothing to flag.", "  Support lines shown: anyone affected by crime, distress."]


def test_what_people_left_out_is_named_as_not_known() -> None:
    """A person harmed who gives only a name and a phone has no criterion refused, and what to ask stands in one line."""
    least, over_18 = text("least-myself"), "Person responsible is 18 or over"
    assert part(least, "LOOK AT FIRST").splitlines() == [
        f"  Not known: Kind of abuse, Person responsible is known, {over_18}, Responsibility, Link to {AREA}, Stage of the case."
    ]
    assert part(least, "CRITERIA").count("not answered: ask.") == 6


def test_a_bereavement_without_a_name_is_flagged() -> None:
    """Should the name of the person who died ever be missing, the bereavement is said all the same."""
    written = write_letter(
        Referral(route=H, answers={"relationship": "bereaved_relative"}), reference="RJ", received_at=RECEIVED
    )
    assert part(letter_text(written), "WHO") == "  Who is referred: A close relative of someone who died."
    flagged = part(letter_text(written), "LOOK AT FIRST").splitlines()
    assert flagged[0] == "  A close relative of someone who died."


@pytest.mark.parametrize("asked", ["yes", "not_yet", "not_sure"])
def test_a_child_is_heard_first(asked: str) -> None:
    """A parent who writes for a child is flagged, and the child is named."""
    text = plain(Route.MY_CHILD, victim_agrees=asked)
    assert "hear from the child first." in part(text, "LOOK AT FIRST")
    assert "  Parent or guardian of Sky Example" in part(text, "WHO").splitlines()


def test_a_supporter_is_the_way_of_contact() -> None:
    """Where contact goes through a supporter, their name and number stand in the first part, and no other number."""
    text = plain(H, contact_methods=["supporter"], victim_supporter="Kim Example, 07700 900 983")
    assert contact(text)[0] == "Contact ONLY by: message through Kim Example, 07700 900 983"
    assert "07700 900 982" not in "\n".join(contact(text))
    assert contact(text)[1] == "  Do NOT: call, text, email, write."


@pytest.mark.parametrize("route", sorted(OWN | PROFESSIONAL))
def test_an_order_is_a_danger(route: Route) -> None:
    """An order that forbids contact stands in Danger on every route; a No stands in its section."""
    assert "\nDANGER: Order that forbids contact: Yes.\n" in plain(route, no_contact_order="yes")
    assert "Order that forbids contact: No." in below(plain(route, no_contact_order="no"))


def test_what_is_dangerous_is_said() -> None:
    """Not reported to the police, MARAC and MAPPA are dangers; where nothing was named, that is no promise."""
    assert "DANGER: Stage of the case: Not reported to the police.\n" in plain(M, court_stage="not_reported")
    assert "DANGER: Known to MARAC: Yes.\n  Known risks: None known\n" in plain(H, multi_agency="yes")
    assert "DANGER: Managed under MAPPA: Yes.\n" in plain(R, multi_agency="yes")
    assert "DANGER: no danger was named. That does not mean that there is none.\n" in plain(M)


def test_a_date_that_matters_is_flagged() -> None:
    """The next hearing, release or parole stands in Look at first with its date."""
    assert "  Next date that matters: 3 June\n" in part(plain(R, key_date="3 June"), "LOOK AT FIRST") + "\n"


def test_what_to_look_at_first_comes_by_weight() -> None:
    """Abuse comes first, then age, who leads, the child, the interpreter, dates, prison, court, and what is not known."""
    changes: Posted = {
        "offence_group": ["domestic", "child_sexual_non_recent"],
        "victim_led": "yes",
        "relationship": "parent_or_guardian",
        "represented_name": "Sky Example",
        "victim_age_group": "under_18",
        "interpreter": "bsl",
        "key_date": "3 June",
        "court_stage": "awaiting_trial",
        "no_contact_order": "not_known",
        "multi_agency": "not_known",
    }
    assert part(plain(H, **changes), "LOOK AT FIRST").splitlines() == [
        "  Domestic violence or abuse: take extra care.",
        "  Sexual abuse of a child: take extra care.",
        "  Under 18: the person harmed, or the relative of someone who died.",
        "  Victim led.",
        "  A parent asks: hear from the child first.",
        "  Interpreter needed: British Sign Language.",
        "  Next date that matters: 3 June",
        "  In prison.",
        "  At court.",
        "  Not known: Order that forbids contact, Known to MARAC.",
        "  Support lines shown: children, sexual violence, domestic abuse, anyone affected by crime, distress.",
    ]
    assert part(plain(M), "LOOK AT FIRST") == "  Nothing to flag."
    assert "has not been asked yet: we ask." in part(plain(R), "LOOK AT FIRST")


@pytest.mark.parametrize("route", Route)
def test_every_answer_that_nobody_knows_is_named(route: Route) -> None:
    """Each question that was answered with Not known, or I am not sure, stands in the one line of what is not known."""
    unknown = {
        question.name: code
        for question in questions(route)
        for code in ("not_known", "not_sure")
        if code in {choice.code for choice in question.choices}
    }
    answers = {name: (code,) if name in ("offence_group", "area_link") else code for name, code in unknown.items()}
    written = letter_text(write_letter(Referral(route=route, answers=answers), reference="RJ", received_at=RECEIVED))
    [line] = [line for line in written.splitlines() if line.startswith("  Not known: ")]
    left_out = {"offence_group"} if route.is_own else set()
    by_name = {question.name: question.short for question in questions(route)}
    assert line == f"  Not known: {', '.join(by_name[name] for name in by_name if name in unknown.keys() | left_out)}."


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("yes", "you may leave a message (answered: Yes)"),
        ("no", "DO NOT leave a message (answered: No)"),
        ("not_known", "DO NOT leave a message (answered: I am not sure)"),
    ],
)
def test_voicemail_is_allowed_only_by_yes(answer: str, said: str) -> None:
    """Only a Yes allows a message; No and not known forbid it in capitals."""
    assert f"  Voicemail: {said}." in contact(plain(M, voicemail_ok=answer))


def test_voicemail_without_phone_is_forbidden() -> None:
    """A Yes about messages is worth nothing where phone was not chosen, nor is a blank."""
    for answer in ("yes", ""):
        text = plain(M, contact_methods=["text"], voicemail_ok=answer)
        assert "  Voicemail: DO NOT leave a message." in contact(text)


def test_each_way_of_contact_has_a_line() -> None:
    """The ways stand in the order of the form, one line a detail, and nothing is forbidden where all were chosen."""
    assert contact(text("full-myself"))[:7] == [
        "Contact ONLY by: call or text to 07700 900 982",
        "  or by: email to zoe.example@example.org",
        "  or by (3 lines): post to 1 Invented Row",
        "Canterbury",
        "CT1 2XX",
        "  or by: message through Kim Example, 07700 900 983",
        "  Voicemail: DO NOT leave a message (answered: No).",
    ]


def test_a_person_responsible_is_reached_as_said() -> None:
    """On that route the part says how to reach them or their manager, and the phone of the referrer."""
    assert contact(plain(R, interpreter="spoken", language="Polish")) == [
        "Contact ONLY as written here.",
        "  Ask for: Jo Example",
        "  Whereabouts of the person responsible: In prison.",
        "  Offender manager: Sam Example, 01632 960 002",
        "  Interpreter: Spoken language.",
        "  Language or dialect: Polish",
        "  Safe contact with the person responsible: Through the offender manager.",
        "  Phone of the referrer: 01632 960 001",
    ]


def test_without_a_way_of_contact_nobody_is_contacted() -> None:
    """Should a letter ever be written without one, it forbids contact, and names nobody to ask for."""
    written = letter_text(write_letter(Referral(route=M, answers={}), reference="RJ", received_at=RECEIVED))
    assert contact(written) == [
        "DO NOT CONTACT. No safe way of contact was given.",
        "  Do NOT: call, text, email, write.",
        "  Voicemail: DO NOT leave a message.",
    ]
    assert "  Responsibility: not answered: ask." in part(written, "CRITERIA").splitlines()


FORUM = Question(
    name="forum",
    short="Forum name",
    label="Your name in the forum?",
    answer=ShortText(),
    purpose="For a test.",
    safe_contact=SafeContact(party=Party.VICTIM, use=ContactUse.DETAIL, ways=frozenset({"forum"})),
)


@pytest.mark.parametrize("chosen", [True, False])
def test_a_way_of_contact_added_to_the_form_needs_no_change_here(
    chosen: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A new way and its detail stand in Contact if they were chosen, and are forbidden and marked if not."""
    asked = {question.name: question for question in questions(M)}
    methods = asked["contact_methods"]
    way = Choice(code="forum", label="Forum", way=Way(by="write in the forum to", never="write in the forum"))
    planted = replace(methods, answer=AnyOf(choices=(*methods.choices, way), exclusive=frozenset()))
    section = Section(title="Contact", questions=(asked["victim_phone"], planted, FORUM))
    monkeypatch.setattr(letter_content, "questions", lambda _route: section.questions)
    monkeypatch.setattr(letter_content, "sections", lambda _route: (section,))
    answers: dict[str, Answer] = {
        "contact_methods": ("forum" if chosen else "phone",),
        "forum": "Ann1",
        "victim_phone": "101",
    }
    written = letter_text(write_letter(Referral(route=M, answers=answers), reference="RJ", received_at=RECEIVED))
    if chosen:
        assert contact(written)[0] == "Contact ONLY by: write in the forum to Ann1"
    else:
        assert contact(written)[1] == "  Do NOT: text, email, write, write in the forum."
        assert "    Forum name (not chosen: do not use): Ann1" in below(written)


@pytest.mark.parametrize("name", CASES)
def test_the_first_lines_are_enough(name: str) -> None:
    """The name, the only ways of contact and the dangers stand within 15 lines after the head."""
    route, posted = CASES[name]
    first = "\n".join(text(name).splitlines()[HEAD : HEAD + 15])
    called = {R: "offender_name", Route.CONTACT_ME: "known_as"}.get(route, "victim_name")
    assert str(posted[called]) in first
    assert re.search("^(Contact ONLY|DO NOT CONTACT)", first)
    assert "\nDANGER: " in first
    if posted.get("no_contact_order") == "yes":
        assert "\nDANGER: Order that forbids contact: Yes." in first


@pytest.mark.parametrize("route", Route)
def test_a_letter_is_short(route: Route) -> None:
    """The plain letter of an ordinary referral has at most 60 lines."""
    assert len(plain(route).splitlines()) <= 60


def own_lines(text: str) -> list[str]:
    """Return the lines that the program writes: without the further lines of what was typed."""
    lines, own = iter(text.splitlines()), []
    for line in lines:
        own.append(line)
        count = re.match(r" *[^:]+? \(([0-9]+) lines\): |DANGER: [^:]+ \(([0-9]+) lines\): ", line)
        for _ in range(int(count[1] or count[2]) - 1 if count else 0):
            next(lines)
    return own


def as_outlook_shows(text: str) -> list[str]:
    """Join lines as Outlook does when it removes extra line breaks.

    A line of 40 characters or more is joined with the next one, and so are those after it, until a line ends with a full
    stop, question mark, exclamation mark or colon; a line that begins with a tab or two blanks, and an empty line, stay.
    """
    shown: list[str] = []
    joining = False
    for line in text.splitlines():
        if joining and line and shown[-1] and not line.startswith(("  ", "\t")):
            shown[-1] += f" {line}"
        else:
            shown.append(line)
            joining = False
        joining = (joining or len(line) >= 40) and not line.endswith((".", "?", "!", ":"))
    return shown


@pytest.mark.parametrize("name", sorted(CASES.keys() - {"hostile"}))
def test_outlook_joins_no_line_of_ours(name: str) -> None:
    """Every line that the program writes still begins a line after Outlook has removed what it calls extra line breaks."""
    shown = as_outlook_shows(text(name))
    assert [line for line in own_lines(text(name)) if not any(each.startswith(line) for each in shown)] == []


def test_joined_lines_are_seen() -> None:
    """The control: without the two blanks in front, and without its full stop, lines are joined."""
    written = text("plain-person-harmed")
    flat = "\n".join(line.strip() for line in written.splitlines())
    assert as_outlook_shows(flat) != flat.splitlines()
    assert "Known risks (2 lines): He" in "\n".join(own_lines(text("a-threat")))
    assert "He says he will kill me if I talk." not in own_lines(text("a-threat"))
    assert as_outlook_shows("x" * 40 + "\ny") == ["x" * 40 + " y"]
    assert as_outlook_shows("x" * 39 + "\ny") == ["x" * 39, "y"]


@pytest.mark.parametrize("route", Route)
def test_every_answer_stands_once(route: Route) -> None:
    """Nothing of the first parts is repeated in the sections: they say where to look."""
    written = letter(route, a_full_referral(route))
    for section, asked in zip(written.sections, sections(route), strict=True):
        assert section.not_answered == ()
        labels = {row.label for row in section.rows}
        elsewhere = {question.short for question in asked.questions} - labels
        assert bool(elsewhere) == bool(section.see)
    assert [section.see for section in letter(H, a_referral(H)).sections][2:4] == [
        (Place.CONTACT, Place.WHO),
        (Place.CONTACT,),
    ]


@given(typed=st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=300))
def test_an_answer_is_there_exactly_as_typed(typed: str) -> None:
    """Any readable text stands in the letter as it was typed, with our line ends."""
    assert normalise(f"x{typed}x") in plain(M, summary=f"x{typed}x")


def test_not_answered_is_not_no() -> None:
    """A question left out is named as such; an answer No says No."""
    section = below(plain(M, no_contact_order="no", known_risks=""))
    assert "Order that forbids contact: No. Not answered: Known risks, Lives with the person harmed." in section


def test_criteria_have_a_line_each() -> None:
    """Each criterion of the route is met, met with a note, does not apply, or has to be asked; others are left out."""
    lines = part(plain(H, court_stage="awaiting_trial"), "CRITERIA").splitlines()
    assert "  Court: met, with: At court." in lines
    assert "  Victim led: does not apply." in lines
    assert "  Kent & Medway: met." in lines
    assert not any("Choice of the person who caused harm" in line for line in lines)


def test_the_hint_about_places_stands_below_the_criteria() -> None:
    """A postcode in an address is named with its council, once; without a postcode there is no such line."""
    hint = "  Postcodes, a hint and never a rule: CT1: Canterbury, in the area."
    assert part(plain(H), "CRITERIA").splitlines()[-1] == hint
    both = part(plain(H, offence_location="CT1 and CT11"), "CRITERIA").splitlines()[-1]
    assert both == "  Postcodes, a hint and never a rule: CT1: Canterbury, in the area; CT11: Thanet, in the area."
    assert "Postcodes" not in plain(M)
    assert "Postcodes" not in plain(M, victim_address="Beside the M20", offence_location="1AB Invented Road")


def test_a_letter_ends_with_the_version() -> None:
    """The closing line names the version of the form, and says that one reference is one referral."""
    assert f"\n\nForm version {definition_version()}, checksum " in plain(M)
    assert plain(M).endswith(". If you already have a referral with this reference, this is the same one.\n")
    assert f"<p>Form version {definition_version()}. If you" in letter_html(letter(M, a_referral(M)))


ALLOWED = {
    *("html lang=en-GB", "head", "meta charset=utf-8", "title", "body", "h1", "h2", "h3", "p", "ul", "table", "tr"),
    *("li dir=auto", "th scope=row", "td dir=auto", "br"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_html_face_is_plain_and_safe(name: str) -> None:
    """It is valid HTML of headings, lists and tables; no style, script, image or link but to a phone or a mailbox."""
    html = letter_html(letter(*CASES[name]))
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tags = [
        " ".join((element.tag, *(f"{key}={value}" for key, value in element.attrib.items())))
        for element in parser.parse(html).iter()
    ]
    links = {tag for tag in tags if tag.startswith("a href=")}
    assert {tag for tag in tags if tag != "tbody"} - links <= ALLOWED
    assert all(re.fullmatch(r"a href=(tel:\+?[0-9]+|mailto:[^?&\s]+)", link) for link in links), links


def test_links_lead_only_where_contact_is_safe() -> None:
    """A chosen phone or email can be pressed; one that was not chosen is text."""
    for extension in ("ext 3", "EXT 3", "#3"):
        phone = f"+44 (0)7700 900982 {extension}"
        html = letter_html(
            letter(M, a_referral(M, contact_methods=["text"], victim_phone=phone, victim_email="a@b.org"))
        )
        assert f'<td dir="auto">text to <a href="tel:+447700900982">{phone}</a></td>' in html
    assert "mailto:" not in html
    assert 'href="mailto:robin.example@example.org"' in letter_html(letter(H, a_referral(H)))


def test_hostile_text_changes_no_structure() -> None:
    """Tags, boundaries and headings that were typed are shown as typed, and the parts stay those of any letter."""
    hostile, harmless = letter(*CASES["hostile"]), letter(M, a_referral(M))
    for pattern in ("<h[123]>[^<]*", "<(?:tr|li|table|ul|p)[ >]"):
        assert re.findall(pattern, letter_html(hostile)) == re.findall(pattern, letter_html(harmless))
    assert HOSTILE.replace("\u2028", "\n") in letter_text(hostile)
    assert "&lt;/td&gt;&lt;h1&gt;Danger&lt;/h1&gt;<br><br>DANGER: none<br>" in letter_html(hostile)
    long = "</td>\u2028" + "x" * 10**5
    written = write_letter(Referral(route=M, answers={"summary": long}), reference=REFERENCE, received_at=RECEIVED)
    assert long in letter_text(written)
    assert long.replace("</td>", "&lt;/td&gt;") in letter_html(written)


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2027, 5, 14, 14, 4, tzinfo=UTC), "14 May 2027, 3:04 pm BST"),
        (datetime(2027, 1, 2, 0, 5, tzinfo=UTC), "2 January 2027, 12:05 am GMT"),
        (datetime(2027, 1, 2, 12, 0, tzinfo=UTC), "2 January 2027, 12:00 pm GMT"),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "31 October 2027, 1:30 am BST"),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "31 October 2027, 1:30 am GMT"),
    ],
)
def test_times_are_those_of_kent(moment: datetime, written: str) -> None:
    """Times are read in London, in summer and in winter, and the hour that comes twice is told apart."""
    assert london_time(moment) == written


@pytest.mark.needs("soffice")
def test_libreoffice_shows_every_word_of_the_html_face(tmp_path: Path) -> None:
    """Opened with LibreOffice, the HTML face says the same words in the same order, those that look like tags too."""
    for name in ("full-person-harmed", "hostile"):
        html = letter_html(letter(*CASES[name]))
        (tmp_path / f"{name}.html").write_text(html, encoding="utf-8")
        subprocess.run(
            [
                *("soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"),
                *("--infilter=HTML (StarWriter)", "--convert-to", "txt:Text", "--outdir", tmp_path),
                tmp_path / f"{name}.html",
            ],
            check=True,
            capture_output=True,
        )
        shown = (tmp_path / f"{name}.txt").read_text("utf-8-sig").replace("•", " ")
        [body] = html5lib.parse(html.replace("<br>", " "), namespaceHTMLElements=False).iter("body")
        assert shown.split() == " ".join(body.itertext()).split()


def test_both_faces_say_that_no_danger_was_named_in_whole_sentences() -> None:
    """Each sentence begins with a capital in the HTML face too."""
    harmless = letter(M, a_referral(M))
    assert "DANGER: no danger was named. That does not mean" in letter_text(harmless)
    assert "No danger was named. That does not mean" in letter_html(harmless)
