"""`check --dns`: what the DNS says of the sender's domain, asked of a server on this machine."""

# ruff: noqa: PLR0913, PLR0917 - what is looked up, and what is found

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import dns.resolver
import pytest

from referral_function.sending.sender_domain import DnsFinding, NoResolver, findings, look_up
from tests.name_server import DOMAIN, GOOD, NameServer
from tests.test_commands import Run, run

__all__ = ["run"]  # a fixture
RUNBOOK = Path(__file__).resolve().parents[1] / "handbook" / "runbooks" / "sender-domain.md"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    """Run a name server, and make it this machine's resolver."""
    started = NameServer(GOOD)
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port, resolver.lifetime = ["127.0.0.1"], started.socket.getsockname()[1], 1.0
    monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
    yield started
    started.socket.sendto(b"", started.socket.getsockname())
    started.socket.close()


def found(*selectors: str, domain: str = DOMAIN) -> dict[str, DnsFinding]:
    """Return the findings by their name."""
    return {each.name: each for each in findings(domain, selectors, look_up)}


def test_the_runbook_says_what_each_should_be() -> None:
    """Each mechanism that is looked up has its row, with how to see it by hand."""
    rows = re.findall(r"(?m)^\| ([A-Z-]+) \|.*`dig [^`]*`", RUNBOOK.read_text("utf-8"))
    assert {name.lower() for name in rows} == {each.name for each in findings(DOMAIN, (), lambda _name, _kind: [])}


@pytest.mark.usefixtures("server")
def test_a_domain_that_is_set_up_works() -> None:
    """Each mechanism is found, with the record as it stands; a text in two strings is one."""
    assert {name: (each.works, each.text) for name, each in found("a").items()} == {
        "mx": (True, "10 mail.service.example."),
        "spf": (True, "v=spf1 ip4:192.0.2.1 include:relay.example -all"),
        "dkim": (True, "a: a public key"),
        "dmarc": (True, "v=DMARC1; p=reject; rua=mailto:postmaster@service.example"),
        "mta-sts": (True, "v=STSv1; id=20270101"),
        "tls-rpt": (True, "v=TLSRPTv1; rua=mailto:postmaster@service.example"),
    }


MX, SPF = ("service.example", "MX"), ("service.example", "TXT")
DKIM, DMARC = ("a._domainkey.service.example", "TXT"), ("_dmarc.service.example", "TXT")
OPEN, TOO_MANY = " (should end with -all or ~all)", "more than 10 look-ups, so it counts as none"
WEAK = " (of service.example; p=quarantine or p=reject keeps others from writing in this name)"
UNENCRYPTED = "mail to this domain, bounces too, may be sent unencrypted"


@pytest.mark.parametrize(
    ("key", "records", "name", "works", "text"),
    [
        (MX, [], "mx", False, "no MX record: bounces have nowhere to go"),
        (MX, ["0 ."], "mx", False, "0 ."),
        (SPF, [], "spf", False, "no SPF record: receivers cannot tell that the relay may send"),
        (SPF, ['"v=spf1 -all"', '"v=spf1 ~all"'], "spf", False, "several SPF records"),
        (SPF, ['"v=spf1 mx +all"'], "spf", False, "v=spf1 mx +all" + OPEN),
        (SPF, ['"v=spf1 a mx"'], "spf", False, "v=spf1 a mx" + OPEN),
        (SPF, ['"v=spf1 mx ~all"'], "spf", True, "v=spf1 mx ~all"),
        (SPF, ['"v=spf1 mx redirect=relay.example"'], "spf", True, "v=spf1 mx redirect=relay.example"),
        (SPF, ['"v=spf1 ' + "a:x " * 10 + '-all"'], "spf", True, "v=spf1 " + "a:x " * 10 + "-all"),
        *[(SPF, [f'"v=spf1 {each * 11}-all"'], "spf", False, TOO_MANY) for each in ("include:x ", "a/24 ", "?mx ")],
        (SPF, ['"v=spf1 ' + "a:x " * 10 + 'redirect=x"'], "spf", False, TOO_MANY),
        (DKIM, [], "dkim", False, "a: no key"),
        (DKIM, ['"v=DKIM1; p="'], "dkim", False, "a: revoked: its key is empty"),
        (DMARC, [], "dmarc", False, "no DMARC record"),
        (DMARC, ['"v=DMARC1; p=none"'], "dmarc", None, "v=DMARC1; p=none" + WEAK),
        (DMARC, ['"v=DMARC1; p=reject; sp=none"'], "dmarc", True, "v=DMARC1; p=reject; sp=none"),
        (
            ("_mta-sts.service.example", "TXT"),
            [],
            "mta-sts",
            None,
            f"no record at _mta-sts.service.example: {UNENCRYPTED}",
        ),
        (
            ("_smtp._tls.service.example", "TXT"),
            [],
            "tls-rpt",
            None,
            f"no record at _smtp._tls.service.example: {UNENCRYPTED}",
        ),
    ],
)
def test_what_is_missing_or_weak_is_named(
    server: NameServer,
    key: tuple[str, str],
    records: list[str],
    name: str,
    works: bool | None,  # noqa: FBT001 - one of three
    text: str,
) -> None:
    """What makes mail or bounces disappear fails; what only protects more is advice."""
    server.zone[key] = records
    assert found("a")[name] == DnsFinding(name=name, works=works, text=text)


