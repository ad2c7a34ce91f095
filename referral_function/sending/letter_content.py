"""Fills the letter from a referral.

Reads only the properties of the questions, so that a new question or route needs no change here.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from referral_function.asking.answer_types import Choice, ShortText, TextFormat
from referral_function.asking.answers import answer_text
from referral_function.asking.questions import ContactUse, Party, Question
from referral_function.asking.referral import Referral, questions, sections
from referral_function.asking.sections.represented import SPEAKERS
from referral_function.sending.letter import (
    ASK_FOR,
    ONLY_BY,
    OR_BY,
    PERSON_WILL_CALL,
    UNUSED,
    VOICEMAIL,
    VOICEMAIL_SAID,
    Letter,
    Place,
    Row,
    SectionRows,
    criteria_rows,
    london_time,
    look_at_first,
)
from referral_function.sending.postcode_areas import postcode_hints

_PARTIES: list[Party | None] = list(Party)
_LINKS = {TextFormat.PHONE: "tel", TextFormat.EMAIL: "mailto"}


def write_letter(referral: Referral, *, reference: str, received_at: datetime) -> Letter:
    """Write the letter of a referral."""
    content = _Content(referral)
    return Letter(
        reference=reference,
        route=referral.route,
        received=london_time(received_at),
        contact=tuple(content.contact()),
        danger=tuple(content.danger()),
        who=tuple(content.who()),
        look_at_first=tuple(content.look_at_first()),
        criteria=tuple(content.criteria()),
        sections=tuple(content.sections()),
    )


class _Content:
    """The rows of each part of the letter: every answer has one place, in one part."""

    def __init__(self, referral: Referral) -> None:
        self._referral, self._answers = referral, referral.answers
        self._asked = questions(referral.route)
        answered = [question for question in self._asked if question.name in self._answers]
        self._picked: Mapping[str, tuple[Choice, ...]] = {
            question.name: question.chosen(self._answers[question.name]) for question in answered
        }
        self._texts = {each.name: "; ".join(answer_text(each, self._answers[each.name])) for each in answered}
        offered = [
            each.choices for each in self._asked if each.safe_contact and each.safe_contact.use is ContactUse.WAYS
        ]
        self._ways = {choice.code: choice.way for choices in offered for choice in choices if choice.way}
        self._chosen = {choice.code for picked in self._picked.values() for choice in picked if choice.way}
        self._person_will_call = any(self._ways[code].person_will_call for code in self._chosen)
        self._places = {question.name: self._place(question) for question in answered}
        self._by_place: dict[Place, list[Question]] = {place: [] for place in Place}
        for question in answered:
            self._by_place[self._places[question.name]].append(question)
        self._represented = [each for each in answered if each.is_name and each.about is Party.REPRESENTED]
        self._speaker = self._find_speaker() if self._represented else None

    def _find_speaker(self) -> Choice | None:
        """Find the choice that says how somebody speaks for another (“Parent or guardian of”): answered, or of the route."""
        picked = (choice for choices in self._picked.values() for choice in choices if choice.speaks_for)
        return next(picked, None) or SPEAKERS.get(self._referral.route)

    def _place(self, question: Question) -> Place:
        """Place an answer; Contact holds nothing of a way that was not chosen, and little for a person who will call."""
        contact = question.safe_contact
        if contact and contact.party is self._referral.route.referred:
            if contact.ways and contact.ways.isdisjoint(self._chosen):
                return Place.UNUSED
            if not self._person_will_call or contact.use in (ContactUse.WAYS, ContactUse.NAME):
                return Place.CONTACT
        if question.danger or any(choice.danger for choice in self._picked.get(question.name, ())):
            return Place.DANGER
        return Place.WHO if question.about else Place.SECTION

    def _text(self, question: Question) -> str:
        return self._texts.get(question.name, "")

    def _row(self, question: Question, label: str = "", before: str = "") -> Row:
        unused = self._places[question.name] is Place.UNUSED
        text_format = question.answer.text_format if isinstance(question.answer, ShortText) else TextFormat.ANY
        return Row(
            text=self._text(question),
            label=label or question.short + UNUSED * unused,
            before=before,
            typed=not question.choices,
            link="" if unused else _LINKS.get(text_format, ""),
        )

    def contact(self) -> Iterator[Row]:
        if self._person_will_call:
            yield Row(text=PERSON_WILL_CALL)
            yield from self._ask_for()
            return
        yield from self._ways_of_contact() if self._ways else [Row(text="Contact ONLY as written here.")]
        yield from (self._voicemail(each) for each in self._asked if self._use(each) is ContactUse.VOICEMAIL)
        yield from self._ask_for()
        rest = [
            (use, each)
            for each in self._by_place[Place.CONTACT]
            if (use := self._use(each)) and use >= ContactUse.REACH  # the rest, in the order of their numbers
        ]
        yield from (self._row(question) for _use, question in sorted(rest, key=lambda pair: pair[0]))
        if not self._ways:
            reach = [each for each in self._by_place[Place.WHO] if each.about is Party.REFERRER]
            yield from (row for row in map(self._row, reach) if row.link == "tel")

    def _use(self, question: Question) -> ContactUse | None:
        contact = question.safe_contact
        return contact.use if contact and contact.party is self._referral.route.referred else None

    def _ways_of_contact(self) -> Iterator[Row]:
        label, order = ONLY_BY, list(self._ways)
        details = [
            ([code for code in order if code in self._chosen & each.safe_contact.ways], each)
            for each in self._by_place[Place.CONTACT]
            if each.safe_contact and each.safe_contact.use is ContactUse.DETAIL
        ]
        for chosen, question in sorted(details, key=lambda detail: order.index(detail[0][0])):
            *first, last = [self._ways[code].by for code in chosen]
            yield self._row(question, label, " or ".join([*(words.removesuffix(" to") for words in first), last]))
            label = OR_BY
        if not details:
            yield Row(text="DO NOT CONTACT. No safe way of contact was given.")
        if never := [way.never for code, way in self._ways.items() if way.never and code not in self._chosen]:
            yield Row(label="Do NOT", text=", ".join(never))

    def _voicemail(self, question: Question) -> Row:
        said = self._text(question) if self._places.get(question.name) is Place.CONTACT else ""
        words = VOICEMAIL[self._answers.get(question.name) == "yes" and bool(said)]
        return Row(label=question.short, text=f"{words}{VOICEMAIL_SAID}{said})" if said else words)

    def _ask_for(self) -> Iterator[Row]:
        used = [each for each in self._by_place[Place.CONTACT] if self._use(each) is ContactUse.NAME]
        named = [
            each for each in self._by_place[Place.WHO] if each.is_name and each.about is self._referral.route.referred
        ]
        texts = [self._text(question) for question in (*used, *named)]
        if texts:
            text = texts[0] + "".join(f" ({name})" for name in texts[1:])
            yield Row(label=ASK_FOR, text=text, typed=True)

    def danger(self) -> Iterator[Row]:
        yield from map(self._row, sorted(self._by_place[Place.DANGER], key=lambda question: not question.choices))

    def who(self) -> Iterator[Row]:
        people = sorted(self._by_place[Place.WHO], key=_order_in_who)
        if not people:
            yield Row(text="Nothing but what stands in Contact.")
        for question in people:
            if question.is_name and question.about is Party.REPRESENTED and self._speaker:
                yield self._speaks_for(self._speaker)
            elif not self._speaker or self._speaker not in self._picked.get(question.name, ()):
                yield self._row(question)

    def _speaks_for(self, speaker: Choice) -> Row:
        return Row(text=self._text(self._represented[0]), before=speaker.speaks_for, typed=True)

    def look_at_first(self) -> Iterator[Row]:
        speaker = (self._speaker, self._speaks_for(self._speaker)) if self._speaker else None
        yield from look_at_first(self._referral, self._picked, speaker)

    def criteria(self) -> Iterator[Row]:
        yield from criteria_rows(self._referral.route, self._answers)
        addresses = " | ".join(self._text(question) for question in self._asked if question.may_hold_postcode)
        if hints := "; ".join(postcode_hints(addresses)):
            yield Row(label="Postcodes, a hint and never a rule", text=hints)

    def sections(self) -> Iterator[SectionRows]:
        for section in sections(self._referral.route):
            places = {question.name: self._places.get(question.name) for question in section.questions}
            here = [each for each in section.questions if places[each.name] in (Place.SECTION, Place.UNUSED)]
            yield SectionRows(
                title=section.title,
                see=tuple(place for place in (Place.CONTACT, Place.DANGER, Place.WHO) if place in places.values()),
                rows=tuple(map(self._row, here)),
                not_answered=tuple(each.short for each in section.questions if places[each.name] is None),
            )


def _order_in_who(question: Question) -> tuple[int, bool, bool]:
    """Sort by person: their name, then choices, which share a line."""
    return _PARTIES.index(question.about), not question.is_name, not question.choices
