"""What people paste from Word, emails and case systems: taken as they mean it, or refused with its place."""

import re
import sys
import unicodedata
from html import unescape
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_function import compose
from referral_function.asking.answer_types import Answer, LongText, PartialDate, ShortText, TextFormat
from referral_function.asking.answers import InvalidAnswer, parse
from referral_function.asking.questions import Question, Route
from referral_function.asking.referral import questions
from referral_function.asking.text import UNREADABLE, is_blank, normalise
from tests.examples import Posted, a_referral, free_text
from tests.referrer import Referrer, heading, title
from tests.test_answers import DATE, EMAIL, PHONE, TODAY, ask
from tests.test_journey import entries, typed

LONG, LINE = ask(LongText()), ask(ShortText())
LINE_ENDS = ("\r\n", "\r", "\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
MARKS = [chr(code) for code in (*range(9), *range(0x0E, 0x1E), 0x7F)]
INVISIBLE = ("\u200b", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u202a\u202c", "\u2069")
FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u2065\u2800\u3164\ufe0f\uffa0\ufff0\U000e0100\x80\x9f"
ANYTHING = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("\r\n\x0b\x1e\x1f\x00\u200b\u00ad <>@.,;:0x#"))
)


def refusal(question: Question, *values: str) -> str:
    """Return the sentence that refuses an answer."""
    with pytest.raises(InvalidAnswer) as caught:
        parse(question, list(values), TODAY)
    return str(caught.value)


@pytest.mark.parametrize("end", LINE_ENDS, ids=ascii)
def test_every_line_end_is_one(end: str) -> None:
    """Whatever ends a line in the program it comes from ends one here; in a one-line box it becomes a blank."""
    assert parse(LONG, [f"One.{end}Two{end}{end}"], TODAY) == "One.\nTwo\n\n"
    assert parse(LINE, [f"One.{end}Two{end}"], TODAY) == "One. Two "
    assert parse(ask(LongText(limit=3)), [end * 2 + "x"], TODAY) == "\n\nx"


def test_the_hyphens_of_word_become_text() -> None:
    """The non-breaking hyphen is a hyphen; the optional one is gone, and alone it is no answer."""
    assert parse(LONG, ["well\x1eknown, re\x1fferral"], TODAY) == "well-known, referral"
    assert parse(PHONE, ["01632\x1e960\x1e001"], TODAY) == "01632-960-001"
    assert parse(LINE, ["\x1f"], TODAY) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("One.{}Two", "after “One.”"),
        ("One.\n {} Two", "after “One.”"),
        ("One.\nHe said on the first day{}", "after “the first day”"),
        ("{}One", "at the beginning"),
        (" \u200b{}One", "at the beginning"),
        ("{0}{0}", "at the beginning"),
        ("One{0}{0} two\u00ad{0}", "after “One” and after “One two”"),
        ("{0}a {0}b {0}c {0}d", "at the beginning and after “a” and after “a b”, and every one after that"),
    ],
)
def test_a_mark_is_refused_with_its_place(text: str, place: str) -> None:
    """Each control character is refused in every kind of text with the words before it; in a date beside its part."""
    sentence = f"“Thing” has a mark that we cannot read. Delete the mark {place}"
    for mark in MARKS:
        assert {refusal(question, text.format(mark)) for question in (LONG, LINE, EMAIL, PHONE)} == {sentence}
        assert (
            refusal(DATE, "27", f"3{mark}", "85")
            == "Delete the mark after “3”. The year must have four digits, from 1900 to 2027"
        )
        assert refusal(DATE, "", "", mark) == "Delete the mark at the beginning"


def test_a_mark_is_placed_by_the_words_of_its_own_line() -> None:
    """A person looks for it line by line."""
    assert refusal(LONG, "One two\nThree\x00").endswith(" Delete the mark after “Three”")


def test_invisible_characters_alone_are_no_answer() -> None:
    """Blanks, format characters and fillers alone are no answer, to any question; beside a letter they stay."""
    formats = [chr(code) for code in range(sys.maxunicode) if unicodedata.category(chr(code)) in {"Cf", "Zs"}]
    assert len(formats) > 150
    for sign in (*formats, *FILLERS, *LINE_ENDS):
        assert is_blank(normalise(f" {sign}\t{sign}")), ascii(sign)
        for question in (LONG, LINE, EMAIL, PHONE, DATE):
            assert parse(question, [sign], TODAY) is None, ascii(sign)
    for sign in INVISIBLE:
        assert parse(LONG, [f"a{sign}b"], TODAY) == f"a{sign}b"
    for sign in "aé1.-_¤\U0001fac2\u0301\u4e00":
        assert not is_blank(sign), ascii(sign)


