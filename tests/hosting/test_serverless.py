"""The form on serverless hosts: the package as it is uploaded, called as the platform calls it, with PostgreSQL."""

import base64
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from cfnlint.decode import cfn_yaml

from deploy.serverless.__main__ import package, size
from referral_function import compose
from referral_function.__main__ import main
from referral_function.asking.questions import Route
from referral_function.sending.encryption import PrivateKeys, keygen
from referral_function.settings.parsers import REQUIRED
from referral_function.settings.settings import SETTINGS, Settings
from referral_function.web.security_headers import headers_for
from tests.engines import new_schema, postgres_address
from tests.examples import a_referral
from tests.hosting.events import Event, header_of, text_of, version_1, version_2
from tests.ports import free_port
from tests.smtp_server import SmtpServer

KEEP_KEY, _private = keygen()
MANAGER = PrivateKeys.from_text(_private)
PACKAGED = pytest.mark.slow("builds the packages of two serverless hosts")
ROOT = Path(__file__).resolve().parents[2]
SERVERLESS = ROOT / "deploy" / "serverless"
LARGEST = 250 * 1024 * 1024  # bytes unpacked: what AWS Lambda takes
_CALLS = """
import json, sys
sys.path.insert(0, ".")
answers, sys.stdout = sys.stdout, sys.stderr
import lambda_handler
class Context:
    get_remaining_time_in_millis = staticmethod(lambda: event.get("left", 300_000))
for line in sys.stdin:
    name, event = json.loads(line)
    print(json.dumps(getattr(lambda_handler, name)(event, Context())), file=answers, flush=True)
"""


@pytest.fixture(scope="module")
def uploaded(tmp_path_factory: pytest.TempPathFactory, site: Path) -> dict[str, Path]:
    """Make both packages, as the command does."""
    folder = tmp_path_factory.mktemp("uploaded")
    return {kind: package(kind, folder, site) for kind in ("aws", "google")}


@pytest.fixture
def elsewhere(environ: dict[str, str]) -> dict[str, str]:
    """Return the environment of a serverless host: PostgreSQL, an attempt after each referral, the site in the package."""
    known = {name: value for name, value in environ.items() if name != "REFERRAL_SITE"}
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    address = postgres_address(new_schema())
    return {**kept, **known, "REFERRAL_OUTBOX": address, "REFERRAL_DRAIN": "attempt", "REFERRAL_KEEP_KEY": KEEP_KEY}


def _is_kept(environ: dict[str, str], server: SmtpServer) -> bool:
    """Whether a copy of the one message that was delivered is kept, for the manager's key."""
    (delivered,) = server.kept
    (reference,) = set(re.findall(r"Subject: .*(RJ-\w{4}-\w{4})", delivered.wire.decode()))
    with closing(compose.open_outbox(Settings.read(environ))) as outbox:
        copy = outbox.kept(reference)
    return copy is not None and MANAGER.decrypt(copy.ciphertext, reference, copy.key_id) == delivered.wire


Call = Callable[[str, Event], Any]


