"""The settings: read once, refused as a whole."""

import json
import re
from pathlib import Path

import pytest
import trustme

from referral_function.sending.encryption import keygen
from referral_function.sending.smtp import Relay
from referral_function.settings.parsers import REQUIRED, Drain
from referral_function.settings.settings import SETTINGS, Settings, SettingsError, read_setting

PUBLIC, PRIVATE = keygen()
COMPLETE = {
    "REFERRAL_RELAY": "smtp://us:p%40ss@localhost:2525",
    "REFERRAL_INBOX": "inbox@example.org",
    "REFERRAL_SENDER": "referrals@localhost",
    "REFERRAL_OUTBOX": "sqlite:///var/outbox.db",
    "REFERRAL_SEAL_KEY": PUBLIC,
    "REFERRAL_OPEN_KEYS": PRIVATE,
    "REFERRAL_SECRET_KEY": "an invented secret of the tests 0123456789",
    "REFERRAL_HOSTS": "127.0.0.1, Localhost",
}
REAL = {"REFERRAL_RELAY": "smtps://relay.service.test", "REFERRAL_INBOX": "inbox@service.test"}


def wrong(changes: dict[str, str]) -> str:
    """Return what is said about an environment with these changes."""
    with pytest.raises(SettingsError) as caught:
        Settings.read(COMPLETE | changes)
    return str(caught.value)


def test_a_complete_environment_is_read() -> None:
    """Every setting reaches its field, with the published defaults."""
    settings = Settings.read(COMPLETE)
    assert settings.relay == Relay(scheme="smtp", host="localhost", port=2525, user="us", password="p@ss")
    assert settings.hosts == ("127.0.0.1", "localhost")
    assert (settings.site, settings.drain, settings.limit, settings.proxies) == (Path("site"), Drain.THREAD, 30, 0)
    assert (settings.relay_ca, settings.operator_token, settings.limit_store) == (None, None, "memory")
    assert len(settings.secret_key) >= 32


def test_an_empty_environment_is_refused_with_every_name_at_once() -> None:
    """All missing settings stand in one message."""
    with pytest.raises(SettingsError) as caught:
        Settings.read({})
    required = [f"{row.name}: it is missing." for row in SETTINGS if row.default is REQUIRED]
    to_deliver = [
        f"REFERRAL_{name}: it is missing; only REFERRAL_DRAIN=off can do without it." for name in ("RELAY", "OPEN_KEYS")
    ]
    assert str(caught.value).splitlines()[:-1] == required + to_deliver
    with pytest.raises(SettingsError) as begun:
        Settings.read({"REFERRAL_INBOX": "inbox@example.org"})
    assert "make run" in str(caught.value)
    assert "make run" not in str(begun.value)  # who has begun knows where


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("REFERRAL_INBX", "REFERRAL_INBOX"),
        ("REFERRAL_HOST", "REFERRAL_HOSTS"),
        ("REFERRAL_SECRET", "REFERRAL_SECRET_KEY"),
        ("REFERRAL_LIMITS", "REFERRAL_LIMIT"),
        ("REFERRAL_OPEN_KEY_FILE", "REFERRAL_OPEN_KEYS_FILE"),
        ("REFFERAL_CLOSED", "REFERRAL_CLOSED"),
    ],
)
def test_a_misspelt_name_is_named(name: str, meant: str) -> None:
    """A setting that would be ignored because of a letter is refused, with the name that is meant."""
    assert wrong({name: "x"}) == f"{name}: there is no such setting. Is {meant} meant?"


@pytest.mark.parametrize(
    "name", ["REFERRAL_PORT", "REFERRAL_SERVICE_HOST", "REFERRAL_PORT_8000_TCP_PROTO", "REFERENCES"]
)
def test_names_that_others_set_pass(name: str) -> None:
    """What an orchestrator sets beside a service of this name is no setting, and no mistake."""
    assert Settings.read(COMPLETE | {name: "x"}).inbox == COMPLETE["REFERRAL_INBOX"]