def test_a_policy_of_the_domain_above_counts(server: NameServer) -> None:
    """A subdomain without DMARC of its own has that of the domain above, and its policy for subdomains."""
    for record in ("p=none; sp=quarantine", "p=reject"):
        server.zone[DMARC] = [f'"v=DMARC1; {record}"']
        assert found(domain="mail.service.example")["dmarc"].works is True
    assert found(domain="localhost")["dmarc"].works is False
    server.zone |= {DMARC: [], ("_dmarc.example", "TXT"): ['"v=DMARC1; p=reject"']}  # of all who have a name there
    assert found(domain="mail.service.example")["dmarc"].works is False


def test_each_mail_server_is_shown() -> None:
    """A name server mixes their order, so that the look-up is a fixed one here."""
    servers = {"MX": ["10 a.example.", "20 b.example."]}
    mx = next(findings(DOMAIN, (), lambda _name, kind: servers.get(kind, [])))
    assert mx == DnsFinding(name="mx", works=True, text="10 a.example.; 20 b.example.")


def test_without_a_selector_dkim_is_advice() -> None:
    """Selectors cannot be listed: the text says where one is found."""
    [dkim] = [each for each in findings(DOMAIN, (), lambda _name, _kind: []) if each.name == "dkim"]
    assert (dkim.works, dkim.text) == (
        None,
        "name the selector of the relay: check --dns --selector NAME; it stands in the DKIM-Signature (s=) of a mail",
    )


def test_no_resolver_is_one_sentence(server: NameServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver that is silent, and a library that is not there, are named."""
    server.silent = True
    monkeypatch.setattr("dns.resolver.resolve", _timeout)
    with pytest.raises(NoResolver, match="no resolver answers here"):
        look_up(DOMAIN, "MX")
    monkeypatch.setitem(sys.modules, "dns.exception", None)
    with pytest.raises(NoResolver, match=r"^the library is missing: pip install '.\[dns\]'$"):
        look_up(DOMAIN, "MX")


def _timeout(*_: object, **_how: object) -> None:
    raise dns.resolver.NoNameservers


def test_the_command_prints_it_after_the_other_tests(
    server: NameServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`check --dns` fails where mail would be lost, and says what to do by hand where no resolver answers."""
    monkeypatch.setenv("REFERRAL_SENDER", f"referrals@{DOMAIN}")
    code, out, _ = run("check", "--dns", "--selector", "a")
    lines = [
        line for line in out.splitlines() if line.split()[0] in {"mx", "spf", "dkim", "dmarc", "mta-sts", "tls-rpt"}
    ]
    assert len(lines) == 6
    assert all(" works: " in line for line in lines)
    server.zone[("service.example", "MX")] = []
    code, out, _ = run("check", "--dns")
    assert (code, "mx      NO: no MX record" in out, "dkim    look: " in out) == (1, True, True)
    monkeypatch.setattr("dns.resolver.resolve", _timeout)
    code, out, _ = run("check", "--dns")
    assert (code, "dns     NO: no resolver answers here (NoNameservers); the handbook" in out) == (1, True)
    assert "dns" not in run("check")[1]
