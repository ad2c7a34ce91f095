"""The commands: `python -m referral_function <command>`."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from referral_function import __version__
from referral_function.sending.entry import OutboxError
from referral_function.settings.settings import SettingsError
from referral_function.web.site_page import PageError

COMMANDS = """
    serve drain publish papers outbox keygen keys check send_test figures read smoke settings blanks
""".split()  # noqa: SIM905 - a line to read


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed with one sentence, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m referral_function", description="The online referral form.")
    parser.add_argument("--version", action="version", version=__version__)
    add_commands(parser.add_subparsers(metavar="COMMAND"))
    arguments = parser.parse_args(words)
    if not hasattr(arguments, "run"):
        parser.error(
            "name a command: serve serves the form, --help lists the others; make run tries it all on this machine"
        )
    try:
        code: int = arguments.run(arguments)
    except (SettingsError, PageError) as error:
        print(error, file=sys.stderr)
        return 1
    except OutboxError as error:
        print(f"The outbox does not answer: {error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add a parser for each command."""
    for name in COMMANDS:
        command = import_module(f"referral_function.commands.{name}")
        parser = subparsers.add_parser(name.replace("_", "-"), help=command.HELP, description=command.HELP)
        parser.add_argument("--version", action="version", version=__version__)
        if hasattr(command, "add_arguments"):
            command.add_arguments(parser)
        parser.set_defaults(run=command.run)


if __name__ == "__main__":  # pragma: no cover - two lines that only Python itself runs
    sys.exit(main())
