"""Email addresses and phone numbers as people paste them."""

import re

from referral_function.asking.text import visible

_AROUND_EMAIL = "<>()[]{}\"'“”‘’„«»`*,;"
_MAILTO = re.compile(r"mailto:([^?]*).*", re.IGNORECASE | re.DOTALL)
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"  # of a domain: RFC 1123, section 2.1, and letters of any alphabet
_EMAIL = re.compile(rf"[^\s@<>()\[\]{{}},;:\"`*\\]{{1,64}}@{_LABEL}(?:\.{_LABEL})+")
_BEFORE_NUMBER = r"(?:tel(?:ephone)?|phone|mob(?:ile)?|[tm])?\.?\s*(?:no|number)?[.:]*"
_EXTENSION = re.compile(r"(?:ext(?:ension|n)?|opt(?:ion)?|x|#)\.?\s*(?:no|number)?", re.IGNORECASE)
_NUMBER = re.compile(rf"{_BEFORE_NUMBER}[\s(]*\+?[0-9\s()./\-\u2010-\u2015\u2212]+", re.IGNORECASE)
_EXTENSION_NUMBER = re.compile(r"[0-9\s().,:;/\-\u2010-\u2015\u2212]+")
_DIGITS = re.compile("[0-9]")
_MIN_DIGITS = 3  # the police: 101
_MAX_DIGITS = 21  # with country code and extension


def plain_email(text: str) -> str:
    """Remove what copying leaves in and around an email address: invisible characters, `mailto:`, brackets, quotes.

    Blanks at the ends stay if nothing else has to go there.
    """
    typed = plain = visible(text)
    before = ""
    while plain != before:
        before = plain
        plain = _MAILTO.sub(r"\1", plain.strip().strip(_AROUND_EMAIL).rstrip(".:…!?"))
    return typed if plain == typed.strip() else plain


def is_email(text: str) -> bool:
    """Whether a text has the shape of an email address, without asking the network."""
    return bool(_EMAIL.fullmatch(text.strip()))


def has_email(text: str) -> bool:
    """Whether a text that is no email address has one in it, beside a name or another address."""
    return bool(_EMAIL.search(text))


def is_phone(text: str) -> bool:
    """Whether a text is one phone number, with any spacing, brackets and dashes, a word such as “Mobile:”, and extensions.

    Source: GOV.UK Design System, phone numbers.
    """
    number, *extensions = _EXTENSION.split(text)
    return (
        bool(_NUMBER.fullmatch(number.rstrip(" ,;:")))
        and count_digits(number) >= _MIN_DIGITS
        and all(_EXTENSION_NUMBER.fullmatch(each) and count_digits(each) for each in extensions)
        and count_digits(text) <= _MAX_DIGITS
    )


def has_note(text: str) -> bool:
    """Whether a text that is no phone number is one with words beside it, such as “after 6pm”, or several numbers."""
    digits = count_digits(text)
    return digits > _MAX_DIGITS or (digits >= _MIN_DIGITS and any(sign.isalpha() for sign in text))


def count_digits(text: str) -> int:
    """Count the digits 0 to 9."""
    return len(_DIGITS.findall(text))