@pytest.mark.parametrize(
    "typed_as",
    [
        *(
            text.format("a@example.org")
            for text in ("mailto:{}", "MAILTO: {}", "mailto:{}?subject=Hello%20you", "<{}>")
        ),
        *(
            text.format("a@example.org")
            for text in ("{},", "{};", "{}.", "{}:", "<{}>;", "<mailto:{}>", "mailto:<{}>,", "({}).")
        ),
        *(text.format("a@example.org") for text in ('"{}"', "'{}'", "“{}”", "‘{}’,", " < {} > ", "\u00a0“<{}>”.\n")),
        *(f"a{sign}@exam{sign}ple.org{sign}" for sign in INVISIBLE),
    ],
)
def test_an_email_address_is_taken_out_of_what_was_copied(typed_as: str) -> None:
    """What copying leaves in and around an address is dropped, and once is enough."""
    assert parse(EMAIL, [typed_as], TODAY) == "a@example.org"


@pytest.mark.parametrize(
    "typed_as",
    [
        *(
            "Ann<a@example.org>",
            "Ann Example <a@example.org>",
            "a@example.org or b@example.org",
            "a@example.org,b@example.org",
        ),
        *(
            "a@example.org (work)",
            "Email: a@example.org",
            "a@example.org?subject=x",
            "a@example.org/",
            "a@b@example.org",
        ),
    ],
)
def test_what_is_more_than_an_address_is_refused(typed_as: str) -> None:
    """Words and a second address are never dropped in silence, and the sentence says that they are too much."""
    assert refusal(EMAIL, typed_as) == "Enter one email address here, without a name or anything else beside it"


@pytest.mark.parametrize(
    "typed_as",
    ["<a@example>", "mailto:", "<>", "a@\u2028example.org", "a@.example.org", "a@-example.org", "a@exa mple.o_"],
)
def test_what_holds_no_address_is_refused(typed_as: str) -> None:
    """A domain has no blank, no dash and no underscore at an end of its parts."""
    assert refusal(EMAIL, typed_as) == "Enter an email address in the correct format, like name@example.com"


@pytest.mark.parametrize(
    "number",
    [
        *("101", "999", "101 ext 123", "101, option 2", "0300 123 4567 option 2, ext. 7", "0300 123 4567 Opt: 2"),
        *("01632 960001 extension 22", "01632 960001 (ext 4321)", "01632 960001, ext 2", "01632 960001 Extn. 22"),
        *("01632960001x22", "01632 960001 X-22", "01632 960001 #22", "01632 960001 EXT: 22", "01632 960001; ext 22."),
        *(
            "+44 (0)20 7946 0001",
            "(+44) 20 7946 0001",
            "+44(0)1632–960‑001",
            "(01632) 960 001",
            "01632/960.001",
            "tel:+441632960001",
        ),
        *("0044\u20091632\u00a0960001", "01632 960001,", " 01632 960001 ", "01632\u2212960001"),
    ],
)
def test_a_phone_number_is_taken_as_typed(number: str) -> None:
    """Any spacing and any extension is taken exactly as typed, but without invisible characters."""
    assert parse(PHONE, [number], TODAY) == number
    for sign in INVISIBLE:
        assert parse(PHONE, [f"{sign}{number[:2]}{sign}{number[2:]}{sign}"], TODAY) == number


@pytest.mark.parametrize(
    "number",
    [
        *(
            "07700 900456 after 6pm",
            "07700 900456 (work mobile)",
            "work mobile 07700 900456",
            "07700 900456 not before 9",
        ),
        *(
            "01632 960001 or 07700 900456",
            "01632 960001 / 07700 900456",
            "01632 960001, 07700 900456",
            "01632 960001 ext 22 after 6pm",
            "01632 960001 ext",
            "07700 900456 – Anna",
            "tél 07700 900456",
        ),
    ],
)
def test_words_beside_a_number_are_told_where_they_go(number: str) -> None:
    """A note beside a number is refused with the name of the question where it goes, and each route asks that question."""
    for route in Route:
        labels = {question.label for question in questions(route)}
        for question in questions(route):
            if getattr(question.answer, "text_format", None) is TextFormat.PHONE:
                sentence = refusal(question, number)
                assert sentence.startswith(
                    "Enter only one phone number here. Write anything else, such as another number or when to call, under “"
                )
                assert sentence[:-1].rpartition("“")[2] in labels, question.name


