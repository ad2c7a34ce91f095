"""The commands, as the person on duty types them."""

import hashlib
import os
import re
import secrets
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from referral_function import compose
from referral_function.__main__ import COMMANDS, main
from referral_function.sending.attempt import Attempt, Stage, State
from referral_function.sending.encryption import PrivateKeys, PublicKey, entry_mac
from referral_function.sending.entry import Entry
from referral_function.sending.message import Body, wire_message
from referral_function.sending.outbox import Outbox
from referral_function.sending.reference import new_reference
from referral_function.settings.settings import SETTINGS, Settings
from referral_function.web.site_page import CLOSING, OPENING
from tests.engines import new_schema, postgres_address
from tests.smtp_server import SmtpServer

SENT = Attempt(state=State.DELIVERED, stage=Stage.DOT, code="250")
PARKED = Attempt(state=State.PARKED, stage=Stage.DOT, code="554", possibly_delivered=True)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in a complete environment; return its exit code and what it wrote."""
    for row in SETTINGS:
        monkeypatch.delenv(row.name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("referral_function.events.to_stderr", lambda: None)

    def runner(*words: str) -> tuple[int, str, str]:
        try:
            code = main(words)
        except SystemExit as left:
            code = int(left.code or 0)
        written = capsys.readouterr()
        return code, written.out, written.err

    return runner


@pytest.fixture
def waiting(environ: dict[str, str]) -> Callable[..., str]:
    """Put an invented referral into the outbox, with what came of it."""

    def put(attempt: Attempt | None = None, age: timedelta = timedelta(0)) -> str:
        settings = Settings.read(environ)
        reference, token, at = new_reference(secrets.randbelow), secrets.token_hex(16), datetime.now(UTC) - age
        wire = wire_message(
            reference=reference,
            token=token,
            body=Body(plain="SECRET\n"),
            sender=settings.sender,
            inbox=settings.inbox,
            accepted_at=at,
        )
        key = settings.seal_key
        sealed = key.encrypt(wire, reference)
        mac = entry_mac(settings.secret_key, reference=reference, key_id=key.id, ciphertext=sealed)
        with_outbox(
            settings,
            lambda outbox: outbox.accept(
                reference=reference,
                idempotency_key=reference.encode(),
                nonce_hash=b"",
                token_hash=hashlib.sha256(token.encode()).digest(),
                ciphertext=sealed,
                key_id=key.id,
                mac=mac,
                created_at=at,
            ),
        )
        if attempt:
            with_outbox(settings, lambda outbox: outbox.record_result(claim(outbox), attempt))
        return reference

    return put


def with_outbox(settings: Settings, act: Callable[[Outbox], object]) -> None:
    """Open the outbox for one act."""
    outbox = compose.open_outbox(settings)
    act(outbox)
    outbox.close()


def claim(outbox: Outbox) -> Entry:
    """Claim what must be there."""
    entry = outbox.claim(60)
    assert entry is not None
    return entry


def test_the_list_shows_what_waits_and_nothing_of_its_content(run: Run, waiting: Callable[..., str]) -> None:
    """What waits and what is parked is listed with its age, its tries and why; what was delivered is not."""
    delivered = waiting(SENT)
    parked = waiting(PARKED, timedelta(days=3))
    old, new = waiting(age=timedelta(hours=5)), waiting(age=timedelta(minutes=7))
    code, out, _ = run("outbox", "list")
    lines = {line.split(" ")[0]: line for line in out.splitlines()}
    assert code == 0
    assert delivered not in lines
    assert all(word in lines[parked] for word in ("parked", "3 d", "dot", "554"))
    assert "5 h" in lines[old]
    assert "7 min" in lines[new]
    assert "3 in all" in out
    assert "SECRET" not in out


def test_one_entry_can_be_looked_at(run: Run, waiting: Callable[..., str]) -> None:
    """`show` tells all that is known, and warns where a message may have arrived already; case does not matter."""
    reference = waiting(PARKED)
    code, out, _ = run("outbox", "show", reference.lower().replace("-", " "))
    assert code == 0
    assert "may have been sent already" in out
    quiet = run("outbox", "show", waiting())[1]
    assert "may have been sent" not in quiet
    assert run("outbox", "show", "RJ-2222-2222")[0] == 1


def test_a_parked_entry_is_due_again_after_retry(
    run: Run, waiting: Callable[..., str], smtp_server: SmtpServer
) -> None:
    """Retry of one, and of all that is parked; the next drain delivers."""
    references = [waiting(PARKED) for _ in range(3)]
    assert run("outbox", "retry", references[0])[:2] == (0, "Due now: 1 of 1. The next drain tries again.\n")
    assert run("outbox", "retry", "--parked")[:2] == (0, "Due now: 2 of 2. The next drain tries again.\n")
    assert run("drain")[:2] == (0, "Delivered 3, failed 0.\n")
    assert len(smtp_server.kept) == 3
    assert run("outbox", "retry", references[0])[0] == 1


def test_what_is_not_proved_to_be_ours_is_sent_only_if_its_reference_is_typed(
    run: Run, waiting: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waited when the secret was changed is parked; neither a plain retry nor `--parked` sends it, a typed one does."""
    reference = waiting()
    monkeypatch.setenv("REFERRAL_SECRET_KEY", "another invented secret, of the year after")
    assert run("drain")[:2] == (1, "Delivered 0, failed 1.\n")
    for typed in ("", "yes", "RJ-2222-2222"):
        monkeypatch.setattr("builtins.input", lambda typed=typed: typed)
        for which in (reference, "--parked"):
            code, out, _ = run("outbox", "retry", which)
            assert (code, "Nothing shows that we stored this entry" in out) == (1, True)
            assert "Due now: 0 of 1." in out
    monkeypatch.setattr("builtins.input", lambda: reference)
    assert run("outbox", "retry", reference)[0] == 0
    assert run("drain")[:2] == (0, "Delivered 1, failed 0.\n")


