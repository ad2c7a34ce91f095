"""The mailer: sends messages to the one inbox over verified TLS, on one connection kept for a drain.

There is no option to switch verification off. `SIZE` is not announced at MAIL: a message that is too big must be
rejected at the final dot, as this message's failure, not at MAIL, where it would stop the drain.
"""

import functools
from collections.abc import Callable

from referral_function.sending.attempt import TemporaryFailure
from referral_function.sending.smtp import BEFORE_BODY_TIMEOUT, BODY_TIMEOUT, Relay, SmtpConnection, tls_context


class LeaseLost(Exception):
    """The lease expired before the message, so nothing of it was sent: another drain may have the entry."""


class Mailer:
    """Sends messages to the inbox of the settings."""

    def __init__(  # noqa: PLR0913 - what never changes
        self,
        relay: Relay,
        *,
        sender: str,
        inbox: str,
        ca_file: str | None,
        final_reply_timeout: float,
        clock: Callable[[], float],
    ) -> None:
        """Take a PEM file of a private CA, if any, the seconds to wait after the final dot, and a monotonic clock."""
        self._relay, self._sender, self._inbox, self._clock = relay, sender, inbox, clock
        self._final_reply_timeout = final_reply_timeout
        self._tls = functools.cache(lambda: tls_context(ca_file))  # the system's CAs take a fifth of a cold start
        if ca_file:
            self._tls()  # a file without a certificate stops the start
        self._connection: SmtpConnection | None = None
        # Seconds; it may have to reconnect, and two replies may take as long as they are allowed to.
        self.before_body_timeout = 2 * BEFORE_BODY_TIMEOUT + 2 * (relay.reply_timeout or 0.0)
        self.body_timeout = BODY_TIMEOUT + final_reply_timeout

    def send(self, wire: bytes, envelope_id: str, renew_lease: Callable[[], bool]) -> str:
        """Send one message and return the relay's 2xx code. `renew_lease` is called just before its first byte.

        Raises TemporaryFailure, PermanentFailure, LeaseLost. After any of them the connection is closed without QUIT:
        a relay that waits for the message would read it as its first line.
        """
        try:
            connection = self._send_envelope(envelope_id, data=True)
            if not renew_lease():
                raise LeaseLost  # noqa: TRY301 - it closes the connection too
            return connection.send_data(wire, self._final_reply_timeout)
        except BaseException:
            self._drop()
            raise

    def check(self) -> None:
        """Connect, authenticate and name sender and recipient without sending a message, to try the settings."""
        try:
            self._send_envelope("check", data=False)
        finally:
            self.close()

    def close(self) -> None:
        """Quit and close the connection, if there is one."""
        if self._connection:
            self._connection.quit()
        self._connection = None

    def _drop(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _send_envelope(self, envelope_id: str, *, data: bool) -> SmtpConnection:
        deadline = self._clock() + self.before_body_timeout
        if self._connection:
            self._connection.deadline = deadline
            try:
                self._connection.send_envelope(self._sender, self._inbox, envelope_id, data=data)
            except TemporaryFailure:  # the relay closed the idle connection: reconnect once
                self._drop()
            else:
                return self._connection
        domain = self._sender.rpartition("@")[2]
        self._connection = SmtpConnection.connect(self._relay, self._tls(), domain, self._clock, deadline)
        self._connection.send_envelope(self._sender, self._inbox, envelope_id, data=data)
        return self._connection