@pytest.mark.parametrize(
    "number", ["", "10", "call me", "1" * 22, "01632 + 960001", "ext 4321", "#", "x1", "1 ext 234", "٠١٢٣٤٥٦٧٨٩"]
)
def test_what_is_no_phone_number_is_refused(number: str) -> None:
    """Fewer than three digits before the extension, too many, or none of 0 to 9 are no phone number."""
    assert is_blank(number) or refusal(PHONE, number).startswith("Enter ")


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        *(
            (("", month, ""), PartialDate(month=9))
            for month in ("Sept", "Sept.", "SEPT ", "sep.", "Septem", "september.", "09")
        ),
        *((("", month, ""), PartialDate(month=3)) for month in ("Mar.", "Marc", " mar\u200b", "03", "3")),
        *(((day, "", ""), PartialDate(day=22)) for day in ("22ND", "22 nd", "22nd.", "22.", "22st", "\u200e22\u2009")),
        *(
            (("", "", year), PartialDate(year=1985))
            for year in ("1985\u200e", "\ufeff1985", " 19\u00ad85\u2009", "1985\u2028")
        ),
        (("1st", "Sept.", "1985\u200e"), PartialDate(day=1, month=9, year=1985)),
        *(
            ((day, "Sept,", year), PartialDate(day=1, month=9, year=1985))
            for day, year in (("1,", "1985."), ("１", "１９８５"))
        ),
    ],
)
def test_a_date_is_taken_as_people_write_it(values: tuple[str, str, str], answer: Answer) -> None:
    """Months by the beginning of their name, days with their ending, digits of any script; marks around count for nothing."""
    assert parse(DATE, list(values), TODAY) == answer


@pytest.mark.parametrize(
    "values", [("27", "Se", ""), ("27", "Septx", ""), ("27", ".", ""), ("th", "", ""), ("32nd", "", ""), ("", "Ma", "")]
)
def test_what_is_no_date_is_refused(values: tuple[str, str, str]) -> None:
    """Two letters could be two months, and an ending needs a number."""
    assert "must be a number" in refusal(DATE, *values)


@given(ANYTHING)
def test_normalising_twice_changes_nothing(text: str) -> None:
    """Normalised text has one kind of line end, and stays as it is; a one-line text has none."""
    for one_line in (False, True):
        once = normalise(text, one_line=one_line)
        assert normalise(once, one_line=one_line) == once
        assert not set(once) & {*"\r\x0b\x0c\x85\u2028\u2029\x1e\x1f", *("\n" * one_line)}


@given(ANYTHING)
def test_an_answer_parsed_again_is_the_same(text: str) -> None:
    """An answer holds no control character but tab and line feed, and posted again it is the same answer."""
    for question in (LONG, LINE, EMAIL, PHONE):
        try:
            answer = parse(question, [text], TODAY)
        except InvalidAnswer:
            continue
        assert answer is None or (isinstance(answer, str) and not UNREADABLE.search(answer))
        assert answer is None or parse(question, [answer], TODAY) == answer


@pytest.mark.parametrize("route", Route)
@pytest.mark.parametrize("action", ["check", "edit", "review", "send"])
def test_pasted_text_is_taken_on_every_path(referrer: Referrer, route: Route, action: str) -> None:
    """Whatever is pressed, each page carries on the text as it was meant, with no replacement character."""
    name = free_text(route)
    posted = a_referral(route, **{name: "One.\x0bTwo\u2028Three\x1efour\x1f"})
    response = referrer.posts(route, posted, action)
    assert response.status_code == 200
    assert typed(response, name) == ["One.\nTwo\nThree-four"]
    assert "\ufffd" not in response.text


@pytest.mark.parametrize("sign", ["\u200b", "\u2060", "\ufeff", "\u3164"], ids=ascii)
def test_a_required_answer_of_nothing_visible_is_missing(referrer: Referrer, sign: str) -> None:
    """Who pasted nothing that can be seen is asked for the answer."""
    for name, sentence in (("referrer_name", "Enter your name"), ("summary", "What happened")):
        response = referrer.posts(Route.PERSON_HARMED, a_referral(Route.PERSON_HARMED, **{name: f"{sign} {sign}"}))
        assert (response.status_code, response.text.count('class="error"')) == (422, 1)
        assert sentence in response.text


