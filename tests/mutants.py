"""`make mutants`: change the code in small ways, one at a time, and name each change that no test notices.

mutmut makes the changes ("mutants") and runs, for each, the tests that reach the changed function. `mutants.toml` says
which test files belong to which modules, and lists the mutants that may survive, with the reason. The run fails when
another one survives, when a listed one does not, and when fewer than nine in ten are killed. mutmut leaves alone what
stands outside functions, and functions with a decorator other than `classmethod` and `staticmethod`.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "tests" / "mutants.toml"
BUILT_SITE = ROOT / "var" / "mutants" / "site"
ENOUGH = 0.9  # of the mutants are killed
KILLED = {"killed", "segfault"}
# A test that a mutant holds up fails by pytest: mutmut would signal process numbers that it no longer owns.
PYTEST = (
    *("--hypothesis-profile=ci", "-p", "no:randomly", "-p", "no:cacheprovider", "-m", "not browser and not needs"),
    *("-o", "faulthandler_timeout=60", "-o", "faulthandler_exit_on_timeout=true"),
)
SETTINGS = "[mutmut]\nuse_git_change_detection = false\ntimeout_multiplier = 1_000_000\n"


class Mutant(NamedTuple):
    """One change of one function: its lines before and after, on one line each."""

    module: str
    function: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Modules (patterns) that are run against the same test files.

    `leave_out`: names of slow tests, as an expression of pytest's `-k`. `imported`: what the modules define runs at
    import, so a survivor is tried again in a fresh interpreter. `alone`: one at a time, as the tests share a server.
    """

    modules: Sequence[str]
    tests: Sequence[str]
    leave_out: str = ""
    imported: bool = False
    alone: bool = False

    def pytest(self) -> tuple[str, ...]:
        """Return the options of pytest for the tests of this group."""
        return (*PYTEST, "-k", f"not ({self.leave_out})") if self.leave_out else PYTEST


def groups(table: Path = TABLE) -> list[Group]:
    """Read the groups."""
    return [Group(**each) for each in tomllib.loads(table.read_text("utf-8"))["group"]]


def reasons(table: Path = TABLE) -> dict[tuple[str, ...], str]:
    """Read the listed survivors with their reasons: a mutant, or its first three or two parts for those that share them."""
    listed = tomllib.loads(table.read_text("utf-8")).get("survivors", [])
    return {tuple(mutant): each["why"] for each in listed for mutant in each["mutants"]}


def modules_of(group: Group, chosen: Sequence[str], root: Path = ROOT) -> list[str]:
    """List the modules of a group that lie below one of the paths chosen; all of them if none is."""
    found = sorted({path.relative_to(root).as_posix() for each in group.modules for path in root.glob(each)})
    return [module for module in found if not chosen or any(Path(module).is_relative_to(path) for path in chosen)]


def prepare(folder: Path, modules: Sequence[str], group: Group, root: Path = ROOT) -> None:
    """Link the project into an empty folder, with a configuration of mutmut for these modules."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    kept = [path for path in root.iterdir() if not path.name.startswith(".") and path.name not in {"var", "site"}]
    for path in kept:
        (folder / path.name).symlink_to(path)
    lists = {
        "source_paths": [Path(module).parts[0] for module in modules[:1]],
        "only_mutate": modules,
        "do_not_mutate_patterns": [r"assert_never\("],  # no call reaches it, which mypy proves
        "also_copy": [path.name for path in kept],
        "pytest_add_cli_args": group.pytest(),
        "pytest_add_cli_args_test_selection": group.tests,
    }
    lines = [f"{key} =\n" + "".join(f"    {value}\n" for value in values) for key, values in lists.items()]
    (folder / "setup.cfg").write_text(SETTINGS + "".join(lines), "utf-8")


def run(folder: Path, names: Sequence[str], *, alone: bool) -> dict[str, bool | None]:
    """Run mutmut in a prepared folder; return whether each mutant was killed, or None if it was not tried."""
    with (folder / "log.txt").open("w") as log:
        ran = subprocess.run(
            [Path(sys.executable).with_name("mutmut"), "run", *(["--max-children=1"] if alone else []), *names],
            cwd=folder,
            env=os.environ | {"PYTHONHASHSEED": "0", "BUILT_SITE": str(BUILT_SITE), "PATIENCE": "2"},
            stdout=log,
            stderr=log,
            check=False,
        )
    said = re.sub(r".*\r", "", (folder / "log.txt").read_bytes().decode())  # without the steps of the progress bar
    if ran.returncode and "nothing matches" not in said:  # of a sample
        raise SystemExit(f"mutmut stopped with {ran.returncode}:\n{said[-3000:]}")
    metas = [json.loads(meta.read_text("utf-8")) for meta in (folder / "mutants").rglob("*.meta")]
    codes = {name: code for meta in metas for name, code in meta["exit_code_by_key"].items()}
    return {name: None if code is None else status_by_exit_code[code] in KILLED for name, code in codes.items()}


def killed_at_import(folder: Path, name: str, group: Group) -> bool:
    """Whether a fresh interpreter, in which the mutant takes part in every import, fails a test."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", *group.pytest(), *group.tests]
    environment = os.environ | {"MUTANT_UNDER_TEST": name}
    ran = subprocess.run(command, cwd=folder / "mutants", env=environment, capture_output=True, check=False)
    return ran.returncode != 0


