"""Headers and redirects as configuration for Caddy, nginx, and hosts that read `_headers` and `_redirects`.

`make site` writes them into `var/hosting/`, beside the site and never into it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

Headers = Mapping[str, Mapping[str, str]]
Redirects = Mapping[str, str]
_CSP: Final = "Content-Security-Policy"
NOT_SERVED: Final = ("404.html", "headers.json", "service.json")
"""Files that are not served under their own names."""


def write_host_files(folder: Path, headers: Headers, redirects: Redirects, folders: Sequence[str], phone: str) -> None:
    """Write the files of every kind of server; `folders` are the folders at the root of the site."""
    folder.mkdir(parents=True, exist_ok=True)
    redirects = _with_and_without_last_slash(redirects)
    for name, text in {
        "Caddyfile": caddy(redirects),
        "headers.caddy": caddy_headers(headers),
        "unavailable.caddy": caddy_unavailable(phone),
        "nginx.conf": nginx(headers, redirects),
        "_headers": netlify_headers(headers, folders),
        "_redirects": netlify_redirects(redirects),
    }.items():
        (folder / name).write_text(text, encoding="utf-8")


def caddy(redirects: Redirects) -> str:
    """Return a snippet to `import` inside a site block of a Caddyfile, below its `root`."""
    lines = ["# Made by `make site`: import this file inside the site's block."]
    lines += ["route {", "\timport headers.caddy"]  # first: an old address has them too
    lines += ["\t@other not method GET HEAD", "\terror @other 405"]  # file_server would answer any method
    for number, (old, new) in enumerate(redirects.items()):
        if old.endswith("*"):  # only where there is no page: news may stand where the earlier site had it
            lines += [f"\t@old{number} {{", f"\t\tpath {old}", "\t\tnot file {path} {path}/index.html", "\t}"]
        lines.append(f"\tredir {f'@old{number}' if old.endswith('*') else old} {new} permanent")
    lines += ["\tfile_server {", f"\t\thide {' '.join(f'{name}*' for name in NOT_SERVED)}"]
    lines += ["\t\tprecompressed br gzip", "\t}", "}"]
    return "\n".join(lines) + "\n"


def caddy_headers(headers: Headers) -> str:
    """Return a snippet to `import` where Caddy serves files; the function sets its own headers."""
    lines = ["# Made by `make site`.", "route {"]  # a route keeps the order: the special rule after the general one
    for pattern, fields in _by_length(headers):
        lines.append(f"\theader {pattern} {{")
        lines += [f"\t\t{name} {_quoted(value)}" for name, value in fields.items()]
        lines.append("\t}")
    return "\n".join([*lines, "}"]) + "\n"


def caddy_unavailable(phone: str) -> str:
    """Return a snippet to `import` where Caddy answers because no instance of the function does."""
    sentence = f"Something went wrong on our side. Go Back and try again: a referral is never sent twice. Or call us on {phone}."
    return f"# Made by `make site`.\nheader Cache-Control no-store\nrespond {_quoted(sentence)} 503\n"


def nginx(headers: Headers, redirects: Redirects) -> str:
    """Return a snippet to `include` inside `location /`. Locations repeat all headers: nginx inherits none if one is set."""
    (_everywhere, general), *special = _by_length(headers)
    lines = [
        "# Made by `make site`: include this file inside `location /`.",
        "gzip_static on;",
        "absolute_redirect off;",
    ]
    lines += [*_nginx_headers(general), "error_page 404 /404.html;", "try_files $uri $uri/ =404;"]
    for old, new in redirects.items():
        if not old.endswith("*"):
            lines.append(f"location = {old} {{ return 301 {new}; }}")
            continue
        lines.append(f"location ^~ {old.removesuffix('*')} {{")
        lines.append(f"\tif (!-e $request_filename) {{ return 301 {new}; }}")  # only where there is no page
        lines += [*(f"\t{line}" for line in _nginx_headers(general)), "\ttry_files $uri $uri/ =404;", "}"]
    for pattern, fields in special:
        lines.append(f"location ^~ {pattern.removesuffix('*')} {{")
        lines += [f"\t{line}" for line in [*_nginx_headers(fields), "try_files $uri $uri/ =404;"]]
        lines.append("}")
    lines += [f"location ^~ /{name} {{ internal; }}" for name in NOT_SERVED]
    return "\n".join(lines) + "\n"


def netlify_headers(headers: Headers, folders: Sequence[str]) -> str:
    """Return the file `_headers`.

    Such hosts send the policies of all matching patterns, and browsers enforce each. So `/*` has a policy that
    allows what any page needs, and each folder adds its own.
    """
    (_everywhere, general), *special = _by_length(headers)
    widest = dict(general) | {_CSP: _union([fields[_CSP] for fields in headers.values()])}
    lines = ["# Made by `make site`.", "/*", *(f"  {name}: {value}" for name, value in widest.items())]
    own = dict(special)
    for place in sorted({"/", *(f"/{folder}/*" for folder in folders), *own}):
        fields = own.get(place, general)
        lines += [place, *(f"  {name}: {value}" for name, value in fields.items() if value != widest.get(name))]
    return "\n".join(lines) + "\n"


def netlify_redirects(redirects: Redirects) -> str:
    """Return the file `_redirects`: the first match counts."""
    return "\n".join(["# Made by `make site`.", *(f"{old} {new} 301" for old, new in redirects.items())]) + "\n"


def _with_and_without_last_slash(redirects: Redirects) -> Redirects:
    """Lead on from both forms of an old address, as the function does, but for one that is a page itself."""
    both: dict[str, str] = {}
    for old, new in redirects.items():
        plain = old.rstrip("/")
        both |= {
            each: new for each in ([old] if old.endswith("*") else [plain, f"{plain}/"]) if each not in {new, *both}
        }
    return both


def _by_length(headers: Headers) -> list[tuple[str, Mapping[str, str]]]:
    return sorted(headers.items(), key=lambda row: len(row[0]))


def _nginx_headers(fields: Mapping[str, str]) -> list[str]:
    """Set the headers on errors too, but for how long to keep a page: an error is not kept."""
    always = {name: "" if name == "Cache-Control" else " always" for name in fields}
    return [f"add_header {name} {_quoted(value)}{always[name]};" for name, value in fields.items()]


def _union(policies: Sequence[str]) -> str:
    """Join policies so that each source that any of them allows is allowed."""
    joined: dict[str, list[str]] = {}
    for policy in policies:
        for directive in policy.split("; "):
            name, *sources = directive.split()
            joined[name] = [*joined.get(name, []), *(each for each in sources if each not in joined.get(name, []))]
    only = {name: [each for each in sources if each != "'none'"] or sources for name, sources in joined.items()}
    return "; ".join(" ".join([name, *sources]) for name, sources in only.items())


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
