"""Security headers of every answer: of the function, of the site that it serves, and in the host files.

Source: OWASP ASVS 5.0, 3.4.1 to 3.4.8 and 3.5.8; each header is explained in SECURITY.md.
"""

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "media-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_SEARCH_POLICY = {"script-src": "'self' 'wasm-unsafe-eval'", "connect-src": "'self'"}
_CMS_POLICY = {  # it sets inline styles, shows files that are not uploaded yet, and talks to the code host
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' blob: data:",
    "media-src": "'self' blob:",
    "connect-src": "'self' blob: data: https://api.github.com",
}

FILE_HEADERS = {"Cache-Control": "max-age=60, public"}
"""Of a file of the site, unless its path has its own."""
CLEAR_CACHE_PATH = "/referral/clear-cache.gif"
"""A small picture of the sent page. Chromium holds an answer back while it clears a full cache: up to 4 seconds."""


def headers_for(path: str, *, secure: bool = False) -> dict[str, str]:
    """Return the headers of an answer at a path; `secure`: over TLS."""
    is_editor = path.startswith("/admin/")
    policy = _POLICY | (_CMS_POLICY if is_editor else _SEARCH_POLICY if path.startswith("/search/") else {})
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    if secure:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    if is_editor:
        headers |= {"Cache-Control": "no-cache", "X-Robots-Tag": "noindex"}
    if f"{path}/".startswith("/referral/"):
        headers |= {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    if path == CLEAR_CACHE_PATH:
        headers["Clear-Site-Data"] = '"cache"'
    return headers