@pytest.mark.asvs("13.2.3", "13.3.1", "13.3.2")
@pytest.mark.parametrize(
    ("name", "value", "flaw"),
    [
        ("REFERRAL_RELAY", "http://relay", "smtp://user"),
        ("REFERRAL_RELAY", "http://relay:25", "smtp://user"),
        ("REFERRAL_RELAY", "stmp://us:pass@relay.service.test:587", "smtp://user"),
        ("REFERRAL_RELAY", "//us:pass@relay.service.test:587", "smtp://user"),
        ("REFERRAL_RELAY", "smtp://relay..service.test:587", "smtp://user"),
        ("REFERRAL_RELAY", "smtp://:25", "smtp://user"),
        ("REFERRAL_RELAY", "smtp://us:pass/word@localhost", "%2F"),
        ("REFERRAL_RELAY", "smtp://localhost/path", "smtp://user"),
        ("REFERRAL_RELAY", "smtp://localhost/X", "smtp://user"),
        ("REFERRAL_RELAY", "smtp://localhost?verify=no", "smtp://user"),
        ("REFERRAL_RELAY", "smtp://localhost:99999", "smtp://user"),
        ("REFERRAL_RELAY", "smtp://us@localhost", "a user needs a password"),
        ("REFERRAL_RELAY_CA", "/nowhere.pem", "no such file"),
        ("REFERRAL_INBOX", "a@example.org, b@example.org", "one plain email address"),
        ("REFERRAL_INBOX", "Ann <a@example.org>", "one plain email address"),
        ("REFERRAL_SENDER", "a@b@example.org", "one plain email address"),
        ("REFERRAL_SENDER", "a@example.org\r\nBcc: b@example.org", "one plain email address"),
        ("REFERRAL_OUTBOX", "mysql://x", "sqlite:///path"),
        ("REFERRAL_OUTBOX", "sqlite://x", "sqlite:///path"),
        ("REFERRAL_OUTBOX", "sqlite:///:memory:", "sqlite:///path"),
        ("REFERRAL_OUTBOX", "postgresql://us:pass@db.service.test/referral", "sslmode=verify-full"),
        ("REFERRAL_OUTBOX", "postgresql:///referral?host=db.service.test", "sslmode=verify-full"),
        ("REFERRAL_OUTBOX", "postgresql:///referral?hostaddr=203.0.113.9", "sslmode=verify-full"),
        ("REFERRAL_OUTBOX", "postgresql://us:sslmode=disable@db.service.test/referral", "sslmode=verify-full"),
        ("REFERRAL_OUTBOX", "postgresql://db.service.test/referral?sslmode=prefer", "sslmode=verify-full"),
        ("REFERRAL_OUTBOX", "postgresql://db.service.test/referral?sslmode=require", "sslmode=verify-full"),
        ("REFERRAL_OUTBOX", "postgresql://localhost,db.service.test/referral", "sslmode=verify-full"),
        ("REFERRAL_OUTBOX", "postgresql://localhost.service.test/referral", "sslmode=verify-full"),
        ("REFERRAL_OUTBOX", "postgresql://us:pass@[db/referral", "sslmode=verify-full"),
        pytest.param("REFERRAL_SEAL_KEY", PRIVATE, "public:", id="a private key to seal with"),
        pytest.param("REFERRAL_OPEN_KEYS", PUBLIC, "private:", id="a public key to open with"),
        ("REFERRAL_SECRET_KEY", "short", "too easy to guess"),
        ("REFERRAL_SECRET_KEY", ("0123456789" * 4)[:31], "too easy to guess"),
        ("REFERRAL_SECRET_KEY", ("012345678" * 4)[:32], "too easy to guess"),
        ("REFERRAL_SECRET_KEY", "changeme" * 8, "too easy to guess"),
        ("REFERRAL_OPERATOR_TOKEN", "operator", "too easy to guess"),
        ("REFERRAL_HOSTS", ", ,", "host names"),
        ("REFERRAL_HOSTS", "https://service.test", "host names"),
        ("REFERRAL_DRAIN", "sometimes", "thread, attempt or off"),
        ("REFERRAL_LIMIT", "000", "above 0"),
        ("REFERRAL_LIMIT", "many", "whole number"),
        ("REFERRAL_LOCAL_RELAY", "true", "yes or leave it out"),
        ("REFERRAL_PROXIES", "-1", "0 to 9"),
        ("REFERRAL_PROXIES", "99", "0 to 9"),
        ("REFERRAL_RELAY_CA", __file__, "it cannot be read as certificates in PEM form"),
        ("REFERRAL_KEEP_DAYS", "00", "from 1 to 30"),
        ("REFERRAL_RELAY_TIMEOUT", "9", "from 10 to 300"),
        ("REFERRAL_RELAY_TIMEOUT", "301", "from 10 to 300"),
        ("REFERRAL_KEEP_DAYS", "31", "from 1 to 30"),
        pytest.param("REFERRAL_KEEP_KEY", PRIVATE, "public:", id="a private key to keep with"),
        ("REFERRAL_SECRET_KEY_FILE", "/nowhere", "set twice"),
    ],
)
def test_each_wrong_value_is_named_with_what_would_be_right(name: str, value: str, flaw: str) -> None:
    """A wrong value is refused with its name and one sentence, and never repeated."""
    said = wrong({name: value})
    assert re.fullmatch(rf"{name.removesuffix('_FILE')}: [^\n]+\.", said)
    assert flaw in said
    assert value not in said


