"""Our SMTP client: verified TLS or nothing, one recipient, one connection kept for a batch.

There is no switch that turns verification off. `SIZE` is not announced at MAIL: a message that is too big must be
refused at the final dot, where a refusal is about this message, not at MAIL, where it would hold up all others.
"""

import functools
from collections.abc import Callable

from referral_function.sending.attempt import TemporaryFailure
from referral_function.sending.smtp import BEFORE_BODY_TIMEOUT, BODY_TIMEOUT, Relay, SmtpConnection, tls_context


class LeaseLost(Exception):
    """The lease lapsed before the message: another drain may have the entry, so nothing of it was sent."""


class Mailer:
    """Sends finished messages to the one inbox of the settings."""

    def __init__(  # noqa: PLR0913 - what never changes, and nothing else
        self,
        relay: Relay,
        *,
        sender: str,
        inbox: str,
        authorities: str | None,
        patience: float,
        clock: Callable[[], float],
    ) -> None:
        """Take a PEM file of a private CA, if any, the seconds to wait after the final dot, and a steady clock."""
        self._relay, self._sender, self._inbox, self._patience = relay, sender, inbox, patience
        self._clock = clock
        self._tls = functools.cache(lambda: tls_context(authorities))  # the system's CAs take a fifth of a cold start
        if authorities:
            self._tls()  # a file without a certificate stops the start
        self._connection: SmtpConnection | None = None
        self.before_body, self.from_body = 2 * BEFORE_BODY_TIMEOUT, BODY_TIMEOUT + patience  # seconds at most

    def send(self, wire: bytes, reference: str, renew_lease: Callable[[], bool]) -> str:
        """Send one message and return the code of the relay's yes. `hold` is asked just before its first byte.

        Raises TemporaryFailure, PermanentFailure, LeaseLost. After any of them the connection is gone, without a word: to
        a relay that waits for the message, QUIT would be its first line.
        """
        try:
            connection = self._begin(reference, data=True)
            if not renew_lease():
                raise LeaseLost  # noqa: TRY301 - the clean-up below is for this too
            return connection.send_data(wire, self._patience)
        except BaseException:
            self._drop()
            raise

    def check(self) -> None:
        """Go as far as RCPT and leave, so that a person can try the settings without sending anything."""
        try:
            self._begin("check", data=False)
        finally:
            self.close()

    def close(self) -> None:
        """Leave the relay."""
        if self._connection:
            self._connection.quit()
        self._connection = None

    def _drop(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _begin(self, reference: str, *, data: bool) -> SmtpConnection:
        if self._connection:
            try:
                self._connection.send_envelope(self._sender, self._inbox, reference, data=data)
            except TemporaryFailure:  # the relay grew tired of the kept connection
                self._drop()
            else:
                return self._connection
        self._connection = SmtpConnection.connect(
            self._relay, self._tls(), self._sender.rpartition("@")[2], self._clock
        )
        self._connection.send_envelope(self._sender, self._inbox, reference, data=data)
        return self._connection
