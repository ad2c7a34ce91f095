"""Text browsers know no stylesheet and show what is hidden: what stands on paper or in a notice alone is not in their page."""

import subprocess
from pathlib import Path

import pytest

from referral_function.asking.questions import PROFESSIONAL, Route
from referral_function.web.form_markup import notices
from tests.external_tools import found


@pytest.mark.needs("lynx", "w3m")
@pytest.mark.parametrize("browser", ["lynx", "w3m"])
@pytest.mark.parametrize("route", sorted(PROFESSIONAL))
def test_a_text_browser_shows_no_notice_and_no_paper_form(site: Path, browser: str, route: Route) -> None:
    """The questions are there; the notices, the criteria and how to send paper are not."""
    page = site / "refer" / route.slug / "index.html"
    command = [str(found(browser)), "-dump", "-cols" if browser == "w3m" else "-width", "900", str(page)]
    shown = " ".join(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
    assert "1. Can we help?" in shown
    for words in ("We may not be able to take this referral", "Referral criteria", "How to send this form safely"):
        assert words not in shown
    sentences = [notice.sentence for those in notices(route).by_question.values() for notice in those]
    assert sentences
    assert [sentence for sentence in sentences if sentence in shown] == []