def test_the_longest_sentences_are_whole() -> None:
    """A sentence that stands in two lines of the code is one."""
    assert wrong({"REFERRAL_OUTBOX": "postgresql://db.service.test/referral"}) == (
        "REFERRAL_OUTBOX: say how the database proves who it is: ?sslmode=verify-full&sslrootcert=system, "
        "or sslmode=disable where nobody else can be on the way."
    )


def test_a_secret_of_just_enough_bytes_is_taken() -> None:
    """32 bytes are enough, if 10 of them are different; a / at the end of the relay's address changes nothing."""
    enough = ("0123456789" * 4)[:32]
    changes = {"REFERRAL_SECRET_KEY": enough, "REFERRAL_RELAY": COMPLETE["REFERRAL_RELAY"] + "/"}
    settings = Settings.read(COMPLETE | changes)
    assert (settings.secret_key, settings.relay) == (enough.encode(), Settings.read(COMPLETE).relay)


def test_several_wrong_values_are_named_together() -> None:
    """A person mends all of them at once."""
    assert len(wrong({"REFERRAL_LIMIT": "x", "REFERRAL_PROXIES": "x", "REFERRAL_INBOX": "x"}).splitlines()) == 3


def test_what_may_differ_is_read(tmp_path: Path) -> None:
    """Every optional setting is taken from the environment."""
    authorities = tmp_path / "authorities.pem"
    trustme.CA().cert_pem.write_to_path(str(authorities))
    settings = Settings.read(
        COMPLETE
        | {
            "REFERRAL_LIMIT": "7",
            "REFERRAL_PROXIES": "2",
            "REFERRAL_DRAIN": "attempt",
            "REFERRAL_OPERATOR_TOKEN": "another invented secret 0123456789",
            "REFERRAL_RELAY_CA": str(authorities),
        }
    )
    assert (settings.limit, settings.proxies, settings.drain) == (7, 2, Drain.ATTEMPT)
    assert settings.operator_token == "another invented secret 0123456789"
    assert settings.relay_ca == str(authorities)
    assert Settings.read(COMPLETE | {"REFERRAL_LIMIT": "off"}).limit is None


@pytest.mark.parametrize(("days", "seconds"), [(1, 10), (30, 300)])
def test_a_number_may_be_either_of_its_bounds(days: int, seconds: int) -> None:
    """The lowest and the highest that the sentence names are taken."""
    assert read_setting("keep_days", {"REFERRAL_KEEP_DAYS": str(days)}) == days
    assert read_setting("relay_timeout", {"REFERRAL_RELAY_TIMEOUT": str(seconds)}) == seconds


def test_one_setting_can_be_read_alone() -> None:
    """A command that needs one setting reads it by the same rule, without the others."""
    assert read_setting("closed", {"REFERRAL_CLOSED": "yes"}) is True
    assert read_setting("site", {}) == Path("site")
    with pytest.raises(SettingsError, match="REFERRAL_CLOSED: write yes or leave it out"):
        read_setting("closed", {"REFERRAL_CLOSED": "true"})


@pytest.mark.asvs("13.3.1")
def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    """`<NAME>_FILE` names a file that holds the value; its line end does not count."""
    path = tmp_path / "secret"
    path.write_text("a secret of a file 0123456789 abcdefg\n", "utf-8")
    changed = COMPLETE | {"REFERRAL_SECRET_KEY_FILE": str(path)}
    del changed["REFERRAL_SECRET_KEY"]
    assert Settings.read(changed).secret_key == b"a secret of a file 0123456789 abcdefg"
    changed["REFERRAL_SECRET_KEY_FILE"] = str(tmp_path / "missing")
    with pytest.raises(SettingsError, match=rf"its file {tmp_path}/missing cannot be read: No such file"):
        Settings.read(changed)


