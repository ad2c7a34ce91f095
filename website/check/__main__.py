"""`make content`: run the content check and print one sentence for each finding."""

import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

from website.check.check import check, report
from website.content.generated_sections import update_generated_sections

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Check once; exit 1 if there is a finding that is not advice."""
    parser = ArgumentParser(prog="python -m website.check", description="Look at everything that an editor can change.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the project (default: this one)")
    parser.add_argument("--refresh", action="store_true", help="first write anew what the pages repeat from the code")
    options = parser.parse_args()
    if options.refresh:
        for page in update_generated_sections(options.root / "docs"):
            sys.stdout.write(f"{page} was written anew.\n")
    findings = check(options.root, datetime.now(UTC).date())
    sys.stdout.write(report(findings))
    return 1 if any(not finding.advice for finding in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
