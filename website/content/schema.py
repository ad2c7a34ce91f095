"""The schema of a page's front matter, read by the content check and by the editor at /admin/."""

from dataclasses import replace
from typing import Final

from referral_function.asking.questions import Route
from referral_function.asking.referral import questions
from website.content.field import Field, Kind

CASE_STUDY_TEMPLATE: Final = "case_study.html"
HOME_TEMPLATE: Final = "home.html"
FORM_TEMPLATE: Final = "form.html"
FILLED_IN: Final = frozenset(
    {"lead", "actions", "notice_title", "notice", "danger_note", "safeguarding_note", "exit_note"}
)
"""The fields in which placeholders are filled in."""
_OTHERS: Final = ("case_studies", "news", "form", "search", "section", "site_map")
TEMPLATES: Final = frozenset({HOME_TEMPLATE, *(f"{name}.html" for name in _OTHERS)})
MIN_LENGTH, MAX_LENGTH = 20, 160  # characters of a description: what search engines show
MEASURED: Final = frozenset({"description", "summary"})
"""The fields that these two lengths bound."""

_DESCRIPTION = "What search engines show below the title: 20 to 160 characters."
_EVERY_PAGE: Final = (
    Field("title", "Title", Kind.LINE, "Each page has its own."),
    Field("description", "Description", Kind.SENTENCES, _DESCRIPTION),
    Field(
        "last_reviewed",
        "Last reviewed",
        Kind.DAY,
        "The day on which somebody last read the whole page and found it right.",
    ),
)
_DOWNLOADS: Final = Field(
    "downloads",
    "PDF files",
    Kind.PARTS,
    "Listed below the words.",
    required=False,
    parts=(
        Field("title", "Title", Kind.LINE, "With the size of the file: For volunteers (PDF, 120 kB)"),
        Field("file", "File", Kind.PDF, "A PDF that has a title and a language."),
    ),
)
FILES: Final = (
    Field("media_file", "Film or recording", Kind.FILE, "MP4, WebM, MP3 or M4A. A film in BSL too.", required=False),
    Field("media_title", "Its title", Kind.LINE, "Such as: What happens, in British Sign Language", required=False),
    Field("media_captions", "Its captions", Kind.FILE, "A WebVTT file (.vtt). A film needs one.", required=False),
    Field("media_transcript", "Its words", Kind.SENTENCES, "Everything that is said, as text.", required=False),
    _DOWNLOADS,
)
"""A film or a recording stands right under the heading of a page, PDF files below its words."""
_FILLED_IN: Final = "999, {{phone}}, “support for you” and “staying safe online” become links."
_TITLE: Final = Field("title", "Title", Kind.LINE)
_WORDS: Final = Field("words", "Words", Kind.SENTENCES)
_LEADS_TO: Final = Field("to", "Leads to", Kind.LINE, "A page, such as refer/myself/")
_SOME_PAGES: Final = (
    *(Field(key, key, Kind.FIXED) for key in ("template", "back", "back_title", "exit", "noindex", "search")),
    Field(
        "search_words", "Words people search for", Kind.LIST, "Not shown. Whoever types one of them finds this page."
    ),
    Field("heading", "Heading", Kind.LINE, "The large words at the top of the first page."),
    Field("lead", "First sentence", Kind.SENTENCES, f"The larger words below the heading. {_FILLED_IN}"),
    Field("promises", "Promises", Kind.LIST, "Three short ones."),
    Field(
        "actions",
        "Buttons",
        Kind.PARTS,
        "Below the first sentence. A button that leads nowhere calls us.",
        parts=(_TITLE, replace(_LEADS_TO, required=False)),
    ),
    Field(
        "notice_kind",
        "Colour of the box",
        Kind.CHOICE,
        choices=(("danger", "Red: danger"), ("warning", "Gold: take care")),
    ),
    Field("notice_title", "Title of the box", Kind.LINE),
    Field("notice", "Words of the box", Kind.SENTENCES, _FILLED_IN),
    Field("danger_note", "Below “If you are in danger, call 999”", Kind.SENTENCES, _FILLED_IN),
    Field("safeguarding_note", "Below “We may have to tell someone”", Kind.SENTENCES, _FILLED_IN),
    Field("exit_note", "Below “Exit this page”", Kind.SENTENCES, _FILLED_IN),
    Field("next_steps", "What happens next", Kind.LIST, "Beside the form, in order."),
    Field("doors", "Where to start", Kind.PARTS, parts=(_TITLE, _LEADS_TO, _WORDS)),
    Field("steps", "What happens", Kind.PARTS, "Each of the first four has its drawing.", parts=(_TITLE, _WORDS)),
    Field("figures", "Figures", Kind.PARTS, parts=(Field("figure", "Figure", Kind.LINE), _WORDS)),
    Field(
        "voices",
        "Voices",
        Kind.PARTS,
        "The first page has them too.",
        parts=(_WORDS, Field("who", "Who said it", Kind.LINE)),
    ),
)


