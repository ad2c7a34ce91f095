"""`make content`: look at the pages as an editor's colleague would, and say what to mend, one sentence for each."""

import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

from website.check.check import check, report
from website.content.generated_sections import refresh

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Check once; exit 1 if there is something to mend."""
    parser = ArgumentParser(prog="python -m website.check", description="Look at everything that an editor can change.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the project (default: this one)")
    parser.add_argument("--refresh", action="store_true", help="first write anew what the pages repeat from the code")
    options = parser.parse_args()
    if options.refresh:
        for page in refresh(options.root / "docs"):
            sys.stdout.write(f"{page} was written anew.\n")
    found = check(options.root, datetime.now(UTC).date())
    sys.stdout.write(report(found))
    return 1 if any(not one.advice for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