def test_a_keep_key_whose_private_half_is_here_is_refused() -> None:
    """This machine alone must not be able to open what is kept: neither with the key that seals, nor with one that opens."""
    refused = "REFERRAL_KEEP_KEY: its private key is on this machine; use a pair that keygen --keep made elsewhere."
    other, private = keygen()
    assert wrong({"REFERRAL_KEEP_KEY": PUBLIC}) == refused
    assert wrong({"REFERRAL_KEEP_KEY": other, "REFERRAL_OPEN_KEYS": f"{PRIVATE},{private}"}) == refused
    without = {"REFERRAL_OPEN_KEYS": "", "REFERRAL_DRAIN": "off"}
    assert wrong({"REFERRAL_KEEP_KEY": PUBLIC} | without) == refused
    assert Settings.read(COMPLETE | {"REFERRAL_KEEP_KEY": other} | without).keep_days == 7


def test_a_process_that_delivers_nothing_needs_no_private_key() -> None:
    """The web part alone holds the public key only."""
    without = COMPLETE | {"REFERRAL_OPEN_KEYS": ""}
    assert Settings.read(without | {"REFERRAL_DRAIN": "off"}).open_keys is None
    with pytest.raises(SettingsError, match="REFERRAL_OPEN_KEYS"):
        Settings.read(without)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.8.8.8", "[::1]", "LOCALHOST", "localhost.", "mail.localhost"]
)
def test_a_relay_on_this_machine_does_not_take_real_referrals_by_accident(host: str) -> None:
    """A loopback relay with a real inbox is refused unless somebody says that it is meant."""
    changes = {"REFERRAL_RELAY": f"smtp://{host}:2525", "REFERRAL_INBOX": "inbox@service.test"}
    assert wrong(changes) == (
        "REFERRAL_RELAY: it is on this machine but the inbox is real; REFERRAL_LOCAL_RELAY=yes allows that."
    )
    assert Settings.read(COMPLETE | changes | {"REFERRAL_LOCAL_RELAY": "yes"}).local_relay


@pytest.mark.parametrize(
    "inbox", ["a@example.org", "a@example.com", "a@mail.example.net", "a@host.example", "a@localhost"]
)
def test_a_real_relay_does_not_send_to_an_invented_inbox(inbox: str) -> None:
    """Real referrals to an address that nobody reads are refused."""
    assert wrong(REAL | {"REFERRAL_INBOX": inbox}) == (
        "REFERRAL_INBOX: it is an invented address but the relay is real; nobody would read the referrals."
    )


def test_a_real_relay_with_a_real_inbox_is_fine() -> None:
    """The usual ports are taken when none is named."""
    for relay, port in (("smtps://relay.service.test", 465), ("smtp://relay.service.test", 587)):
        found = Settings.read(COMPLETE | REAL | {"REFERRAL_RELAY": relay}).relay
        assert found
        assert found.port == port


@pytest.mark.asvs("13.2.2", "13.3.2")
@pytest.mark.parametrize("name", ["REFERRAL_RELAY", "REFERRAL_OPEN_KEYS"])
def test_who_delivers_nothing_needs_neither_the_relay_nor_a_private_key(name: str) -> None:
    """The part that takes referrals in does without what delivers them; every other drain names what is missing."""
    without = {key: value for key, value in COMPLETE.items() if key != name} | {"REFERRAL_INBOX": "inbox@service.test"}
    assert (
        getattr(Settings.read(without | {"REFERRAL_DRAIN": "off", "REFERRAL_LOCAL_RELAY": "yes"}), name[9:].lower())
        is None
    )
    for drain in ("thread", "attempt"):
        with pytest.raises(SettingsError, match=f"{name}: it is missing; only REFERRAL_DRAIN=off can do without it"):
            Settings.read(without | {"REFERRAL_DRAIN": drain, "REFERRAL_LOCAL_RELAY": "yes"})


@pytest.mark.parametrize("name", ["AWS_LAMBDA_FUNCTION_NAME", "K_SERVICE", "FUNCTIONS_WORKER_RUNTIME"])
def test_sqlite_is_refused_where_the_disk_is_thrown_away(name: str) -> None:
    """A host that forgets its disk is recognised, and PostgreSQL is named."""
    assert "PostgreSQL" in wrong({name: "x"})
    assert wrong({name: "x", "REFERRAL_OUTBOX": "x"}) == wrong({"REFERRAL_OUTBOX": "x"})
    elsewhere = "postgresql://db/x?sslmode=verify-full"
    assert Settings.read(COMPLETE | {name: "x", "REFERRAL_OUTBOX": elsewhere}).outbox == elsewhere


