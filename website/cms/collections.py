"""The configuration of the editor at /admin/: `config.yml` with the case studies and pages, from the schema."""

from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped] # it ships no types

from website.check import media, picture_files
from website.content.field import Field, Kind
from website.content.pages import Page, read_page
from website.content.schema import (
    FILES,
    MAX_LENGTH,
    MEASURED,
    MIN_LENGTH,
    case_study_fields,
    news_fields,
    own_page_fields,
    page_fields,
)
from website.content.service_config import ServiceConfig

Widget = dict[str, Any]
"""A field in the configuration of Sveltia CMS."""
_BODY: Final[Widget] = {
    "name": "body",
    "label": "Words",
    "widget": "richtext",
    "buttons": ["bold", "italic", "link", "heading-two", "heading-three", "bulleted-list", "numbered-list"],
    "editor_components": ["image"],
    "linked_images": False,
    "use_emoji_autocomplete": False,
    "hint": "{{phone}}, {{email}}, {{area}}, {{name}}, {{website}} and {{relay_uk}} become what “About the service” says.",
}
_FILM: Final = {"slugify_filename": True, "max_file_size": media.MAX_BYTES}
_WIDGETS: Final[dict[Kind, Widget]] = {
    Kind.LINE: {"widget": "string"},
    Kind.SENTENCES: {"widget": "text"},
    Kind.DAY: {"widget": "datetime", "type": "date", "format": "YYYY-MM-DD", "default": "{{now}}"},
    Kind.YES_NO: {"widget": "boolean"},
    Kind.CHOICE: {"widget": "select"},
    Kind.LIST: {"widget": "list"},
    Kind.FILE: {"widget": "file", "media_libraries": {"default": {"config": _FILM}, "stock_assets": False}},
    Kind.PDF: {"widget": "file", "media_folder": "/docs/downloads", "public_folder": "/downloads", "accept": ".pdf"},
    Kind.PARTS: {"widget": "list"},
    Kind.FIXED: {"widget": "hidden"},
}


def cms_config(root: Path, *, repository: str) -> dict[str, Any]:
    """Return the configuration of the editor; `repository` is the project's name at the code host, `owner/name`."""
    service = ServiceConfig.read(root)
    config: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("config.yml").read_text(encoding="utf-8"))
    config["site_url"] = service.site_url
    config["backend"]["repo"] = repository
    config["media_libraries"]["default"]["config"]["max_file_size"] = picture_files.MAX_BYTES
    case_studies, news, own_pages, pages = config["collections"]
    schema = case_study_fields(service.extra["contacts"])
    case_studies["fields"] = [*map(_widget, schema), _BODY]
    news["fields"] = [*map(_widget, news_fields()), _BODY]
    own_pages["fields"] = [*map(_widget, own_page_fields(service.sections)), _BODY]
    read = (read_page(root, path) for path in sorted((root / "docs").rglob("*.md")))
    pages["files"] = [
        _file(page)
        for page in read
        if isinstance(page, Page) and not (page.is_case_study or page.is_news or page.is_own_page)
    ]
    return config


def _file(page: Page) -> Widget:
    """Return the entry of one page, with the fields that it has, in their order, then those of files."""
    fields = {field.key: field for field in page_fields(page.front_matter.get("template"))}
    keys = dict.fromkeys((*page.front_matter, *(field.key for field in FILES)))
    return {
        "name": page.path.removeprefix("docs/").removesuffix(".md").replace("/", "-"),
        "label": f"{page.front_matter.get('title', 'No title')} ({page.path})",
        "file": page.path,
        "fields": [*(_widget(fields[key]) for key in keys if key in fields), _BODY],
    }


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
    if field.parts:
        widget["fields"] = [_widget(part) for part in field.parts]
    return widget | _WIDGETS[field.kind]
