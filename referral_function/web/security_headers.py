"""The security headers of every answer, in one place: the function, the site that it serves, and the host files.

Source: OWASP ASVS 5.0, 3.4.1 to 3.4.8 and 3.5.8; each header is explained in SECURITY.md.
"""

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_SEARCH_ALSO = {"script-src": "'self' 'wasm-unsafe-eval'", "connect-src": "'self'"}
_EDITOR_ALSO = {  # it draws itself with styles of its own, and talks to the code host and to nobody else
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' blob: data:",
    "connect-src": "'self' blob: data: https://api.github.com",
}

EVERYWHERE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
OVER_TLS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
FOR_EDITORS = {"Cache-Control": "no-cache", "X-Robots-Tag": "noindex"}
NEVER_KEPT = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
AFTER_SENDING = {"Clear-Site-Data": '"cache"'}


def headers_for(path: str, *, secure: bool = False) -> dict[str, str]:
    """Give the headers of any answer at a path; `secure` when it travels over TLS."""
    is_editor = path.startswith("/admin/")
    policy = _POLICY | (_EDITOR_ALSO if is_editor else _SEARCH_ALSO if path.startswith("/search/") else {})
    headers = {"Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()), **EVERYWHERE}
    if secure:
        headers |= OVER_TLS
    if is_editor:
        headers |= FOR_EDITORS
    if f"{path}/".startswith("/referral/"):
        headers |= NEVER_KEPT
    if path == "/referral/sent/":
        headers |= AFTER_SENDING
    return headers