def describe(folder: Path, name: str, module: str) -> Mutant:
    """Read the change that a mutant makes."""
    with contextlib.chdir(folder):
        lines = get_diff_for_mutant(name, path=module).splitlines()[3:]
    was, now = (" ".join(line[1:].strip() for line in lines if line[0] == sign) for sign in "-+")
    function, class_name = orig_function_and_class_names_from_key(name)
    return Mutant(module=module, function=f"{class_name}.{function}" if class_name else function, was=was, now=now)


def judge(
    survivors: Iterable[Mutant], known: Mapping[tuple[str, ...], str], *, complete: Sequence[str]
) -> Iterator[str]:
    """Name each survivor that is not listed, ready to be listed, and each listed one of the complete modules that is none."""
    ways_to_list = {mutant: {mutant[:2], mutant[:3], mutant[:4]} for mutant in survivors}
    for mutant, ways in sorted(ways_to_list.items()):
        if ways.isdisjoint(known):
            yield f"survived: {json.dumps(mutant, ensure_ascii=False)},"
    for listed in sorted(known.keys() - set().union(*ways_to_list.values())):
        if listed[0] in complete:
            yield f"listed, but killed or gone: {json.dumps(listed, ensure_ascii=False)},"


def try_group(
    group: Group, modules: Sequence[str], folder: Path, digit: str = "", root: Path = ROOT
) -> tuple[dict[str, tuple[int, int]], list[Mutant]]:
    """Run the mutants of some modules; return how many of each were killed and tried, and the survivors.

    All modules of the group are prepared: mutmut refuses to begin where no test reaches a function after the import.
    """
    prepare(folder, modules_of(group, (), root), group, root)
    prefixes = {module: module.removesuffix(".py").replace("/", ".") + ".x" for module in modules}
    results = run(folder, [f"{prefix}*__mutmut_*{digit}" for prefix in prefixes.values()], alone=group.alone)
    survived = [name for name, killed in results.items() if killed is False]
    if group.imported:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            again = pool.map(lambda name: killed_at_import(folder, name, group), survived)
            results |= zip(survived, again, strict=True)
    counts, survivors = {}, []
    for module, prefix in prefixes.items():
        tried = {name: killed for name, killed in results.items() if name.startswith(prefix) and killed is not None}
        counts[module] = (sum(tried.values()), len(tried))
        survivors += [describe(folder, name, module) for name, killed in tried.items() if not killed]
    return counts, survivors


def main() -> int:
    """Run the mutants of the paths named, or of all modules in the table; 1 if one survived that should not."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", help="modules or folders of them; all of mutants.toml if none is named")
    parser.add_argument("--tenth", default="", help="only the mutants whose number ends with this digit: a sample")
    chosen = parser.parse_args()
    wrong: list[str] = []
    known, killed, total = reasons(), 0, 0
    shutil.rmtree(BUILT_SITE, ignore_errors=True)  # the first test that needs it builds it
    for number, group in enumerate(groups()):
        if modules := modules_of(group, chosen.paths):
            counts, survivors = try_group(group, modules, ROOT / "var" / "mutants" / str(number), chosen.tenth)
            for module, (dead, tried) in counts.items():
                if tried:
                    sys.stdout.write(f"{module}: {dead} of {tried} killed\n")
                killed, total = killed + dead, total + tried
            wrong += judge(survivors, known, complete=() if chosen.tenth else modules)
            sys.stdout.flush()
    sys.stdout.write("\n".join((*wrong, f"{killed} of {total} mutants killed; {len(wrong)} survivors to look at", "")))
    return int(bool(wrong) or killed < ENOUGH * total)


if __name__ == "__main__":
    sys.exit(main())
