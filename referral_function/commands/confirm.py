"""A question that is answered by typing a reference."""

from referral_function.sending.reference import parse


def confirmed(reference: str, warning: str) -> bool:
    """Print a warning, and return whether the reference was typed after it."""
    print(f"{warning} Type its reference to go on:")
    try:
        return parse(input()) == reference
    except EOFError:
        return False
