"""“Look at first” of the letter: a line for each flag of an answer and each note of a criterion, by weight."""

from collections.abc import Iterator, Mapping

from referral_function.asking.answer_types import Choice, Weight
from referral_function.asking.answers import answer_text
from referral_function.asking.choices import UNKNOWN
from referral_function.asking.questions import Question
from referral_function.asking.referral import Referral, questions
from referral_function.deciding.criteria import CRITERIA
from referral_function.deciding.criterion import Note
from referral_function.deciding.support_lines import IN_WORDS, fitting_support
from referral_function.sending.letter import Row


def look_at_first(
    referral: Referral, picked: Mapping[str, tuple[Choice, ...]], speaker: tuple[Choice, Row] | None
) -> Iterator[Row]:
    """Write the rows; `picked` are the chosen options by question, `speaker` how somebody speaks for another."""
    flags: list[tuple[Weight, Row]] = []
    for question in questions(referral.route):
        if question.flag and question.name in referral.answers:
            text = "; ".join(answer_text(question, referral.answers[question.name]))
            flags.append((question.flag.weight, Row(text=text, before=question.flag.text, typed=True)))
    chosen = [choice for choices in picked.values() for choice in choices]
    for choice in dict.fromkeys((*chosen, *([speaker[0]] if speaker else []))):
        if choice.flag and choice.flag is not UNKNOWN:
            row = speaker[1] if speaker and choice is speaker[0] and not choice.flag.text else None
            flags.append((choice.flag.weight, row or Row(text=f"{choice.flag.text or choice.label}.")))
    outcomes = [each.outcome(referral.route, referral.answers) for each in CRITERIA]
    notes = [each.effect for each in outcomes if each and isinstance(each.effect, Note)]
    flags += [(note.weight, Row(text=f"{note.flag}.")) for note in notes if note.weight is not Weight.UNKNOWN]
    yield from dict.fromkeys(row for _weight, row in sorted(flags, key=lambda pair: pair[0]))
    if unknown := [each.short for each in questions(referral.route) if _is_unknown(each, referral, picked)]:
        yield Row(label="Not known", text=", ".join(unknown))
    elif not flags:
        yield Row(text="Nothing to flag.")
    if shown := [IN_WORDS[helps] for helps in fitting_support(referral.route, referral.answers)]:
        yield Row(label="Support lines shown", text=", ".join(shown))


def _is_unknown(question: Question, referral: Referral, picked: Mapping[str, tuple[Choice, ...]]) -> bool:
    """Whether it was answered so, or a criterion of people who refer themselves turns on it and it was left out."""
    if question.name in referral.answers:
        return any(choice.flag is UNKNOWN for choice in picked[question.name])
    return referral.route.is_own and any(question.name in criterion.questions for criterion in CRITERIA)