def page_fields(template: object = None) -> tuple[Field, ...]:
    """Return the fields of a page other than a case study; those that its template needs are required."""
    required = {"heading", "lead"} if template == HOME_TEMPLATE else set()
    return _EVERY_PAGE + tuple(replace(field, required=field.key in required) for field in _SOME_PAGES) + FILES


def news_fields() -> tuple[Field, ...]:
    """Return the fields of a piece of news."""
    return (
        Field("title", "Title", Kind.LINE, "What is new, in a few words."),
        Field("description", "In one sentence", Kind.SENTENCES, "Shown in the list of news: 20 to 160 characters."),
        Field("published", "Day", Kind.DAY, "The list begins with the newest."),
        Field("template", "Template", Kind.FIXED, default="news_item.html"),
        _DOWNLOADS,
    )


def own_page_fields(sections: tuple[str, ...]) -> tuple[Field, ...]:
    """Return the fields of a page that an editor makes; `sections` are the parts of the navigation."""
    places = tuple((section, section) for section in sections)
    return (
        *_EVERY_PAGE,
        Field("section", "Part of the site", Kind.CHOICE, "Where the list of pages has it.", choices=places),
        Field("template", "Template", Kind.FIXED, default="section.html"),
        _DOWNLOADS,
    )


def offered(name: str) -> tuple[str, ...]:
    """Return the labels of the choices of a question, as the form for professionals offers them."""
    asked = next(question for question in questions(Route.PERSON_HARMED) if question.name == name)
    return tuple(choice.label for choice in asked.choices)


def case_study_fields(contacts: dict[str, str]) -> tuple[Field, ...]:
    """Return the fields of a case study in the order in which the editor asks; `contacts` are data of the service."""
    return (
        Field("title", "Title", Kind.LINE, "No surname, no place, no date."),
        Field("description", "Description", Kind.SENTENCES, f"{_DESCRIPTION} It can be the same as the summary."),
        Field("last_reviewed", "Last reviewed", Kind.DAY),
        Field("template", "Template", Kind.FIXED, default=CASE_STUDY_TEMPLATE),
        Field("back", "Where “back” leads", Kind.FIXED, default="case-studies/"),
        Field("back_title", "Title of “back”", Kind.FIXED, default="Case studies"),
        Field(
            "summary", "Summary", Kind.SENTENCES, "What the card says and the story begins with: 20 to 160 characters."
        ),
        Field(
            "offence", "Kind of offence", Kind.CHOICE, choices=tuple((kind, kind) for kind in offered("offence_type"))
        ),
        Field(
            "contact",
            "How they communicated",
            Kind.CHOICE,
            "Leave it empty if it is not known.",
            required=False,
            choices=tuple(contacts.items()),
        ),
        Field("asked_by", "Who asked for it", Kind.LINE, "For example: The police", required=False),
        Field("stage", "When", Kind.LINE, "For example: Out of court", required=False),
        Field(
            "content_note",
            "Before you read",
            Kind.LINE,
            "One sentence that says what may be hard to read, such as: This story describes an assault.",
        ),
        Field("source", "Where the story is from", Kind.LINE, "Shown to nobody."),
        Field(
            "permission",
            "Permission of the people in it",
            Kind.CHOICE,
            choices=(("given", "Given"), ("to_confirm", "Still to be confirmed")),
            default="to_confirm",
        ),
        Field(
            "anonymous",
            "The people in it are anonymous",
            Kind.YES_NO,
            "Then no full name may stand on the page. First names and letters are fine.",
            default=True,
        ),
        Field(
            "complete",
            "This is the whole story",
            Kind.YES_NO,
            "If not, the page ends with “This is all that has been published.”",
            default=True,
        ),
        Field("on_first_page", "Show it on the first page", Kind.YES_NO, default=False),
        *FILES,
    )