def test_without_a_relay_nothing_is_delivered_and_a_sentence_says_so(
    run: Run, waiting: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The part that takes referrals in has no password of the relay: `check` says that this is right, `drain` refuses."""
    waiting()
    monkeypatch.delenv("REFERRAL_RELAY")
    monkeypatch.setenv("REFERRAL_DRAIN", "off")
    code, out, _ = run("check")
    assert (code, "relay   NO: REFERRAL_RELAY is not set here; that is right where nothing is delivered." in out) == (
        1,
        True,
    )
    code, _, error = run("drain")
    assert (code, "REFERRAL_RELAY is not set here" in error) == (1, True)
    assert run("outbox", "list")[0] == 0


def test_discarding_needs_the_reference_typed(
    run: Run, waiting: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what is parked can be deleted, and only by typing its reference once more."""
    parked, another, queued = waiting(PARKED), waiting(PARKED), waiting()
    for typed, reference, code in (("yes", parked, 1), (queued, queued, 1), (parked, parked, 0), (parked, parked, 1)):
        monkeypatch.setattr("builtins.input", lambda typed=typed: typed)
        returned, out, _ = run("outbox", "discard", reference)
        assert (returned, "gone for good" in out) == (code, typed == "yes" or code == 0)  # else it does not even ask

    def nobody() -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    assert run("outbox", "discard", another)[0] == 1


def test_tombstones_are_purged(run: Run, waiting: Callable[..., str]) -> None:
    """Purging deletes what was delivered long ago, and nothing else."""
    waiting(SENT)
    assert run("outbox", "purge")[:2] == (0, "Deleted: 0.\n")


def test_the_outbox_can_be_compared_with_the_inbox(
    run: Run, waiting: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of subjects from the inbox, in a file or on standard input, shows what is missing, what came twice, and what waits."""
    arrived, missing, queued = waiting(SENT), waiting(SENT), waiting()
    strange = new_reference(secrets.randbelow)
    subjects = tmp_path / "subjects.txt"
    subjects.write_text(f"Referral {arrived}\nReferral {arrived} and {strange} but not RJ-2222-2223\n", "utf-8")
    code, out, _ = run("outbox", "reconcile", str(subjects))
    assert code == 1
    parts = out.split("\n")
    assert any(line.startswith("     1 NOT IN THE FILE") for line in parts)
    assert out.index("NOT IN THE FILE") < out.index(missing) < out.index("still waiting") < out.index(queued)
    assert out.index("more than once") < out.index(arrived) < out.index("not known here") < out.index(strange)
    subjects.write_text(f"{arrived} {missing}", "utf-8")
    assert run("outbox", "reconcile", str(subjects))[0] == 0
    with subjects.open(encoding="utf-8") as given:
        monkeypatch.setattr("sys.stdin", given)
        assert run("outbox", "reconcile", "-")[0] == 0
    subjects.unlink()
    answer = f"Nothing was compared: {subjects} cannot be read: No such file or directory.\n"
    assert run("outbox", "reconcile", str(subjects))[:2] == (1, answer)


def test_a_reference_with_a_slip_is_wrong_usage(run: Run) -> None:
    """A mistyped reference is caught by its check symbol, before anything is done."""
    code, _, err = run("outbox", "retry", "RJ-2222-2223")
    assert code == 2
    assert "is not a reference" in err


def test_keys_are_made_in_the_form_that_the_settings_take(run: Run) -> None:
    """`keygen` prints two settings, and says on stderr what losing the private key means."""
    code, out, err = run("keygen")
    lines = dict(line.split("=", 1) for line in out.splitlines())
    assert code == 0
    assert list(lines) == ["REFERRAL_SEAL_KEY", "REFERRAL_OPEN_KEYS"]
    PrivateKeys.from_text(lines["REFERRAL_OPEN_KEYS"]).self_test(PublicKey.from_text(lines["REFERRAL_SEAL_KEY"]))
    assert "lost" in err
    assert "private:" not in err


def test_a_rotation_can_be_followed(
    run: Run, waiting: Callable[..., str], environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`keys` shows what is sealed with each key, says when the old one can go, and fails when one is missing."""
    waiting()
    old = PublicKey.from_text(environ["REFERRAL_SEAL_KEY"]).id
    lines = dict(line.split("=", 1) for line in run("keygen")[1].splitlines())
    monkeypatch.setenv("REFERRAL_SEAL_KEY", lines["REFERRAL_SEAL_KEY"])
    code, out, _ = run("keys")
    assert code == 1
    assert "PRIVATE KEY NOT LOADED" in out
    monkeypatch.setenv("REFERRAL_OPEN_KEYS", lines["REFERRAL_OPEN_KEYS"] + "," + environ["REFERRAL_OPEN_KEYS"])
    code, out, _ = run("keys")
    assert code == 0
    assert any(line.startswith(f"{old}  old") and "     1 waiting" in line for line in out.splitlines())
    run("drain")
    monkeypatch.setenv("REFERRAL_OPEN_KEYS", lines["REFERRAL_OPEN_KEYS"])
    code, out, _ = run("keys")
    assert code == 0
    assert old not in out


def test_keys_without_private_keys_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is delivered no private key is loaded."""
    monkeypatch.setenv("REFERRAL_OPEN_KEYS", "")
    monkeypatch.setenv("REFERRAL_DRAIN", "off")
    code, out, _ = run("keys")
    assert code == 1
    assert "NOT LOADED" in out
    assert "not set here" in run("check")[1]
    assert "nothing can be delivered" in run("drain")[2]


def test_the_check_goes_as_far_as_rcpt(
    run: Run, smtp_server: SmtpServer, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With everything in order each part works, and no message is sent."""
    monkeypatch.setenv("REFERRAL_SITE", str(site))
    code, out, _ = run("check")
    assert (code, out.split()[::2]) == (0, ["outbox", "keys", "site", "limit", "relay"])
    assert out.count("works") == 5
    assert not smtp_server.kept


def test_the_check_and_readiness_ask_the_outbox_the_same(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk without room is not ready, and `check` says so in words."""
    monkeypatch.setattr("referral_function.sending.sqlite.SqliteOutbox.free_bytes", lambda _: 0)
    code, out, _ = run("check")
    assert (code, "outbox  NO: 0 MB free in /" in out) == (1, True)


def test_the_check_tries_what_serve_will_need(run: Run, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that is not built, and a store of the limit that does not answer, are named; neither is a trace."""
    code, out, _ = run("check")
    assert (code, "site    NO: " in out, "Build the site first: make site" in out) == (1, True, True)
    monkeypatch.setenv("REFERRAL_SITE", str(site))
    monkeypatch.setattr("limits.storage.MemoryStorage.check", lambda _: False)
    code, out, _ = run("check")
    assert (code, "limit   NO: REFERRAL_LIMIT_STORE: the store does not answer" in out) == (1, True)
    monkeypatch.setenv("REFERRAL_LIMIT", "off")
    assert run("check")[0] == 0


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("REFERRAL_SITE", "/nowhere", "Build the site first: make site"),
        ("REFERRAL_LIMIT_STORE", "nonsense", "WRONG: REFERRAL_LIMIT_STORE: write memory, or redis://"),
        ("REFERRAL_LIMIT_STORE", "redis://store", "with the package redis installed"),
        ("REFERRAL_RELAY_CA", __file__, "REFERRAL_RELAY_CA = WRONG: it cannot be read as certificates in PEM form."),
        (
            "REFERRAL_PROXIES",
            "99",
            "REFERRAL_PROXIES = WRONG: write how many proxies are in front of the form, 0 to 9.",
        ),
    ],
)
def test_what_would_stop_the_start_is_wrong_in_the_settings(  # noqa: PLR0913, PLR0917 - a table
    run: Run, site: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    """`settings`, which `switch` asks before it switches, tries what `serve` will need."""
    monkeypatch.setenv("REFERRAL_SITE", str(site))
    assert run("settings")[0] == 0
    monkeypatch.setenv(name, value)
    code, out, err = run("settings")
    assert (code, words in out, err) == (1, True, ""), out


def test_the_check_names_what_does_not_work(run: Run, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part that fails is named with its cause, and the others are tried all the same."""
    smtp_server.script("rcpt", "550 SECRET words")
    monkeypatch.setenv("REFERRAL_OUTBOX", "sqlite:////nowhere/outbox.db")
    code, out, _ = run("check")
    assert code == 1
    assert "outbox  NO: there is no folder /nowhere\n" in out
    assert "keys    works" in out
    assert "relay   NO: rcpt: 550\n" in out


def test_a_test_message_goes_the_whole_way(run: Run, smtp_server: SmtpServer) -> None:
    """`send-test` is accepted, sealed, drained and marked TEST."""
    code, out, _ = run("send-test")
    assert code == 0
    assert "the relay has taken it" in out
    assert b"TEST - this is not a referral." in smtp_server.kept[0].wire


@pytest.mark.parametrize(("stage", "said"), [("dot", "dot 451"), ("rcpt", "rcpt 451")])
def test_a_test_message_that_is_not_taken_says_why(run: Run, smtp_server: SmtpServer, stage: str, said: str) -> None:
    """The stage and the code stand in the answer; the message waits like any other."""
    smtp_server.script(stage, "451")
    code, out, _ = run("send-test")
    assert code == 1
    assert said in out


def test_a_test_message_behind_a_missing_key_was_not_tried(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a private key that does not fit nothing is sent."""
    lines = dict(line.split("=", 1) for line in run("keygen")[1].splitlines())
    monkeypatch.setenv("REFERRAL_OPEN_KEYS", lines["REFERRAL_OPEN_KEYS"])
    code, out, _ = run("send-test")
    assert code == 1
    assert "not tried" in out


def test_a_drain_fails_when_a_person_has_to_look(
    run: Run, waiting: Callable[..., str], smtp_server: SmtpServer
) -> None:
    """A scheduler that runs `drain` sees by its exit code that something is parked or late."""
    assert run("drain")[0] == 0
    waiting(PARKED)
    assert run("drain")[:2] == (1, "Delivered 0, failed 0.\n")
    assert run("outbox", "retry", "--parked")[0] == 0
    smtp_server.script("dot", "451")
    waiting(age=timedelta(hours=1))
    assert run("drain")[0] == 1


def test_a_drain_typed_by_a_person_says_what_waits_until_when_and_what_to_type(
    run: Run, waiting: Callable[..., str], smtp_server: SmtpServer
) -> None:
    """One that waits is named, of several how many; what is then typed delivers them, due or not."""
    smtp_server.script("dot", "451")
    one = waiting()
    out = run("drain")[1]
    assert re.search(
        rf"^1 waits, next try [0-2]\d:[0-5]\d: the relay says: later. To try at once: outbox retry {one}, then drain.$",
        out,
        re.MULTILINE,
    )
    waiting()
    assert "2 wait, next try " in run("drain")[1]
    assert "To try at once: outbox retry --all, then drain." in run("drain")[1]
    assert run("outbox", "retry", "--all")[:2] == (0, "Due now: 2 of 2. The next drain tries again.\n")
    smtp_server.script("dot")
    assert run("drain")[:2] == (0, "Delivered 2, failed 0.\n")
    smtp_server.script("rcpt", "550")
    waiting()
    assert "1 waits, next try now: the relay refuses the inbox." in run("drain")[1]


def test_what_the_relay_refused_can_be_parked_by_hand(
    run: Run, waiting: Callable[..., str], smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A referral refused once at the final dot is parked, and then discarded; one that only waits is not."""
    smtp_server.script("dot", "554")
    refused = waiting()
    run("drain")
    smtp_server.script("rcpt", "451")
    only_waits = waiting()
    run("drain")
    assert run("outbox", "park", only_waits)[0] == 1
    assert run("outbox", "park", refused)[:2] == (
        0,
        f"{refused} is parked: it is not tried again until you type outbox retry.\n",
    )
    assert run("outbox", "park", refused)[0] == 1
    monkeypatch.setattr("builtins.input", lambda: refused)
    assert run("outbox", "discard", refused)[:1] == (0,)


def test_the_list_says_when_the_next_try_is_and_why_the_last_failed(run: Run, waiting: Callable[..., str]) -> None:
    """A time of the day, "now" or, for what is parked, none; and the stage and code in words."""
    failed = Attempt(state=State.QUEUED, stage=Stage.AUTH, code="535", delay=600.0)
    lines = {waiting(failed): r" [0-2]\d:[0-5]\d auth     535 .* the relay refuses our user or password$"}
    lines |= {waiting(PARKED): r" - dot +554 .* the relay refused this message$"}
    lines |= {waiting(): r"    0      now -        - +\d+$"}
    out = run("outbox", "list")[1]
    assert "next try" in out
    for reference, words in lines.items():
        assert re.search(rf"^{reference} .*{words}", out, re.MULTILINE), out


def test_a_drain_beside_another_one_says_so(run: Run, environ: dict[str, str]) -> None:
    """Two drains on one machine do not overlap."""
    outbox = compose.open_outbox(Settings.read(environ))
    with outbox.drain_lock():
        assert run("drain")[1] == "Another drain is at work.\n"
    outbox.close()


def test_an_outbox_that_does_not_answer_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """No trace, a non-zero exit."""
    monkeypatch.setenv("REFERRAL_OUTBOX", "sqlite:////nowhere/outbox.db")
    assert run("outbox", "list") == (1, "", "The outbox does not answer: there is no folder /nowhere.\n")


def test_wrong_settings_are_named_and_nothing_runs(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command that needs the settings refuses in words."""
    monkeypatch.setenv("REFERRAL_INBOX", "")
    for words in (["outbox", "list"], ["drain"], ["keys"], ["check"], ["send-test"], ["serve"]):
        assert run(*words) == (1, "", "REFERRAL_INBOX: it is missing.\n")


def test_a_real_inbox_waits_for_the_controller(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """`serve`, `drain`, `check` and `send-test` refuse while the controller's blanks are open."""
    monkeypatch.setenv("REFERRAL_RELAY", "smtps://relay.service.test")
    monkeypatch.setenv("REFERRAL_INBOX", "inbox@service.test")
    for words in (["drain"], ["check"], ["send-test"], ["serve"]):
        code, out, err = run(*words)
        assert (code, out) == (1, "")
        assert "make site" in err


@pytest.mark.asvs("13.3.2")
def test_the_settings_are_shown_without_their_secrets(
    run: Run, environ: dict[str, str], site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`settings` names each setting with its meaning; of a secret it says that it is set."""
    monkeypatch.setenv("REFERRAL_SITE", str(site))
    code, out, _ = run("settings")
    assert code == 0
    assert all(row.name in out and row.meaning in out for row in SETTINGS)
    assert "REFERRAL_SECRET_KEY = set" in out
    assert "REFERRAL_RELAY_CA = " + environ["REFERRAL_RELAY_CA"] in out
    assert "REFERRAL_OPERATOR_TOKEN = none (default)" in out
    assert "REFERRAL_LIMIT = 30 (default)" in out
    for name in ("REFERRAL_OPEN_KEYS", "REFERRAL_SECRET_KEY"):
        assert environ[name] not in out


def test_a_wrong_setting_is_shown_as_wrong(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """`settings` is the way to find out what is missing, so it does not refuse to run."""
    monkeypatch.setenv("REFERRAL_HOSTS", "")
    code, out, _ = run("settings")
    assert code == 1
    assert "REFERRAL_HOSTS = WRONG: it is missing." in out


def test_settings_that_contradict_each_other_are_wrong(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release is switched to where `settings` is content, so what would stop the start stops it there."""
    monkeypatch.setenv("REFERRAL_INBOX", "inbox@service.test")
    code, out, _ = run("settings")
    assert code == 1
    assert "WRONG: REFERRAL_RELAY: it is on this machine but the inbox is real" in out
    monkeypatch.setenv("REFERRAL_LOCAL_RELAY", "yes")
    code, out, _ = run("settings")
    assert code == 1
    assert "service.json cannot be read; build the site first: make site" in out


def test_a_misspelt_name_is_shown_beside_what_it_left_missing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """`settings` names what looks like a setting and is none, whether or not another one is wrong."""
    monkeypatch.setenv("REFERRAL_INBX", "inbox@example.org")
    sentence = "WRONG: REFERRAL_INBX: there is no such setting. Is REFERRAL_INBOX meant?"
    for _ in range(2):
        code, out, _ = run("settings")
        assert (code, out.splitlines()[-1]) == (1, sentence)
        monkeypatch.delenv("REFERRAL_INBOX", raising=False)


def test_ctrl_c_is_no_trace(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that is interrupted ends quietly."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(compose, "open_outbox", interrupted)
    assert run("outbox", "list") == (130, "", "")


@pytest.mark.parametrize("command", [name.replace("_", "-") for name in COMMANDS])
def test_every_command_explains_itself(run: Run, command: str) -> None:
    """`--help` works everywhere."""
    code, out, _ = run(command, "--help")
    assert code == 0
    assert out.startswith("usage: python -m referral_function")


@pytest.mark.parametrize(
    "words", [[], ["unknown"], ["outbox"], ["drain", "--loop", "--seconds", "1"], ["serve", "--port", "x"]]
)
def test_wrong_usage_is_exit_2(run: Run, words: list[str]) -> None:
    """Wrong usage is told apart from failure."""
    assert run(*words)[0] == 2


def test_postgres_without_its_driver_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver is an extra; its absence says how to get it."""
    monkeypatch.setenv("REFERRAL_OUTBOX", "postgresql://localhost/x")
    monkeypatch.setitem(sys.modules, "psycopg", None)
    code, _, err = run("outbox", "list")
    assert code == 1
    assert "pip install" in err


@pytest.fixture
def _signals_put_back() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("_signals_put_back")
def test_a_drain_in_a_loop_goes_on_until_it_is_told_to_stop(
    run: Run, waiting: Callable[..., str], smtp_server: SmtpServer
) -> None:
    """`drain --loop` delivers what waits, and SIGTERM lets it finish the message in flight."""
    waiting()

    def tell() -> None:
        try:
            smtp_server.wait_for("dot")
        finally:  # or a drain that delivers nothing would go on for ever
            os.kill(os.getpid(), signal.SIGTERM)

    teller = threading.Thread(target=tell)
    teller.start()
    assert run("drain", "--loop")[0] == 0
    teller.join()
    assert len(smtp_server.kept) == 1
    code, out, _ = run("outbox", "list")
    assert (code, out.splitlines()[-1]) == (0, "0 in all")


def test_the_operator_sees_a_shared_outbox_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL the commands are the same."""
    monkeypatch.setenv("REFERRAL_OUTBOX", postgres_address(new_schema()))
    assert run("send-test")[0] == 0
    assert run("outbox", "list")[1].endswith("0 in all\n")


def test_publishing_fills_the_built_site_and_again_changes_nothing(run: Run, site: Path, tmp_path: Path) -> None:
    """The command makes what a static host serves; the second time nothing is different."""
    shutil.copytree(site, tmp_path / "built")
    page = tmp_path / "built" / "refer" / "myself" / "index.html"
    page.write_text(
        re.sub(rf"{OPENING}.*{CLOSING}", OPENING + CLOSING, page.read_text("utf-8"), flags=re.DOTALL), "utf-8"
    )
    for _time in range(2):
        code, said, _ = run("publish", str(tmp_path / "built"))
        assert (code, said) == (0, f"{tmp_path / 'built'} is ready for any static host.\n")
        for name in ("refer/myself/index.html", "refer/myself/index.html.br", "headers.json"):
            assert (tmp_path / "built" / name).read_bytes() == (site / name).read_bytes()


def test_publishing_says_what_is_missing(run: Run, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a built site, and a machine without the library that compresses, get one sentence each."""
    code, _, said = run("publish", str(tmp_path / "nowhere"))
    assert (code, "Build the site first" in said) == (1, True)
    shutil.copytree(site, tmp_path / "built")
    monkeypatch.setitem(sys.modules, "brotli", None)
    code, _, said = run("publish", str(tmp_path / "built"))
    assert (code, said) == (1, "Publishing needs brotli, which the running form does not: make site installs it.\n")


def test_every_command_that_others_rely_on_is_there(run: Run) -> None:
    """Each answers `--help` with its usage; a name that does not exist is wrong usage."""
    for words in ("serve", "drain", "publish", "papers", "keygen", "keys", "check", "send-test", "settings", "smoke"):
        code, said, _ = run(words, "--help")
        assert (code, words in said) == (0, True)
    for action in ("list", "show", "retry", "discard", "purge", "reconcile"):
        assert run("outbox", action, "--help")[0] == 0
    assert run("no-such-command")[0] == 2
