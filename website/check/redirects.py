"""Rules for the redirects of `service.yml`: old addresses that lead to pages."""

import re
from collections.abc import Iterator
from typing import Final

from website.content.pages import Finding
from website.content.rendering import RenderedSite
from website.content.service_config import SERVICE_FILE, ServiceConfig

REQUIRED_REDIRECTS: Final = ("/professionals", "/about", "/case-study/*", "/faq/*", "/news/*")
"""Addresses to which other websites still link."""
_OLD_ADDRESS: Final = re.compile(r"(?:/[\w.~-]+)+(?:/\*?)?", re.ASCII)
_RESERVED: Final = ("/admin/", "/assets/", "/downloads/", "/referral/", "/.well-known/")


def check_redirects(config: ServiceConfig, site: RenderedSite) -> Iterator[Finding]:
    """Check that each old address leads to a page, hides none, and is reached."""
    redirects = config.extra["redirects"]
    addresses = [re.sub(r"(?:index)?\.md$", "/", path.removeprefix("docs")).replace("//", "/") for path in site.files]
    for old in REQUIRED_REDIRECTS:
        if old not in redirects:
            sentence = f"the old address {old} has to keep working. Put it back, and choose a page for it."
            yield Finding(path=SERVICE_FILE, line=config.line_of("redirects"), sentence=sentence)
    wildcards: list[str] = []
    for old, new in redirects.items():
        page = f"docs{new}".rstrip("/")
        hidden = [each for each in (*_RESERVED, *sorted(addresses)) if each != new and _matches(old, each)]
        sentence = ""
        if not {f"{page}.md", f"{page}/index.md"} & site.files:
            sentence = f"the old address {old} leads to {new}, which is not there. Choose another page for it."
        elif not _OLD_ADDRESS.fullmatch(old):
            sentence = (
                f"“{old}” is not an old address. Begin it with / and write letters, digits, -, _, ., ~ and / alone; "
                "a star may stand after its last /."
            )
        elif hidden and old != f"{new}*":
            sentence = f"the old address {old} would hide {hidden[0]}, which is there. Take the line out."
        elif earlier := next((wildcard for wildcard in wildcards if old.startswith(wildcard)), None):
            sentence = f"{earlier}* above it wins. Put {old} above that line."
        if sentence:
            yield Finding(path=SERVICE_FILE, line=config.line_of("redirects", old), sentence=sentence)
        if old.endswith("*"):
            wildcards.append(old.removesuffix("*"))


def _matches(old: str, address: str) -> bool:
    return address.startswith(old.removesuffix("*")) if old.endswith("*") else address.rstrip("/") == old.rstrip("/")
