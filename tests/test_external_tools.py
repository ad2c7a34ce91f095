"""What a test does when it needs a program from outside Python."""

import pytest

from tests import external_tools


def test_a_program_on_the_path_is_found() -> None:
    """A program that is there is named by its path."""
    assert (external_tools.found("python3") or "").endswith("python3")


@pytest.mark.parametrize("name", sorted(external_tools.PACKAGES))
def test_a_missing_program_is_named_with_what_to_do(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a program is not there and there is no package manager, the reason says how to get it."""
    monkeypatch.setenv("PATH", "")
    assert external_tools.found.__wrapped__(name) is None
    assert external_tools.missing(name).endswith(f"apt-get install {external_tools.PACKAGES[name]}")
