"""The ports that tests are given."""

import subprocess
import sys

from tests.ports import free_port


def test_no_port_is_given_twice() -> None:
    """What is given stays one's own until its server listens, however many others ask, in this process or beside it."""
    program = "from tests.ports import free_port; print(*(free_port() for _ in range(90)))"
    mine = [free_port() for _ in range(45)]
    others = subprocess.check_output([sys.executable, "-c", program], text=True).split()
    mine += [free_port() for _ in range(45)]
    assert len({*mine, *map(int, others)}) == 180
