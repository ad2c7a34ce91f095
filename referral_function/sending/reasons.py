"""Why a message was not delivered, in words for the operator; the guide on duty says what to do for each stage."""

from referral_function.sending.attempt import Stage

_REASONS = {
    Stage.VERIFY: "nothing shows that we stored it",
    Stage.DECRYPT: "no private key here opens it",
    Stage.CONNECT: "the relay cannot be reached, or does not let us in",
    Stage.EHLO: "the relay does not let us in",
    Stage.TLS: "the relay cannot prove who it is, or the encryption broke off",
    Stage.AUTH: "the relay refuses our user or password",
    Stage.MAIL: "the relay refuses our sender address",
    Stage.RCPT: "the relay refuses the inbox",
    Stage.DATA: "the relay takes no message from us",
    Stage.BODY: "the relay went away while it read the message",
    Stage.DOT: "the relay refused this message",
    Stage.PROGRAM: "a fault of ours: tell the developers",
    Stage.BOUNCE: "the relay took it, and it came back",
    Stage.CRASH: "it ended the program too often: tell the developers",
}
_COMMANDS = (Stage.EHLO, Stage.AUTH, Stage.MAIL, Stage.RCPT, Stage.DATA)


def reason(stage: str | None, code: str | None) -> str:
    """Say why an attempt with this stage and code failed, "" if there was none or it was delivered."""
    code = code or ""
    if stage is None or (stage == Stage.DOT and code.startswith("2")):
        return ""
    if code.startswith("4") and code.isdecimal():
        return "the relay says: later"
    if code == "garbled":
        return "the relay's answer cannot be understood"
    if stage in _COMMANDS and not code.isdecimal():
        return "the connection to the relay broke off"
    if stage == Stage.DOT and not code.isdecimal():
        return "the relay went silent after the message: it may have arrived"
    return _REASONS[Stage(stage)]