@pytest.fixture
def call(uploaded: dict[str, Path], elsewhere: dict[str, str]) -> Iterator[Call]:
    """Call the package in a process of its own that sees nothing else."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _CALLS],
        cwd=uploaded["aws"].with_suffix(""),
        env=elsewhere | {"AWS_LAMBDA_FUNCTION_NAME": "referral", "REFERRAL_HOSTS": "form.service.test"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def called(name: str, event: Event) -> Any:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps([name, event]) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    yield called
    process.communicate()


def _sent(call: Call, event: Callable[..., Event], left: int = 300_000) -> Event:
    """Send a referral to a function to which the platform leaves so many milliseconds."""
    form = {"Content_Type": "application/x-www-form-urlencoded", "Origin": "https://form.service.test"}
    answers = a_referral(Route.MYSELF)

    def posts(action: str, **also: str) -> Event:
        body = urlencode(answers | also | {"action": action}, doseq=True)
        answer: Event = call("handler", event("POST", "/referral/myself/", body=body, **form) | {"left": left})
        return answer

    review = posts("review")
    assert review["statusCode"] == 200
    token = re.search(r'name="token" value="([^"]+)"', text_of(review))
    assert token
    time.sleep(2.1)
    return posts("send", token=unescape(token[1]))


@PACKAGED
@pytest.mark.parametrize("event", [version_1, version_2], ids=["REST API", "HTTP API"])
def test_the_lambda_handler_answers_events_of_api_gateway(
    call: Call, event: Callable[..., Event], smtp_server: SmtpServer
) -> None:
    """Pages, a review, a referral and its receipt: all with their headers, and the message arrives."""
    page = call("handler", event("GET", "/refer/myself/"))
    assert (page["statusCode"], "<form" in text_of(page)) == (200, True)
    for name, value in headers_for("/refer/myself/", secure=True).items():
        assert header_of(page, name) == value
    sent = _sent(call, event)
    assert sent["statusCode"] == 303
    path, _, query = (header_of(sent, "Location") or "").partition("?")
    receipt = call("handler", event("GET", path, query=query))
    assert receipt["statusCode"] == 200
    (reference,) = set(re.findall(r"RJ-\w{4}-\w{4}", text_of(receipt)))
    (kept,) = smtp_server.kept
    assert reference.encode() in kept.wire
    assert call("handler", event("GET", "/nothing-here/"))["statusCode"] == 404
    for path, first in {"/refer/": None, "/downloads/paper-form-1.docx": b"PK"}.items():
        file = call("handler", event("GET", path, Accept_Encoding="br"))
        assert (file["statusCode"], file["isBase64Encoded"]) == (200, True)
        assert (header_of(file, "Content-Encoding") == "br") is (first is None)
        assert first is None or base64.b64decode(file["body"]).startswith(first)


@PACKAGED
def test_a_function_that_soon_is_over_stores_and_the_schedule_delivers(
    call: Call, smtp_server: SmtpServer, elsewhere: dict[str, str]
) -> None:
    """With 30 seconds left no attempt begins: the referral waits for the schedule, which keeps a copy."""
    assert _sent(call, version_2, left=30_000)["statusCode"] == 303
    assert smtp_server.connections == 0
    call("drain", {"source": "aws.scheduler"})
    assert _is_kept(elsewhere, smtp_server)


@PACKAGED
def test_the_schedule_delivers_and_fails_where_a_person_has_to_look(
    call: Call, smtp_server: SmtpServer, uploaded: dict[str, Path], elsewhere: dict[str, str]
) -> None:
    """The second handler drains; without an answer of its database it fails, which the platform counts as an error."""
    assert call("drain", {"source": "aws.scheduler"}) is None
    assert smtp_server.connections == 0
    program = "import sys; sys.path.insert(0, '.'); import lambda_handler; lambda_handler.drain({}, None)"
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program],
        cwd=uploaded["aws"].with_suffix(""),
        env=elsewhere | {"REFERRAL_OUTBOX": "postgresql://localhost:1/none"},
        capture_output=True,
        check=False,
    )
    assert b"A person has to look" in ran.stderr


@PACKAGED
def test_the_functions_framework_serves_the_same(
    uploaded: dict[str, Path], elsewhere: dict[str, str], smtp_server: SmtpServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """Started as Cloud Run starts it, the package passes the smoke test, and the TEST referral arrives."""
    port = free_port()
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("functions-framework")), "--target", "referral", "--port", str(port)],
        cwd=uploaded["google"],
        env=elsewhere | {"K_SERVICE": "referral"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/referral/livez", timeout=5):
                    break
            except OSError:
                assert process.poll() is None
                time.sleep(0.05)
        code = main(["smoke", f"http://127.0.0.1:{port}", "--send"])
    finally:
        process.terminate()
        process.wait(90)
    assert code == 0, capsys.readouterr().out
    assert _is_kept(elsewhere, smtp_server)
    assert b"TEST" in smtp_server.kept[0].wire


@PACKAGED
def test_a_package_is_compiled_and_small_enough(uploaded: dict[str, Path]) -> None:
    """Every module and every template has its compiled twin, in a form that does not look at times; Lambda takes it."""
    folder = uploaded["aws"].with_suffix("")
    assert size(folder) * 1e6 < LARGEST
    modules = list((folder / "referral_function").rglob("*.py"))
    assert len(modules) > 50
    for module in modules:
        (compiled,) = (module.parent / "__pycache__").glob(f"{module.stem}.cpython-*.pyc")
        assert int.from_bytes(compiled.read_bytes()[4:8], "little") == 0b01  # hash-based, unchecked: PEP 552
    for kind in uploaded.values():
        inside = kind.with_suffix("") / "referral_function" / "web"
        templates = list((inside / "templates").glob("*.html"))
        assert len(list((inside / "__pycache__").glob("template-*.bytecode"))) >= len(templates) > 5


def test_the_infrastructure_of_aws_is_well_formed(tmp_path: Path) -> None:
    """cfn-lint has nothing to say about it, with every rule, in the region of London; the control is named."""
    lint = str(Path(sys.executable).with_name("cfn-lint"))
    template = SERVERLESS / "aws" / "template.yaml"
    ran = subprocess.run(
        [lint, "--regions", "eu-west-2", "--", str(template)], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(template.read_text("utf-8").replace("AWS::Lambda::Function", "AWS::Lambda::Funktion", 1), "utf-8")
    ran = subprocess.run([lint, "--", str(wrong)], capture_output=True, text=True, check=False)
    assert "Funktion" in ran.stdout


def _settings_of(function: Any) -> set[str]:
    """Return the settings that a function of the template has, in its environment or from its secret; none is in both."""
    known = function["Properties"]["Environment"]["Variables"]
    secret = {f"REFERRAL_{key.upper()}" for key in known["SECRET_KEYS"].split()}
    plain = {name for name in known if not name.startswith("SECRET_")}
    assert not {row.name for row in SETTINGS if row.secret} & plain
    assert not secret & plain
    return secret | plain


@pytest.mark.asvs("13.3.1")
def test_a_function_reads_its_own_secrets_when_it_starts(tmp_path: Path) -> None:
    """What `SECRET_KEYS` names is taken from the secret, and nothing else; without a secret nothing is asked."""
    (tmp_path / "boto3.py").write_text(
        "import json\n"
        "class client:\n"
        "    def __init__(self, name): assert name == 'secretsmanager'\n"
        "    def get_secret_value(self, SecretId):\n"
        "        return {'SecretString': json.dumps({'outbox': 'postgresql://' + SecretId, 'relay': 'hush'})}\n"
    )
    source = (SERVERLESS / "aws" / "lambda_handler.py").read_text("utf-8").partition("load_secrets(os.environ)")[0]
    program = f"{source}\nfound = dict(os.environ)\nload_secrets(found)\nprint(json.dumps(found))"
    for given, outbox in (({}, None), ({"SECRET_ARN": "arn", "SECRET_KEYS": "outbox"}, "postgresql://arn")):
        ran = subprocess.run(
            [sys.executable, "-c", program], env=given | {"PYTHONPATH": str(tmp_path)}, capture_output=True, check=True
        )
        found = json.loads(ran.stdout)
        assert (found.get("REFERRAL_OUTBOX"), "REFERRAL_RELAY" in found) == (outbox, False)


def test_the_infrastructure_sets_what_the_form_asks_for() -> None:
    """Both platforms set every required setting, none that does not exist, and no sqlite; both stand in London."""
    template = cfn_yaml.load(str(SERVERLESS / "aws/template.yaml"))
    service = cfn_yaml.load(str(SERVERLESS / "google/service.yaml"))
    (container,) = service["spec"]["template"]["spec"]["containers"]
    form, drain = (_settings_of(template["Resources"][name]) for name in ("Form", "Drain"))
    said = {each["name"]: each.get("value") for each in container["env"]}
    revision = service["spec"]["template"]["spec"]
    assert said.pop("CLOUD_RUN_TIMEOUT_SECONDS") == str(revision["timeoutSeconds"])
    assert said.pop("THREADS") == str(revision["containerConcurrency"])
    (host,) = container["startupProbe"]["httpGet"]["httpHeaders"]
    assert host == {"name": "Host", "value": said["REFERRAL_HOSTS"]}
    google = set(said)
    known = {row.name for row in SETTINGS}
    required = {row.name for row in SETTINGS if row.default is REQUIRED}
    for names in (form, drain, google):
        assert required <= names <= known
    assert "REFERRAL_KEEP_KEY" in drain - form  # it is the drain that delivers, and keeps
    for name in ("REFERRAL_OPEN_KEYS", "REFERRAL_RELAY"):
        assert [(name in names) for names in (form, drain, google)] == [False, True, True]
    assert revision["serviceAccountName"].startswith("referral-form@")
    assert service["metadata"]["labels"]["cloud.googleapis.com/location"] == "europe-west2"
    assert "eu-west-2" in (SERVERLESS / "aws/template.yaml").read_text("utf-8")
