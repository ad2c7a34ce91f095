"""A DNS server on loopback, with the records of a sender's domain that is set up."""

import socket
import threading

import dns.message
import dns.rdatatype
import dns.rrset

DOMAIN = "service.example"
Zone = dict[tuple[str, str], list[str]]
GOOD: Zone = {
    (DOMAIN, "MX"): ["10 mail.service.example."],
    (DOMAIN, "TXT"): ['"unrelated \\195\\169"', '"v=spf1 ip4:192.0.2.1 include:relay.example " "-all"'],
    ("a._domainkey.service.example", "TXT"): ['"v=DKIM1; k=rsa; p=MIIBinvented=="'],
    ("_dmarc.service.example", "TXT"): ['"v=DMARC1; p=reject; rua=mailto:postmaster@service.example"'],
    ("_mta-sts.service.example", "TXT"): ['"v=STSv1; id=20270101"'],
    ("_smtp._tls.service.example", "TXT"): ['"v=TLSRPTv1; rua=mailto:postmaster@service.example"'],
}


class NameServer:
    """A DNS server over UDP, with one zone; `silent` answers nothing."""

    def __init__(self, zone: Zone, *, port: int = 0) -> None:
        self.zone: Zone = dict(zone)
        self.silent = False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", port))
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        """Answer until the socket is closed."""
        while True:
            try:
                wire, client = self.socket.recvfrom(4096)
            except OSError:
                return
            if self.silent or not wire:
                continue
            query = dns.message.from_wire(wire)
            asked = query.question[0]
            name, kind = asked.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(asked.rdtype)
            answer = dns.message.make_response(query)
            if records := self.zone.get((name, kind)):
                answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *records))
            self.socket.sendto(answer.to_wire(), client)
