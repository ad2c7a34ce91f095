"""`make paper-pictures`: printed pages, and the Word and LibreOffice files as LibreOffice shows them, as pictures.

All go to `var/pictures/paper/`, for someone to look at each; a small set goes to `handbook/screenshots/paper/`. It needs a Chromium,
LibreOffice (`soffice`) and `pdftoppm`.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from referral_function.papers.paper import PAPER_ROUTES
from tests.browser.chromium import NONE_FOUND, find
from tests.browser.serving import served
from website.build.site import build

ROOT = Path(__file__).resolve().parents[2]
ALL, KEPT = ROOT / "var" / "pictures" / "paper", ROOT / "handbook" / "screenshots" / "paper"
PRINTED = [f"refer/{route.slug}" for route in PAPER_ROUTES] + ["about/easy-read", "refer/easy-read"]
SHOWN = {
    "print-refer-person-harmed-01": "print-1",
    "print-refer-person-harmed-03": "print-2",
    "word-referral-form-person-responsible-1": "word-1",
    "word-referral-form-person-responsible-2": "word-2",
    "libreoffice-paper-form-1-2": "libreoffice-1",
    "print-about-easy-read-1": "easy-read-1",
}
DOTS = "90"  # an inch


def main() -> int:
    """Make them; say in one sentence what is missing."""
    chromium = find()
    missing = [name for name in ("soffice", "pdftoppm") if not shutil.which(name)]
    if missing or not chromium:
        sys.stderr.write(f"{', '.join(missing)} not found.\n" if missing else f"{NONE_FOUND}\n")
        return 1
    shutil.rmtree(ALL, ignore_errors=True)
    ALL.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        site, made = Path(folder) / "site", Path(folder) / "pdf"
        made.mkdir()
        build(ROOT, site)
        printed(chromium, site, made)
        for ending, name in ((".docx", "word"), (".odt", "libreoffice")):
            converted(sorted((site / "downloads").glob(f"*{ending}")), made, name, Path(folder) / "profile")
        for pdf in sorted(made.glob("*.pdf")):
            subprocess.run(["pdftoppm", "-r", DOTS, "-png", pdf, ALL / pdf.stem], check=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    for source, name in SHOWN.items():
        Image.open(ALL / f"{source}.png").quantize(32).save(KEPT / f"{name}.png", optimize=True)
    sys.stdout.write(
        f"{len(list(ALL.glob('*.png')))} pictures in {ALL.relative_to(ROOT)}/, {len(SHOWN)} in handbook/screenshots/paper/\n"
    )
    return 0


def printed(chromium: str, site: Path, made: Path) -> None:
    """Print the form pages and the easy-read pages as the browser does."""
    with served(site) as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        for place in PRINTED:
            page.goto(f"{origin}/{place}/")
            page.pdf(path=made / f"print-{place.replace('/', '-')}.pdf", prefer_css_page_size=True)
        browser.close()


def converted(files: list[Path], made: Path, name: str, profile: Path) -> None:
    """Let LibreOffice open files and print them."""
    words = ["soffice", "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", "pdf"]
    subprocess.run([*words, "--outdir", made, *files], check=True, capture_output=True)
    for file in files:
        (made / f"{file.stem}.pdf").rename(made / f"{name}-{file.stem}.pdf")


if __name__ == "__main__":
    sys.exit(main())
