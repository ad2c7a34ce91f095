"""The configuration of the editor at /admin/: collections for case studies, pages and the service's data, from the schema."""

from pathlib import Path
from typing import Any, Final

from website.check.picture_files import MAX_BYTES
from website.content.pages import Page, read_page
from website.content.schema import (
    CASE_STUDY_TEMPLATE,
    MAX_LENGTH,
    MEASURED,
    MIN_LENGTH,
    Field,
    Kind,
    case_study_fields,
    page_fields,
)
from website.content.service_config import ServiceConfig

Widget = dict[str, Any]
"""One entry of Sveltia CMS's configuration: a collection or a field."""
_BODY: Final[Widget] = {
    "name": "body",
    "label": "Words",
    "widget": "richtext",
    "buttons": ["bold", "italic", "link", "heading-two", "heading-three", "bulleted-list", "numbered-list"],
    "editor_components": ["image"],
    "linked_images": False,
    "use_emoji_autocomplete": False,
    "hint": "{{phone}}, {{email}}, {{area}} and {{relay_uk}} become what “About the service” says.",
}
_WIDGETS: Final[dict[Kind, Widget]] = {
    Kind.LINE: {"widget": "string"},
    Kind.SENTENCES: {"widget": "text"},
    Kind.DAY: {"widget": "datetime", "type": "date", "format": "YYYY-MM-DD", "default": "{{now}}"},
    Kind.YES_NO: {"widget": "boolean"},
    Kind.CHOICE: {"widget": "select"},
    Kind.LIST: {"widget": "list"},
    Kind.FIXED: {"widget": "hidden"},
}
_DETAILS: Final = (
    ("phone", "Telephone number", "With its 0 and blanks, such as 0808 157 0000. Every page shows it."),
    ("phone_cost", "What a call costs", ""),
    ("relay_uk", "How to call with Relay UK", ""),
    ("email", "Secure inbox", "Shown to professionals."),
    ("public_email", "Email address for everyone", "Shown as soon as it is filled in. Empty: nobody is told to write."),
    ("postal_address", "Address for letters", "The forms on paper show it."),
    ("commissioner", "Commissioned by", ""),
)


def cms_config(root: Path, *, repository: str) -> dict[str, Any]:
    """Return the configuration of the editor; `repository` is the project's name at the code host, `owner/name`."""
    config = ServiceConfig.read(root)
    read = (read_page(root, path) for path in sorted((root / "docs").rglob("*.md")))
    pages = [page for page in read if isinstance(page, Page) and not page.is_case_study]
    return {
        "load_config_file": False,
        "app_title": "Editor",
        "site_url": config.site_url,
        "logo": {"src": "../assets/mark.svg", "show_in_header": False},
        "backend": {"name": "github", "repo": repository, "branch": "main", "auth_methods": ["token"]},
        "publish_mode": "editorial_workflow",
        "media_folder": "docs/assets/pictures",
        "public_folder": "/assets/pictures",
        "media_libraries": {
            "default": {"config": {"slugify_filename": True, "max_file_size": MAX_BYTES}},
            "stock_assets": False,
        },
        "slug": {"encoding": "ascii", "clean_accents": True},
        "editor": {"preview": False},
        "output": {"omit_empty_optional_fields": True, "yaml": {"quote": "none"}},
        "collections": [_case_studies(config), _pages(pages)],
        "singletons": [_service_data()],
    }


def _case_studies(config: ServiceConfig) -> Widget:
    fields = case_study_fields(config.extra["offences"], config.extra["contacts"])
    return {
        "name": "stories",
        "label": "Case studies",
        "label_singular": "Case study",
        "folder": "docs/case-studies",
        "create": True,
        "filter": {"field": "template", "value": CASE_STUDY_TEMPLATE},
        "slug": "{{title}}",
        "summary": "{{title}} (docs/case-studies/{{slug}}.md)",
        "preview_path": "case-studies/{{slug}}/",
        "fields": [*map(_widget, fields), _BODY],
    }


def _pages(pages: list[Page]) -> Widget:
    """Return a collection of all pages, each with the fields that it has, in their order."""

    def widgets(page: Page) -> list[Widget]:
        fields = {field.key: field for field in page_fields(page.front_matter.get("template"))}
        return [*(_widget(fields[key]) for key in page.front_matter if key in fields), _BODY]

    return {
        "name": "pages",
        "label": "Pages",
        "label_singular": "Page",
        "files": [
            {
                "name": page.path.removeprefix("docs/").removesuffix(".md").replace("/", "-"),
                "label": f"{page.front_matter.get('title', 'No title')} ({page.path})",
                "file": page.path,
                "fields": widgets(page),
            }
            for page in pages
        ],
    }


def _service_data() -> Widget:
    """Return the form for the service's data; its format is our own, and keeps the rest of the file."""
    name, who, phone = _line("name", "Name"), _line("who", "For whom"), _line("phone", "Telephone", required=False)
    day = _widget(Field("checked_on", "Checked on", Kind.DAY, "Ring or look it up first."))
    return {
        "name": "service",
        "label": "About the service",
        "file": "service.yml",
        "format": "service",
        "fields": [
            {
                "name": "service",
                "label": "The service",
                "widget": "object",
                "fields": [
                    _line(key, label, hint, required=key in {"phone", "email"}) for key, label, hint in _DETAILS
                ],
            },
            {
                "name": "other_services",
                "label": "Who helps elsewhere",
                "widget": "list",
                "summary": "{{fields.name}}",
                "collapsed": True,
                "fields": [
                    _line("id", "Code", "Letters only. The program knows it: do not change it."),
                    *(name, who, phone, _line("url", "Website", "With https://", required=False), day),
                ],
            },
            {
                "name": "allowed_names",
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
                    _line("from", "Old address", "A star at the end stands for anything."),
                    _line("to", "Leads to", "A page, such as /contact/"),
                ],
            },
        ],
    }


def _line(key: str, label: str, hint: str = "", *, required: bool = True) -> Widget:
    return _widget(Field(key, label, Kind.LINE, hint, required=required))


def _widget(field: Field) -> Widget:
    """Convert one field of the schema."""
    widget: Widget = {"name": field.key, "label": field.label}
    if field.kind is not Kind.FIXED:
        widget["required"] = field.required
    if field.hint:
        widget["hint"] = field.hint
    if field.default is not None:
        widget["default"] = field.default
    if field.key in MEASURED:
        widget |= {"minlength": MIN_LENGTH, "maxlength": MAX_LENGTH}
    if field.kind is Kind.CHOICE:
        widget["options"] = [{"label": label, "value": code} for code, label in field.choices]
    return widget | _WIDGETS[field.kind]
