"""The GraphQL answers: each object is a dictionary, in which a function takes the arguments of its field."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from graphql import GraphQLError, GraphQLResolveInfo, build_schema, graphql_sync

from tests.browser.editor.code_host.repository import LOGIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.browser.editor.code_host.repository import Repository

_SCHEMA: Final = build_schema(Path(__file__).with_name("schema.graphql").read_text(encoding="utf-8"))
_WHEN: Final = "2026-05-04T09:00:00Z"
_ACTOR: Final = {"__typename": "User", "login": LOGIN, "avatarUrl": "", "name": "Sam", "email": "", "databaseId": 1}
_CHANGES: Final = {"A": "ADDED", "D": "DELETED", "M": "MODIFIED"}


@dataclass
class PullRequest:
    """A proposal to merge a branch."""

    number: int
    title: str
    branch: str
    draft: bool
    labels: list[str] = field(default_factory=list)
    state: str = "open"


def answered(
    repository: Repository, pull_requests: list[PullRequest], query: str, variables: dict[str, Any]
) -> Mapping[str, Any]:
    """Carry out a query or mutation, and return its answer."""
    root = _Graph(repository, pull_requests).root()
    return graphql_sync(_SCHEMA, query, root, None, variables, field_resolver=_resolve).formatted


def _resolve(source: dict[str, Any], info: GraphQLResolveInfo[None], **arguments: Any) -> object:
    value = source[info.field_name]
    return value(arguments.get("input", arguments)) if callable(value) else value


class _Graph:
    """The objects of the schema that have fields to work out."""

    def __init__(self, repository: Repository, pull_requests: list[PullRequest]) -> None:
        self.repository, self.pull_requests = repository, pull_requests

    def root(self) -> dict[str, Any]:
        """Return the queries and the mutations."""
        project = {
            "id": "1",
            "defaultBranchRef": {"name": "main"},
            "ref": self.ref,
            "object": self.object,
            "pullRequests": self.found,
        }
        return {
            "repository": lambda asked: project if asked == {"owner": "owner", "name": "repository"} else None,
            "createRef": self.create_ref,
            "createCommitOnBranch": self.create_commit,
            "markPullRequestReadyForReview": lambda given: self.draft(given, is_draft=False),
            "convertPullRequestToDraft": lambda given: self.draft(given, is_draft=True),
        }

    def ref(self, asked: Mapping[str, str]) -> dict[str, Any] | None:
        """Return a branch."""
        name = asked["qualifiedName"]
        if name not in self.repository.branches():
            return None
        return {"name": name, "target": self.commit(self.repository.head(name))}

    def object(self, asked: Mapping[str, str]) -> dict[str, Any] | None:
        """Return a blob by its hash, or by branch and path."""
        sha = asked.get("oid")
        if not sha:
            branch, _, path = asked["expression"].partition(":")
            sha, _size = self.repository.files(branch).get(path, ("", 0))
        if not sha:
            return None
        content = self.repository.blob(sha)
        text = None if b"\0" in content else content.decode()
        size = {"byteSize": len(content), "isBinary": text is None, "isTruncated": False}
        return {"__typename": "Blob", "oid": sha, "text": text, **size}

    def commit(self, sha: str) -> dict[str, Any]:
        """Return a commit."""
        return {
            "__typename": "Commit",
            "oid": sha,
            "message": self.repository.git("show", "--no-patch", "--format=%s", sha).decode().strip(),
            "committedDate": _WHEN,
            "author": {"name": "Sam", "email": "", "avatarUrl": "", "user": _ACTOR},
            "file": lambda asked: {"oid": self.repository.files(sha)[asked["path"]][0]},
            "history": lambda asked: self.history(sha, asked),
        }

    def history(self, sha: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return the last commits, of one path where it is named."""
        paths = ["--", asked["path"]] if "path" in asked else []
        commits = self.repository.git("log", "--format=%H", f"--max-count={asked['first']}", sha, *paths)
        return {"nodes": [self.commit(each) for each in commits.decode().split()]}

    def found(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return the open pull requests with one of the labels, or of a branch."""
        opened = [
            self.pull_request(each)
            for each in self.pull_requests
            if each.state == "open"
            and ("labels" not in asked or {*each.labels} & {*asked["labels"]})
            and asked.get("headRefName", each.branch) == each.branch
        ]
        return {"totalCount": len(opened), "nodes": opened}

    def pull_request(self, proposed: PullRequest) -> dict[str, Any]:
        """Return a pull request."""
        lines = self.repository.git("diff", "--name-status", "--no-renames", f"main...{proposed.branch}").decode()
        changed = [line.split("\t") for line in lines.splitlines()]
        return {
            "id": str(proposed.number),
            "number": proposed.number,
            "title": proposed.title,
            "url": f"https://github.com/owner/repository/pull/{proposed.number}",
            "isDraft": proposed.draft,
            "isCrossRepository": False,
            "createdAt": _WHEN,
            "updatedAt": _WHEN,
            "headRefName": proposed.branch,
            "headRefOid": self.repository.head(proposed.branch),
            "author": _ACTOR,
            "labels": {"nodes": [{"name": label} for label in proposed.labels]},
            "files": {"nodes": [{"path": path, "changeType": _CHANGES[letter]} for letter, path in changed]},
        }

    def create_ref(self, given: Mapping[str, str]) -> dict[str, Any]:
        """Make a branch."""
        name = given["name"].removeprefix("refs/heads/")
        if name in self.repository.branches():
            raise GraphQLError(f'A ref named "{given["name"]}" already exists in the repository.')
        self.repository.move(name, given["oid"])
        return {"ref": {"name": name}}

    def create_commit(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Commit to a branch, unless somebody else has meanwhile."""
        name, expected = given["branch"]["branchName"], given["expectedHeadOid"]
        if self.repository.head(name) != expected:
            raise GraphQLError(f"Expected branch to point to {expected} but it did not. Pull and try again.")
        commit = self.repository.change(name, given["message"]["headline"], **given["fileChanges"])
        return {"commit": self.commit(commit)}

    def draft(self, given: Mapping[str, str], *, is_draft: bool) -> dict[str, Any]:
        """Make a pull request a draft, or ready."""
        self.pull_requests[int(given["pullRequestId"]) - 1].draft = is_draft
        return {"pullRequest": {"isDraft": is_draft}}
