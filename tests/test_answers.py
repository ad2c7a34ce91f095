"""How answers are read, each way of being wrong with its own sentence."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_function.asking.answer_types import (
    Answer,
    AnswerType,
    AnyOf,
    Choice,
    DateParts,
    LongText,
    OneOf,
    PartialDate,
    ShortText,
    TextFormat,
)
from referral_function.asking.answers import InvalidAnswer, answer_text, contradictions, parse
from referral_function.asking.questions import Party, Question
from referral_function.asking.text import is_blank, normalise

TODAY = date(2027, 5, 14)
CHOICES = (Choice(code="a", label="Apple"), Choice(code="b", label="Bean"), Choice(code="none", label="None of these"))


def ask(answer: AnswerType) -> Question:
    """Make a question for a test."""
    return Question(
        name="thing", short="Thing", label="Thing", answer=answer, purpose="For a test.", about=Party.REFERRER
    )


LINE = ask(ShortText(limit=10))
EMAIL = ask(ShortText(text_format=TextFormat.EMAIL))
PHONE = ask(ShortText(text_format=TextFormat.PHONE))
ONE = ask(OneOf(choices=CHOICES))
ANY = ask(AnyOf(choices=CHOICES, exclusive=frozenset({"none"})))
DATE = ask(DateParts())


@pytest.mark.parametrize(
    ("question", "raw", "answer"),
    [
        (LINE, [""], None),
        (LINE, [], None),
        (LINE, [" \t\n"], None),
        (LINE, [" ends st "], " ends st "),
        (LINE, ["first", "second"], "first"),
        (LINE, ["ten  signs"], "ten  signs"),
        (ask(LongText()), ["a\r\nb\rc\n"], "a\nb\nc\n"),
        (ask(LongText(limit=3)), ["\r\n\r\n😀"], "\n\n😀"),
        (EMAIL, [" name@example.com "], " name@example.com "),
        (EMAIL, ["o’name+tag@sub.example.co.uk"], "o’name+tag@sub.example.co.uk"),
        (EMAIL, ["NAME@EXAMPLE.LUX"], "NAME@EXAMPLE.LUX"),
        (PHONE, ["07700 900 982"], "07700 900 982"),
        (PHONE, ["1" * 21], "1" * 21),
        (PHONE, ["07700\u2009900\t982"], "07700\u2009900\t982"),
        (PHONE, ["\u202a+44 7700 900982\u202c"], "+44 7700 900982"),
        (PHONE, ["+44 (0)1632–960-001 ext. 12"], "+44 (0)1632–960-001 ext. 12"),
        (PHONE, ["Tel. no.: 01632 960 001 ext no 4"], "Tel. no.: 01632 960 001 ext no 4"),
        (PHONE, ["Mobile 07700 900 982"], "Mobile 07700 900 982"),
        (ONE, ["a"], "a"),
        (ONE, [""], None),
        (ANY, ["b", "a", "b"], ("a", "b")),
        (ANY, ["none"], ("none",)),
        (ANY, [], None),
        (ANY, ["", " "], None),
        (DATE, ["", "", ""], None),
        (DATE, [" 27 ", "3", "1985"], PartialDate(day=27, month=3, year=1985)),
        (DATE, ["", "march", "1985"], PartialDate(month=3, year=1985)),
        (DATE, ["", "Sep", ""], PartialDate(month=9)),
        (DATE, ["29", "2", ""], PartialDate(day=29, month=2)),
        (DATE, ["14", "5", "2027"], PartialDate(day=14, month=5, year=2027)),
        (DATE, ["27"], PartialDate(day=27)),
        (DATE, ["1", "1", "1900"], PartialDate(day=1, month=1, year=1900)),
        (DATE, ["31", "12", "2026"], PartialDate(day=31, month=12, year=2026)),
    ],
)
def test_an_answer_is_read(question: Question, raw: list[str], answer: Answer | None) -> None:
    """What can be read is kept exactly as it was typed, with line ends made one kind."""
    assert parse(question, raw, TODAY) == answer


@pytest.mark.parametrize(
    ("question", "raw", "sentence", "parts"),
    [
        (LINE, ["eleven signs"], "“Thing” must be 10 characters or fewer. You have written 12", (0,)),
        (LINE, ["nul\0"], "“Thing” has a mark that we cannot read. Delete the mark after “nul”", (0,)),
        (LINE, ["esc\x1b"], "“Thing” has a mark that we cannot read. Delete the mark after “esc”", (0,)),
        (LINE, ["del\x7f"], "“Thing” has a mark that we cannot read. Delete the mark after “del”", (0,)),
        (EMAIL, ["name@example"], "Enter an email address in the correct format, like name@example.com", (0,)),
        (EMAIL, ["a b@example.com"], "Enter one email address here, without a name or anything else beside it", (0,)),
        (PHONE, ["call me"], "Enter a phone number, like 01632 960 001 or 07700 900 982", (0,)),
        (
            PHONE,
            ["101 at night"],
            "Enter only one phone number here. Write anything else, such as another number or when to call, under “Your role”",
            (0,),
        ),
        (PHONE, ["12"], "Enter a phone number, like 01632 960 001 or 07700 900 982", (0,)),
        (PHONE, ["Mobile"], "Enter a phone number, like 01632 960 001 or 07700 900 982", (0,)),
        (PHONE, ["01632 + 960001"], "Enter a phone number, like 01632 960 001 or 07700 900 982", (0,)),
        (ONE, ["c"], "Choose one of the answers listed under “Thing”", (0,)),
        (ANY, ["a", "c"], "Choose from the answers listed under “Thing”", (0,)),
        (ANY, ["a", "none"], "Choose “None of these” or the other answers, not both", (0,)),
        (DATE, ["32", "1", "1985"], "The day must be a number from 1 to 31", (0,)),
        (DATE, ["x", "", ""], "The day must be a number from 1 to 31", (0,)),
        (DATE, ["3X", "", ""], "The day must be a number from 1 to 31", (0,)),
        (DATE, ["0", "1", "1985"], "The day must be a number from 1 to 31", (0,)),
        (DATE, ["1", "0", "1985"], "The month must be a number from 1 to 12, or its name", (1,)),
        (DATE, ["", "", "1899"], "The year must have four digits, from 1900 to 2027", (2,)),
        (DATE, ["", "", "2028"], "The year must have four digits, from 1900 to 2027", (2,)),
        (DATE, ["1", "13", "1985"], "The month must be a number from 1 to 12, or its name", (1,)),
        (DATE, ["", "", "85"], "The year must have four digits, from 1900 to 2027", (2,)),
        (DATE, ["30", "2", ""], "There is no 30 February", (0,)),
        (
            DATE,
            ["32", "13", "85"],
            (
                "The day must be a number from 1 to 31. The month must be a number from 1 to 12, or its name. "
                "The year must have four digits, from 1900 to 2027"
            ),
            (0, 1, 2),
        ),
        (
            DATE,
            ["32", "3", "1"],
            "The day must be a number from 1 to 31. The year must have four digits, from 1900 to 2027",
            (0, 2),
        ),
        (DATE, ["30", "2", "1985"], "There is no 30 February in 1985", (0,)),
        (DATE, ["29", "2", "1985"], "There is no 29 February in 1985", (0,)),
        (DATE, ["15", "5", "2027"], "The date of birth must be in the past", (2,)),
    ],
)
def test_each_flaw_has_its_own_sentence(
    question: Question, raw: list[str], sentence: str, parts: tuple[int, ...]
) -> None:
    """Each way of being wrong gets its own sentence, and a date says which parts are wrong, all at once."""
    with pytest.raises(InvalidAnswer) as caught:
        parse(question, raw, TODAY)
    assert (str(caught.value), caught.value.parts) == (sentence, parts)


@pytest.mark.asvs("1.3.3")
@pytest.mark.parametrize("over", [-1, 0, 1])
def test_the_limit_is_exact(over: int) -> None:
    """One character below the limit and at it are taken, one above is refused."""
    text = "é" * (10 + over)
    if over > 0:
        with pytest.raises(InvalidAnswer):
            parse(LINE, [text], TODAY)
    else:
        assert parse(LINE, [text], TODAY) == text


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=200))
def test_any_readable_text_is_kept(text: str) -> None:
    """Every text without control characters is an answer exactly as typed but for its line ends, or blank."""
    assert parse(ask(LongText()), [text], TODAY) == (None if is_blank(text) else normalise(text))


@given(st.lists(st.text(max_size=8), max_size=4))
def test_a_date_never_breaks(parts: list[str]) -> None:
    """Whatever was typed into a date is a date, nothing, or a sentence."""
    try:
        found = parse(DATE, parts, TODAY)
    except InvalidAnswer as flaw:
        assert str(flaw)  # noqa: PT017 - both ways are right, and each is looked at
    else:
        assert found is None or isinstance(found, PartialDate)


@pytest.mark.parametrize(
    ("born", "clash"),
    [
        (PartialDate(year=2009, month=5, day=15), True),
        (PartialDate(year=2009, month=5, day=14), False),
        (PartialDate(year=2009, month=6), True),
        (PartialDate(year=2009, month=5), False),
        (PartialDate(year=2010), True),
        (PartialDate(year=2009), False),
        (PartialDate(year=2010, day=20), True),
        (PartialDate(month=5, day=15), False),
    ],
)
def test_a_birth_date_certainly_under_18_contradicts_18_or_over(born: PartialDate, *, clash: bool) -> None:
    """Only a date that is certainly under 18, as far as it is known, contradicts the answer 18 or over."""
    assert bool(contradictions({"offender_adult": "yes", "offender_birth_date": born}, TODAY)) is clash
    assert not contradictions({"offender_adult": "not_known", "offender_birth_date": born}, TODAY)


@pytest.mark.parametrize(
    ("born", "first_day"),
    [
        (PartialDate(year=2010), date(2028, 1, 1)),
        (PartialDate(year=2010, day=20), date(2028, 1, 1)),
        (PartialDate(year=2010, month=2), date(2028, 2, 1)),
        (PartialDate(year=2010, month=2, day=3), date(2028, 2, 3)),
    ],
)
def test_unknown_parts_of_a_birth_date_are_taken_as_early_as_can_be(born: PartialDate, first_day: date) -> None:
    """On the first day on which they can be 18 nothing contradicts; the day before, the date of birth gets the error."""
    answers: dict[str, Answer] = {"offender_adult": "yes", "offender_birth_date": born}
    assert contradictions(answers, first_day) == {}
    assert contradictions(answers, first_day - timedelta(days=1)) == {
        "offender_birth_date": "The date of birth says they are under 18, but you chose 18 or over. Change one of them"
    }


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        (LINE, " as typed ", (" as typed ",)),
        (ONE, "b", ("Bean",)),
        (ANY, ("a", "b"), ("Apple", "Bean")),
        (DATE, PartialDate(day=27, month=3, year=1985), ("27 March 1985",)),
        (DATE, PartialDate(year=1985), ("1985",)),
        (DATE, PartialDate(day=1, month=3), ("1 March (year not given)",)),
    ],
)
def test_an_answer_in_words(question: Question, answer: Answer, said: tuple[str, ...]) -> None:
    """Choices are said by their labels, texts exactly, dates as far as they are known."""
    assert answer_text(question, answer) == said
