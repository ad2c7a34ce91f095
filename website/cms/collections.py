"""What the editor at /admin/ offers to change: case studies, pages, and what is said about the service, from the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from website.check.picture_files import HEAVIEST
from website.content.pages import Page, read_page
from website.content.schema import LONGEST, SHORTEST, STORY, Entry, Kind, page_entries, story_entries
from website.content.service_config import About

if TYPE_CHECKING:
    from pathlib import Path

Field = dict[str, Any]
_MEASURED: Final = frozenset({"description", "summary"})
_BODY: Final[Field] = {
    "name": "body",
    "label": "Words",
    "widget": "richtext",
    "buttons": ["bold", "italic", "link", "heading-two", "heading-three", "bulleted-list", "numbered-list"],
    "editor_components": ["image"],
    "linked_images": False,
    "use_emoji_autocomplete": False,
    "hint": "{{phone}} and {{email}} become the number and the address of the service.",
}
_WIDGETS: Final[dict[Kind, Field]] = {
    Kind.LINE: {"widget": "string"},
    Kind.SENTENCES: {"widget": "text"},
    Kind.DAY: {"widget": "datetime", "type": "date", "format": "YYYY-MM-DD", "default": "{{now}}"},
    Kind.YES_NO: {"widget": "boolean"},
    Kind.CHOICE: {"widget": "select"},
    Kind.LIST: {"widget": "list"},
    Kind.FIXED: {"widget": "hidden"},
}
_DETAILS: Final = (
    ("phone", "Telephone number", "With its 0 and blanks, such as 0800 783 1583. Every page shows it."),
    ("phone_cost", "What a call costs", ""),
    ("relay_uk", "How to call with Relay UK", ""),
    ("email", "Secure inbox", "Shown to professionals."),
    ("public_email", "Email address for everyone", "Shown as soon as it is filled in. Empty: nobody is told to write."),
    ("postal_address", "Address for letters", "The forms on paper show it."),
    ("commissioner", "Commissioned by", ""),
)


def settings(root: Path, *, repository: str, address: str) -> dict[str, Any]:
    """Give everything that the editor has to know; `repository` is where the code host keeps the project."""
    about = About.read(root)
    read = (read_page(root, path) for path in sorted((root / "docs").rglob("*.md")))
    pages = [page for page in read if isinstance(page, Page) and not page.is_story]
    return {
        "load_config_file": False,
        "app_title": "Editor",
        "site_url": address,
        "logo": {"src": "../assets/mark.svg", "show_in_header": False},
        "backend": {"name": "github", "repo": repository, "branch": "main", "auth_methods": ["token"]},
        "publish_mode": "editorial_workflow",
        "media_folder": "docs/assets/pictures",
        "public_folder": "/assets/pictures",
        "media_libraries": {
            "default": {"config": {"slugify_filename": True, "max_file_size": HEAVIEST}},
            "stock_assets": False,
        },
        "slug": {"encoding": "ascii", "clean_accents": True},
        "editor": {"preview": False},
        "output": {"omit_empty_optional_fields": True, "yaml": {"quote": "none"}},
        "collections": [_stories(about), _pages(pages)],
        "singletons": [_about()],
    }


def _stories(about: About) -> Field:
    entries = story_entries(about.extra["offences"], about.extra["contacts"])
    return {
        "name": "stories",
        "label": "Case studies",
        "label_singular": "Case study",
        "folder": "docs/case-studies",
        "create": True,
        "filter": {"field": "template", "value": STORY},
        "slug": "{{title}}",
        "summary": "{{title}} (docs/case-studies/{{slug}}.md)",
        "preview_path": "case-studies/{{slug}}/",
        "fields": [*map(_field, entries), _BODY],
    }


def _pages(pages: list[Page]) -> Field:
    """Offer every page that is there, with the lines that it has, in the order in which they stand."""

    def fields(page: Page) -> list[Field]:
        entries = {entry.key: entry for entry in page_entries(page.front.get("template"))}
        return [*(_field(entries[key]) for key in page.front if key in entries), _BODY]

    return {
        "name": "pages",
        "label": "Pages",
        "label_singular": "Page",
        "files": [
            {
                "name": page.place.removeprefix("docs/").removesuffix(".md").replace("/", "-"),
                "label": f"{page.front.get('title', 'No title')} ({page.place})",
                "file": page.place,
                "fields": fields(page),
            }
            for page in pages
        ],
    }


def _about() -> Field:
    """Offer what mkdocs.yml says about the service; the format is the editor's own, and keeps the rest of the file."""
    name, who, phone = _words("name", "Name"), _words("who", "For whom"), _words("phone", "Telephone", needed=False)
    day = _field(Entry(key="checked_on", label="Checked on", kind=Kind.DAY, hint="Ring or look it up first."))
    return {
        "name": "about",
        "label": "About the service",
        "file": "mkdocs.yml",
        "format": "about",
        "fields": [
            {
                "name": "service",
                "label": "The service",
                "widget": "object",
                "fields": [_words(key, label, hint, needed=key in {"phone", "email"}) for key, label, hint in _DETAILS],
            },
            {
                "name": "elsewhere",
                "label": "Who helps elsewhere",
                "widget": "list",
                "summary": "{{fields.name}}",
                "collapsed": True,
                "fields": [
                    _words("id", "Code", "Letters only. The program knows it: do not change it."),
                    *(name, who, phone, _words("url", "Website", "With https://", needed=False), day),
                ],
            },
            {
                "name": "not_people",
                "label": "Names of no person",
                "label_singular": "Name",
                "widget": "list",
                "required": False,
                "hint": "Places and organisations that may stand in an anonymous story.",
            },
            {
                "name": "redirects",
                "label": "Old addresses",
                "label_singular": "Old address",
                "widget": "list",
                "summary": "{{fields.from}}",
                "collapsed": True,
                "fields": [
                    _words("from", "Old address", "A star at the end stands for anything."),
                    _words("to", "Leads to", "A page, such as /contact/"),
                ],
            },
        ],
    }


def _words(key: str, label: str, hint: str = "", *, needed: bool = True) -> Field:
    return _field(Entry(key=key, label=label, kind=Kind.LINE, hint=hint, needed=needed))


def _field(entry: Entry) -> Field:
    """Turn one line of the schema into what the editor shows for it."""
    field: Field = {"name": entry.key, "label": entry.label}
    if entry.kind is not Kind.FIXED:
        field["required"] = entry.needed
    if entry.hint:
        field["hint"] = entry.hint
    if entry.given is not None:
        field["default"] = entry.given
    if entry.key in _MEASURED:
        field |= {"minlength": SHORTEST, "maxlength": LONGEST}
    if entry.kind is Kind.CHOICE:
        field["options"] = [{"label": label, "value": code} for code, label in entry.choices]
    return field | _WIDGETS[entry.kind]
