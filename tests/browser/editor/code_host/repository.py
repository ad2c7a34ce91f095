"""A bare git repository with branches that are committed to without a work tree."""

from __future__ import annotations

import base64
import os
import subprocess
import tempfile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

LOGIN: Final = "sam-editor"
_AUTHOR: Final = {f"GIT_{who}_{what}": LOGIN for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


class Repository:
    """The repository of a project, with its pages and the service's data on `main`."""

    def __init__(self, project: Path, folder: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet", "--bare", "--initial-branch=main")
        self.git("--work-tree", str(project), "add", "service.yml", "docs")
        self.move("main", self.commit(self.git("write-tree"), "The first commit"))

    def git(self, *command: str, given: bytes = b"", index: str = "") -> bytes:
        """Run git, with an index file of its own where one is named, and return what it prints. Raises `CalledProcessError`."""
        variables = os.environ | _AUTHOR | ({"GIT_INDEX_FILE": index} if index else {})
        ran = subprocess.run(
            ["git", *command], cwd=self.folder, env=variables, input=given, capture_output=True, check=True
        )
        return ran.stdout

    def head(self, branch: str) -> str:
        """Return the last commit of a branch."""
        return self.git("rev-parse", "--verify", branch).decode().strip()

    def move(self, branch: str, commit: str) -> None:
        """Let a branch, a new one too, end at a commit."""
        self.git("update-ref", f"refs/heads/{branch}", commit)

    def delete(self, branch: str) -> None:
        """Delete a branch."""
        self.git("update-ref", "-d", f"refs/heads/{branch}")

    def branches(self) -> set[str]:
        """Return the names of all branches."""
        return set(self.git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").decode().split())

    def files(self, commit: str) -> dict[str, tuple[str, int]]:
        """Return the blob and the size in bytes of each file of a commit or branch."""
        lines = self.git("ls-tree", "-r", "--long", commit).decode().splitlines()
        return {path: (sha, int(size)) for line in lines for _mode, _kind, sha, size, path in [line.split(maxsplit=4)]}

    def blob(self, sha: str) -> bytes:
        """Return the content of a blob."""
        return self.git("cat-file", "blob", sha)

    def text(self, branch: str, path: str) -> str | None:
        """Return the text of a file of a branch; None where there is none."""
        found = self.files(branch).get(path)
        return self.blob(found[0]).decode() if found else None

    def commit(self, tree: bytes, message: str, *parents: str) -> str:
        """Commit a tree, and return the commit."""
        before = [word for parent in parents for word in ("-p", parent)]
        return self.git("commit-tree", tree.decode().strip(), "-m", message, *before).decode().strip()

    def change(
        self, branch: str, message: str, additions: Iterable[Mapping[str, str]], deletions: Iterable[Mapping[str, str]]
    ) -> str:
        """Commit to a branch files that are written (`path`, and `contents` in base64) and deleted (`path`)."""
        head = self.head(branch)
        with tempfile.TemporaryDirectory() as place:
            index = f"{place}/index"
            self.git("read-tree", head, index=index)
            for each in deletions:
                self.git("rm", "--quiet", "--cached", each["path"], index=index)
            for each in additions:
                blob = (
                    self.git("hash-object", "-w", "--stdin", given=base64.b64decode(each["contents"])).decode().strip()
                )
                self.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{each['path']}", index=index)
            commit = self.commit(self.git("write-tree", index=index), message, head)
        self.move(branch, commit)
        return commit

    def merge(self, branch: str, message: str) -> None:
        """Merge a branch into `main` (git 2.38 or newer). Raises `CalledProcessError` on a conflict."""
        tree = self.git("merge-tree", "--write-tree", "main", branch)
        self.move("main", self.commit(tree, message, "main", branch))
