"""The cold start of the serverless package, side by side with a bare Flask hello packaged the same way.

`python -m tests.hosting.cold_start` prints processor time and size of both, and their ratio. Each start is a process of
its own: Python, the imports, and the first answer to an event of API Gateway.
"""

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from deploy.serverless.__main__ import ROOT, compile_all, install, package, size
from referral_function.asking.questions import Route
from referral_function.sending.encryption import keygen
from tests.examples import a_referral
from tests.hosting.events import Event, version_2

ROUNDS = 11
_HELLO = """
from apig_wsgi import make_lambda_handler
from flask import Flask

application = Flask(__name__, static_folder=None)


@application.route("/<path:path>", methods=["GET", "POST"])
def hello(path):
    return "hello"


handler = make_lambda_handler(application)
"""
_NEEDS = {"apig-wsgi", "blinker", "click", "flask", "itsdangerous", "jinja2", "markupsafe", "werkzeug"}
_ONCE = """
import json, os, sys, time
sys.path.insert(0, ".")
import lambda_handler
answer = lambda_handler.handler(json.loads(sys.argv[1]), None)
print(time.process_time(), flush=True)
os._exit(answer["statusCode"] != 200)
"""


def hello(folder: Path) -> Path:
    """Make the package of the bare application, from the same lock file."""
    rows = re.split(r"\n(?=\S)", (ROOT / "requirements" / "aws.txt").read_text("utf-8"))
    lock = folder / "hello.txt"
    lock.write_text("\n".join(row for row in rows if row.partition("==")[0] in _NEEDS) + "\n", "utf-8")
    made = folder / "hello"
    install(made, lock)
    (made / "lambda_handler.py").write_text(_HELLO, "utf-8")
    compile_all(made)
    return made


def start(folder: Path, event: Event, environ: Mapping[str, str]) -> tuple[float, float]:
    """Start once; return the seconds of processor time to the end of the answer, and those of the clock."""
    began = time.perf_counter()
    command = [sys.executable, "-I", "-S", "-c", _ONCE, json.dumps(event)]
    said = subprocess.run(command, cwd=folder, env=environ, capture_output=True, check=True).stdout
    return float(said), time.perf_counter() - began


def main() -> int:
    """Measure in turn, and print medians and ratios."""
    public, private = keygen()
    settings = {
        "REFERRAL_RELAY": "smtp://localhost:2525",
        "REFERRAL_INBOX": "inbox@example.org",
        "REFERRAL_SENDER": "referrals@localhost",
        "REFERRAL_OUTBOX": "postgresql://localhost/referral",
        "REFERRAL_SEAL_KEY": public,
        "REFERRAL_OPEN_KEYS": private,
        "REFERRAL_SECRET_KEY": "an invented secret of the tests 0123456789",
        "REFERRAL_HOSTS": "form.service.test",
        "REFERRAL_DRAIN": "off",
        "AWS_LAMBDA_FUNCTION_NAME": "referral",
    }
    body = urlencode(a_referral(Route.MYSELF) | {"action": "review"}, doseq=True)
    posted = version_2("POST", "/referral/myself/", body=body, Content_Type="application/x-www-form-urlencoded")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours, bare = package("aws", folder, ROOT / "site").with_suffix(""), hello(folder)
        ways = {
            "bare Flask hello": (bare, version_2("GET", "/hello/")),
            "ours, livez": (ours, version_2("GET", "/referral/livez")),
            "ours, a page": (ours, version_2("GET", "/refer/myself/")),
            "ours, a review": (ours, posted),
        }
        took: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for _ in range(ROUNDS):
            for way, (where, event) in ways.items():
                took[way].append(start(where, event, settings))
        base = took["bare Flask hello"]
        for way, (where, _event) in ways.items():
            ratios = [one[0] / other[0] for one, other in zip(took[way], base, strict=True)]
            processor, clock = (statistics.median(each) * 1000 for each in zip(*took[way], strict=True))
            sys.stdout.write(
                f"{way:18} {processor:4.0f} ms of processor, {clock:4.0f} ms by the clock, "
                f"{statistics.median(ratios):.2f} times hello; {size(where):.1f} MB unpacked\n"
            )
        sys.stdout.write(f"aws.zip: {size(folder / 'aws.zip'):.1f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
