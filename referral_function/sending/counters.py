"""The table of counters: how often something happened in a month, with no row for a referral."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from referral_function import events
from referral_function.sending import statements
from referral_function.sending.figures import month_of
from referral_function.sending.storage import Storage


class Counters(Storage):
    """The counters beside the outbox, on both engines."""

    _count_failed = False

    def count(self, names: Sequence[str], now: datetime) -> None:
        """Add one to each of these counters of this month; a failure is logged and raises nothing.

        It is not durable: a power cut may lose the last ones. No referral waits for a figure, and no page that stores
        nothing waits twice for a storage that is away: after a failure, counts wait until something else has opened it.
        """
        if self._count_failed and self._connection is None:
            return
        try:
            self._run(statements.COUNT, month_at=month_of(now), names=json.dumps(sorted(names)))
            self._count_failed = False
        except Exception as error:  # noqa: BLE001 - whatever it is: the referral is stored
            self._count_failed = True
            events.record("not_counted", cause=type(error.__cause__ or error).__name__)

    def counted(self, first: float, last: float) -> Mapping[float, Mapping[str, int]]:
        """Return the counters of each month that begins from `first` to before `last`."""
        months: dict[float, dict[str, int]] = {}
        for month_at, name, total in self._run(statements.COUNTED, first=first, last=last):
            months.setdefault(month_at, {})[name] = total
        return months

    def erase_counters(self, age: float) -> None:
        """Erase the months that began more than `age` seconds ago."""
        self._run(statements.ERASE_COUNTERS, age=age)