def test_a_repeat_in_other_marks_is_the_same_referral(referrer: Referrer, parts: compose.Runtime) -> None:
    """What the review page posts again is the same referral as what was pasted, in one entry."""
    pasted = a_referral(Route.MYSELF, contact_methods=["email"], victim_email="<a@example.org>,", summary="One.\x0bTwo")
    referrer.sends(Route.MYSELF, pasted)
    review = referrer.reviews(Route.MYSELF, pasted)
    carried: Posted = {name: typed(review, name) for name in pasted}
    assert carried != pasted
    referrer.sends(Route.MYSELF, carried)
    assert entries(parts) == 1


@pytest.mark.parametrize("route", Route)
def test_a_mark_comes_back_with_its_error_on_every_path(
    referrer: Referrer, parts: compose.Runtime, route: Route
) -> None:
    """Whatever is pressed and whatever else is answered, a mark that no page can carry comes back as an error."""
    whole, signposted, incomplete = {}, {"offender_adult": "no"}, {"court_stage": ""}  # type: Posted, Posted, Posted
    pressed = product(("check", "edit", "review", "send", ""), (whole, signposted, incomplete), (free_text(route),))
    others = [question.name for question in questions(route) if isinstance(question.answer, LongText)]
    for action, changes, name in [*pressed, *product(["edit"], [whole], others)]:
        response = referrer.posts(route, a_referral(route, **{name: "One.\x07Two", **changes}), action)
        assert (response.status_code, heading(response)) == (422, "There is a problem")
        assert title(response).startswith("Error: ")
        assert typed(response, name) == ["One.\ufffdTwo"]
        assert response.text.count("Delete the mark after “One.”") == 2  # in the summary, and beside the question
        assert action != "edit" or response.text.count('class="error"') == 1
    assert entries(parts) == 0


def test_a_mark_in_a_choice_or_a_date_comes_back_with_its_error(referrer: Referrer) -> None:
    """The same holds for a code that no page of ours posts, and for a part of a date."""
    for name, sentence in (("offence_type", "Choose one of"), ("offender_birth_date-year", "Delete the mark after")):
        for mark in ("\0", "\x1c"):
            response = referrer.posts(
                Route.PERSON_RESPONSIBLE, a_referral(Route.PERSON_RESPONSIBLE, **{name: f"1985{mark}"}), "edit"
            )
            assert (response.status_code, response.text.count(sentence)) == (422, 2)


def test_a_post_from_elsewhere_comes_back_with_its_error_too(referrer: Referrer) -> None:
    """A page with another heading of its own still has the error beside the question."""
    posted = a_referral(Route.MYSELF, summary="One.\x07Two")
    for response in (
        referrer.posts(Route.MYSELF, posted, "send", **{"Sec-Fetch-Site": "cross-site"}),
        referrer.posts(Route.MYSELF, {**posted, "leave_empty": "x"}),
    ):
        assert response.text.count("Delete the mark after “One.”") == 1


def test_every_wrong_part_of_a_date_is_marked(referrer: Referrer) -> None:
    """All wrong parts are told in one sentence; the summary leads to the first, and each is marked for a screen reader."""
    for wrong in product((False, True), repeat=3):
        values = {
            f"offender_birth_date-{part}": "99" if bad else good
            for part, good, bad in zip(("day", "month", "year"), ("27", "3", "1985"), wrong, strict=True)
        }
        response = referrer.posts(Route.PERSON_RESPONSIBLE, a_referral(Route.PERSON_RESPONSIBLE, **values))
        inputs = re.findall(r'<input[^>]*name="offender_birth_date-\w+"[^>]*>', response.text)
        assert [' aria-invalid="true"' in each for each in inputs] == (list(wrong) if any(wrong) else [False] * 3)
        if any(wrong):
            [target] = re.findall(r'<li><a href="#(q\d+(?:-\d)?)">', response.text)
            assert f' id="{target}"' in inputs[wrong.index(True)]
            link = unescape(re.findall(r'<li><a href="#q[^>]*>(.*?)</a>', response.text)[0])
            assert [part in link for part in ("The day", "The month", "The year")] == list(wrong)
