"""`python -m bench`: measure everything and write `bench/REPORT.md`, or measure the parts named and print them."""

import sys
import time
from typing import Final

from bench import cold_start, delivery, form, report, site_build
from bench.paths import FOLDER, ROOT
from website.build.site import build

_ROUNDS: Final = 9
_PARTS: Final = {
    "form": form.measure,
    "cold": cold_start.measure,
    "delivery": delivery.measure,
    "build": site_build.measure,
}


def main(parts: list[str]) -> int:
    """Measure; raises KeyError for an unknown part."""
    start, rows = time.monotonic(), []
    FOLDER.mkdir(parents=True, exist_ok=True)
    build(ROOT, FOLDER / "site")
    for name in parts or _PARTS:
        rows += _PARTS[name](FOLDER, _ROUNDS)
        print(f"{name}: measured after {time.monotonic() - start:.0f} s", flush=True)
    text = report.write(rows, time.monotonic() - start)
    if parts:
        print(text)
    else:
        (ROOT / "bench" / "REPORT.md").write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
