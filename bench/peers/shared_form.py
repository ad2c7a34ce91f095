"""The form of all peers, as `bench.questions` writes it."""

import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["BENCH_FOLDER"])
FORM: dict[str, Any] = json.loads((FOLDER / "form.json").read_text("utf-8"))