@pytest.mark.asvs("12.3.1", "12.3.2")
@pytest.mark.parametrize(
    "address",
    [
        "postgresql://localhost/referral",
        "postgres://us:pass@127.0.0.1:5433/referral",
        "postgresql://[::1]/referral?application_name=referral",
        "postgresql://us:@/referral?host=/run/postgresql",
        "postgresql:///referral?options=x&host=%2Frun%2Fpostgresql",
        "postgresql://db.service.test/referral?sslmode=verify-full&sslrootcert=system",
        "postgresql://us:pass@database/referral?sslmode=disable",
    ],
)
def test_a_database_on_this_machine_or_one_that_proves_who_it_is_is_taken(address: str) -> None:
    """On the way to another machine somebody else could answer a commit; how that is prevented has to be said."""
    assert Settings.read(COMPLETE | {"REFERRAL_OUTBOX": address}).outbox == address


REQUIRED_LEGAL_DETAILS = (
    "controller",
    "controller_contact",
    "lawful_basis",
    "schedule_1_condition",
    "retention",
    "complaints_route",
)


def test_a_real_inbox_waits_for_the_controllers_blanks(tmp_path: Path) -> None:
    """Until the controller has named what the law asks for, nothing runs against a real inbox; each blank is named."""
    settings = Settings.read(COMPLETE | REAL | {"REFERRAL_SITE": str(tmp_path)})
    with pytest.raises(SettingsError, match="make site"):
        settings.require_legal_details()
    service = tmp_path / "service.json"
    service.write_text('{"service": {"controller": "Somebody", "retention": null}}', "utf-8")
    with pytest.raises(SettingsError) as caught:
        settings.require_legal_details()
    assert str(caught.value).endswith(f" are open: {', '.join(REQUIRED_LEGAL_DETAILS[1:])}.")
    filled = ", ".join(f'"{name}": "x"' for name in REQUIRED_LEGAL_DETAILS)
    service.write_text(f'{{"service": {{{filled}}}}}', "utf-8")
    settings.require_legal_details()


def test_nothing_is_kept_behind_the_privacy_notice(tmp_path: Path) -> None:
    """With a real inbox and a key to keep with, the built site has to say for how many days."""
    changes = {"REFERRAL_SITE": str(tmp_path), "REFERRAL_KEEP_KEY": keygen()[0]}
    settings = Settings.read(COMPLETE | REAL | changes)
    service: dict[str, object] = dict.fromkeys(REQUIRED_LEGAL_DETAILS, "x")
    for said in ({}, {"keep_days": None}, {"keep_days": 8}):
        (tmp_path / "service.json").write_text(json.dumps({"service": service | said}), "utf-8")
        with pytest.raises(SettingsError, match="write keep_days: 7 in"):
            settings.require_legal_details()
    (tmp_path / "service.json").write_text(json.dumps({"service": service | {"keep_days": 7}}), "utf-8")
    settings.require_legal_details()


def test_an_invented_inbox_waits_for_nothing(tmp_path: Path) -> None:
    """Trying it out needs no controller."""
    Settings.read(COMPLETE | {"REFERRAL_SITE": str(tmp_path)}).require_legal_details()


@pytest.mark.asvs("13.3.2", "16.2.5")
def test_no_secret_shows_when_settings_are_printed() -> None:
    """The text of the settings holds neither password nor key."""
    text = repr(Settings.read(COMPLETE))
    assert "p@ss" not in text
    assert PRIVATE not in text
    assert "invented secret" not in text
    assert "inbox@example.org" in text
    secrets = {"RELAY", "OUTBOX", "OPEN_KEYS", "SECRET_KEY", "OPERATOR_TOKEN", "LIMIT_STORE"}
    assert {each.name for each in SETTINGS if each.secret} == {f"REFERRAL_{name}" for name in secrets}


def test_the_record_is_attached_for_the_word_json_alone() -> None:
    """`json` switches the record on, nothing leaves it off, and another word is refused in a sentence."""
    assert Settings.read({**COMPLETE, "REFERRAL_RECORD": "json"}).record
    assert not Settings.read(COMPLETE).record
    for word in ("yes", "JSON", "true"):
        with pytest.raises(SettingsError, match="REFERRAL_RECORD: write json or leave it out"):
            Settings.read({**COMPLETE, "REFERRAL_RECORD": word})
