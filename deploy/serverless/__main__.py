"""`python -m deploy.serverless aws|google`: make what is uploaded, in `var/`, from the built site and the lock file.

Everything is compiled beforehand: modules, without looking at the times of their sources, which an archive does not
keep, and templates. It is made for Linux on x86-64 and for the Python that runs this command.
"""

import argparse
import compileall
import shutil
import subprocess
import sys
from pathlib import Path
from py_compile import PycInvalidationMode

ROOT = Path(__file__).resolve().parents[2]
_LINUX = ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64", "manylinux_2_34_x86_64")
_PREPARE = """
import sys
from pathlib import Path
from referral_function.web.site_page import read_service_data
from referral_function.web.templating import compile_templates, make_environment
compile_templates(make_environment(read_service_data(Path(sys.argv[1]))))
"""


def package(kind: str, to: Path, site: Path) -> Path:
    """Make the package of one platform; return the archive or the folder that is uploaded."""
    folder, sources = to / kind, ROOT / "deploy" / "serverless" / kind
    shutil.rmtree(folder, ignore_errors=True)
    for source in (ROOT / "referral_function", site):
        shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("__pycache__"))
    if kind == "google":  # which installs the libraries itself
        _compile_templates(folder, site)
        shutil.copy2(sources / "main.py", folder)
        shutil.copy2(ROOT / "requirements" / "google.txt", folder / "requirements.txt")
        return folder
    shutil.copy2(sources / "lambda_handler.py", folder)
    install(folder, ROOT / "requirements" / "aws.txt")
    _compile_templates(folder, site)
    compile_all(folder)
    return Path(shutil.make_archive(str(folder), "zip", folder))


def install(folder: Path, lock: Path) -> None:
    """Install the libraries of a lock file into a package, without their commands."""
    platform = [word for each in _LINUX for word in ("--platform", each)]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    exact = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--target", str(folder)]
    subprocess.run([*pip, *exact, *platform, "--requirement", str(lock)], check=True)  # noqa: S603 - our own words
    shutil.rmtree(folder / "bin", ignore_errors=True)


def compile_all(folder: Path) -> None:
    """Compile every module of a package."""
    if not compileall.compile_dir(folder, quiet=2, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH):
        raise SystemExit(f"Something in {folder} cannot be compiled.")


def _compile_templates(folder: Path, site: Path) -> None:
    """Compile the templates of a package, with the code that lies in it."""
    subprocess.run([sys.executable, "-B", "-c", _PREPARE, str(site.resolve())], cwd=folder, check=True)  # noqa: S603 - our own words


def size(path: Path) -> float:
    """Return the size of a file, or of all files of a folder, in MB."""
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return sum(each.stat().st_size for each in files) / 1e6


def main() -> int:
    """Make one package and say what it weighs."""
    parser = argparse.ArgumentParser(prog="python -m deploy.serverless", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("kind", choices=["aws", "google"])
    kind = parser.parse_args().kind
    if not (ROOT / "site" / "service.json").is_file():
        sys.stderr.write("There are no pages yet: make site\n")
        return 1
    made = package(kind, ROOT / "var", ROOT / "site")
    runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"
    sys.stdout.write(
        f"{made.relative_to(ROOT)}: {size(made):.1f} MB, {size(ROOT / 'var' / kind):.1f} MB unpacked, for {runtime}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
