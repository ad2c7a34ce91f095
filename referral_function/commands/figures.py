"""`figures`: what was counted each month, without people; small counts are hidden."""

import argparse
import csv
import os
import re
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import groupby

from referral_function import compose
from referral_function.sending.counters import Counters
from referral_function.sending.figures import HIDDEN, Figure, month_of, shown_figures
from referral_function.settings.settings import Settings

HELP = "what was counted in each month that is over; counts under 5 are hidden"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the months and the form."""
    parser.add_argument("--from", dest="first", type=_month, default="2020-01", help="the first month, as 2027-01")
    parser.add_argument("--to", dest="last", type=_month, default="9999-12", help="the last month")
    parser.add_argument("--csv", action="store_true", help="lines of month, list, item and count")


def run(arguments: argparse.Namespace) -> int:
    """Print the figures; the month that is not over is left out, or two prints of it would tell what came between."""
    with closing(compose.open_outbox(Settings.read(os.environ))) as outbox:
        months = export(outbox, arguments.first, arguments.last, datetime.now(UTC))
    if arguments.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(["month", "list", "item", "count"])
        writer.writerows([_name(month), each.list, each.item, each.shown] for month in months for each in months[month])
        return 0
    for month, figures in months.items():
        print(_name(month))
        _print(figures)
    if not months:
        print("Nothing was counted in these months, or they are not over.")
    return 0


def export(counters: Counters, first: date, last: date, now: datetime) -> dict[float, list[Figure]]:
    """Return what may be shown of each month that is over, by its beginning."""
    counted = counters.counted(month_of(first), month_of(now))
    return {month: shown_figures(counts) for month, counts in counted.items() if month <= month_of(last)}


def _print(figures: list[Figure]) -> None:
    """Print a month for people: what did not happen is left out."""
    line = "  {:14} {:36} {:>9}".format
    for name, items in groupby(figures, lambda figure: figure.list):
        shown = [figure for figure in items if figure.shown != "0"]
        if shown and all(figure.shown == HIDDEN for figure in shown):
            print(line(name.replace("_", " "), "too few to tell apart", HIDDEN))
            continue
        for figure in shown:
            print(line(name.replace("_", " "), figure.item.replace("_", " "), figure.shown))


def _name(month: float) -> str:
    return f"{datetime.fromtimestamp(month, UTC):%Y-%m}"


def _month(text: str) -> date:
    if not re.fullmatch("[0-9]{4}-(0[1-9]|1[0-2])", text) or text < "0002":
        raise argparse.ArgumentTypeError(f"{text!r} is not a month; one looks like 2027-01")
    return date.fromisoformat(f"{text}-01")
