"""The headers and the redirects, written as Caddy, nginx and hosts like Netlify want them.

They are instructions for a server, not pages, so they are written beside the site and never into it:
`make site` puts them into `var/hosting/`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

Headers = Mapping[str, Mapping[str, str]]
Redirects = Mapping[str, str]
POLICY: Final = "Content-Security-Policy"


def write_hosting(folder: Path, headers: Headers, redirects: Redirects, folders: Sequence[str]) -> None:
    """Write one file for each kind of server; `folders` are those at the top of the site."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {
        "Caddyfile": caddy(headers, redirects),
        "nginx.conf": nginx(headers, redirects),
        "_headers": netlify_headers(headers, folders),
        "_redirects": netlify_redirects(redirects),
    }.items():
        (folder / name).write_text(text, encoding="utf-8")


def caddy(headers: Headers, redirects: Redirects) -> str:
    """For `import` inside a site of a Caddyfile."""
    lines = ["# Made by `make site`: import this file inside the site's block."]
    for old, new in redirects.items():
        lines.append(f"redir {old} {new} permanent")
    lines.append("route {")  # keeps the order: Caddy would otherwise let the general rule win over the special one
    for pattern, fields in headers.items():
        lines.append(f"\theader {pattern} {{")
        lines += [f"\t\t{name} {_quoted(value)}" for name, value in fields.items()]
        lines.append("\t}")
    lines.append("}\nfile_server {\n\tprecompressed br gzip\n}")
    return "\n".join(lines) + "\n"


def nginx(headers: Headers, redirects: Redirects) -> str:
    """For `include` inside a server block. A location repeats all headers: nginx inherits none once one is set."""
    lines = ["# Made by `make site`: include this file inside the server block.", "gzip_static on;"]
    for old, new in redirects.items():
        if old.endswith("*"):
            lines.append(f"location ^~ {old.removesuffix('*')} {{ return 301 {new}; }}")
        else:
            lines.append(f"location = {old} {{ return 301 {new}; }}")
    for pattern, fields in headers.items():
        lines.append(f"location {pattern.removesuffix('*')} {{")
        lines += [f"\tadd_header {name} {_quoted(value)} always;" for name, value in fields.items()]
        lines += ["\ttry_files $uri $uri/ =404;", "}"]
    return "\n".join([*lines, "error_page 404 /404.html;"]) + "\n"


def netlify_headers(headers: Headers, folders: Sequence[str]) -> str:
    """For hosts that read a file `_headers` at the root.

    Such hosts join the policies of all patterns that match, and a browser keeps to each of them. So the widest policy
    stands under `/*`, and each folder that needs less adds the strict one.
    """
    strict, widest = headers["/*"], headers["/search/*"]
    lines = ["# Made by `make site`.", "/*", *(f"  {name}: {value}" for name, value in widest.items())]
    for place in ["/", *(f"/{folder}/*" for folder in folders if folder != "search")]:
        lines += [place, f"  {POLICY}: {strict[POLICY]}"]
    return "\n".join(lines) + "\n"


def netlify_redirects(redirects: Redirects) -> str:
    """For hosts that read a file `_redirects` at the root: the first match counts."""
    return "\n".join(["# Made by `make site`.", *(f"{old} {new} 301" for old, new in redirects.items())]) + "\n"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
