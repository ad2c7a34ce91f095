"""What stands above the words of a page, written once: the content check and the editor both read it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

STORY: Final = "case_study.html"
HOME: Final = "home.html"
TEMPLATES: Final = frozenset(
    {HOME, "blanks.html", "case_studies.html", "form.html", "search.html", "section.html", "site_map.html"}
)
SHORTEST, LONGEST = 20, 160  # characters of a description: what search engines show


class Kind(Enum):
    """What can be written into one line of the front matter."""

    LINE = auto()
    SENTENCES = auto()
    DAY = auto()
    YES_NO = auto()
    CHOICE = auto()
    LIST = auto()
    FIXED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the front matter: its key, what the editor calls it, and what it takes."""

    key: str
    label: str
    kind: Kind
    hint: str = ""
    needed: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    given: str | bool | None = None
    """What a new page starts with."""


_DESCRIPTION = "What search engines show below the title: 20 to 160 characters."
_EVERY_PAGE: Final = (
    Entry(key="title", label="Title", kind=Kind.LINE, hint="Each page has its own."),
    Entry(key="description", label="Description", kind=Kind.SENTENCES, hint=_DESCRIPTION),
    Entry(
        key="last_reviewed",
        label="Last reviewed",
        kind=Kind.DAY,
        hint="The day on which somebody last read the whole page and found it right.",
    ),
)
_SOME_PAGES: Final = (
    Entry(key="template", label="Template", kind=Kind.FIXED),
    Entry(key="back", label="Where “back” leads", kind=Kind.FIXED),
    Entry(key="back_title", label="Title of “back”", kind=Kind.FIXED),
    Entry(key="exit", label="Exit this page", kind=Kind.FIXED),
    Entry(key="noindex", label="Not to be found", kind=Kind.FIXED),
    Entry(key="search", label="Search", kind=Kind.FIXED),
    Entry(key="heading", label="Heading", kind=Kind.LINE, hint="The large words at the top of the first page."),
    Entry(key="lead", label="First sentence", kind=Kind.SENTENCES),
    Entry(key="promises", label="Promises", kind=Kind.LIST, hint="Three short ones."),
    Entry(key="next_steps", label="What happens next", kind=Kind.LIST, hint="Beside the form, in order."),
)


def page_entries(template: object = None) -> tuple[Entry, ...]:
    """Give what a page that is no case study may say; what its template cannot do without is needed."""
    needed = {"heading", "lead"} if template == HOME else set()
    return _EVERY_PAGE + tuple(replace(entry, needed=entry.key in needed) for entry in _SOME_PAGES)


def story_entries(offences: dict[str, str], contacts: dict[str, str]) -> tuple[Entry, ...]:
    """Give what a case study says, in the order in which the editor asks; the choices stand in mkdocs.yml."""
    return (
        Entry(key="title", label="Title", kind=Kind.LINE, hint="No surname, no place, no date."),
        Entry(
            key="description",
            label="Description",
            kind=Kind.SENTENCES,
            hint=f"{_DESCRIPTION} It can be the same as the summary.",
        ),
        Entry(key="last_reviewed", label="Last reviewed", kind=Kind.DAY),
        Entry(key="template", label="Template", kind=Kind.FIXED, given=STORY),
        Entry(key="back", label="Where “back” leads", kind=Kind.FIXED, given="case-studies/"),
        Entry(key="back_title", label="Title of “back”", kind=Kind.FIXED, given="Case studies"),
        Entry(
            key="summary",
            label="Summary",
            kind=Kind.SENTENCES,
            hint="What the card says and the story begins with: 20 to 160 characters.",
        ),
        Entry(key="offence", label="Kind of offence", kind=Kind.CHOICE, choices=tuple(offences.items())),
        Entry(
            key="contact",
            label="How they communicated",
            kind=Kind.CHOICE,
            choices=tuple(contacts.items()),
            needed=False,
            hint="Leave it empty if it is not known.",
        ),
        Entry(key="asked_by", label="Who asked for it", kind=Kind.LINE, needed=False, hint="For example: The police"),
        Entry(key="stage", label="When", kind=Kind.LINE, needed=False, hint="For example: Out of court"),
        Entry(
            key="content_note",
            label="Before you read",
            kind=Kind.LINE,
            hint="One sentence that says what may be hard to read, such as: This story describes an assault.",
        ),
        Entry(key="source", label="Where the story is from", kind=Kind.LINE, hint="Shown to nobody."),
        Entry(
            key="permission",
            label="Permission of the people in it",
            kind=Kind.CHOICE,
            choices=(("given", "Given"), ("to_confirm", "Still to be confirmed")),
            given="to_confirm",
        ),
        Entry(
            key="anonymous",
            label="The people in it are anonymous",
            kind=Kind.YES_NO,
            given=True,
            hint="Then no full name may stand on the page. First names and letters are fine.",
        ),
        Entry(
            key="complete",
            label="This is the whole story",
            kind=Kind.YES_NO,
            given=True,
            hint="If not, the page ends with “This is all that has been published.”",
        ),
    )
