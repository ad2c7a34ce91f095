"""The form of `make run`: `serve`, which stops when `make run` has ended, however it did: that closes our stdin."""

import os
import signal
import sys
import threading

from referral_function.__main__ import main


def _stop_with_parent() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_stop_with_parent, daemon=True).start()
    sys.exit(main(["serve", *sys.argv[1:]]))
