"""What `mkdocs.yml` says about the service, for programs: `service.json` in the built site."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mkdocs.config import load_config

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """The address of the site, the service, who else helps, and the old addresses."""

    address: str
    service: dict[str, Any]
    elsewhere: list[dict[str, str]]
    redirects: dict[str, str]

    @classmethod
    def read(cls, root: Path) -> Details:
        """Read `mkdocs.yml` in `root` as MkDocs does."""
        config = load_config(str(root / "mkdocs.yml"))
        extra = config.extra
        return cls(
            address=config.site_url or "",
            service=extra["service"]
            | {"phone_href": f"tel:+44{str(extra['service']['phone'] or '').replace(' ', '')[1:]}"},
            elsewhere=extra["elsewhere"],
            redirects=extra["redirects"],
        )

    def write(self, site: Path) -> None:
        """Write `service.json`, which the form's part of the site reads."""
        said = {"service": self.service, "elsewhere": self.elsewhere, "redirects": self.redirects}
        (site / "service.json").write_text(
            json.dumps(said, indent=1, ensure_ascii=False, default=str) + "\n", encoding="utf-8"
        )
