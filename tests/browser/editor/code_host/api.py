"""The API of GitHub as far as the editor uses it, over a real git repository: the REST answers, and the way to GraphQL.

Sources: docs.github.com/en/rest (users, collaborators, git, pulls, issues) and docs.github.com/en/graphql/reference.
"""

from __future__ import annotations

import json
import re
import time
from subprocess import CalledProcessError
from typing import TYPE_CHECKING, Any, Final

from tests.browser.editor.code_host.graph import PullRequest, answered
from tests.browser.editor.code_host.repository import LOGIN, Repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page, Route

API: Final = "https://api.github.com"
TOKEN: Final = "github_pat_of_nobody"
_WHEN: Final = "2026-05-04T09:00:00Z"
_USER: Final = {"id": 1, "login": LOGIN, "name": "Sam", "avatar_url": "https://avatars.githubusercontent.com/u/1"}
_ANY_ORIGIN: Final = {"Access-Control-Allow-Origin": "*"}
_NOT_ALLOWED: Final = ("status {", "deployments(", "checkSuites(")
"""What a token may not read that is allowed no more than the guide says."""


class CodeHost:
    """The code host of one project. Where `failing` names a required check, nothing is merged."""

    def __init__(self, project: Path, folder: Path) -> None:
        self.repository = Repository(project, folder)
        self.pull_requests: list[PullRequest] = []
        self.failing = ""
        self._asked_at = 0.0
        repo = "/repos/owner/repository"  # which is the editor's where EDITOR_REPOSITORY names no other
        self._routes: dict[str, Callable[..., tuple[int, Any]]] = {
            "GET /user": lambda _body: (200, _USER),
            f"GET {repo}/collaborators/{LOGIN}": lambda _body: (204, None),
            rf"GET {repo}/git/trees/(\w+)": self._tree,
            rf"DELETE {repo}/git/refs/heads/(.+)": self._delete_branch,
            f"POST {repo}/pulls": self._open,
            rf"PATCH {repo}/(?:pulls|issues)/(\d+)": self._change,
            rf"PUT {repo}/pulls/(\d+)/merge": self._merge,
            rf"GET {repo}/issues/(\d+)": self._issue,
            rf"POST {repo}/issues/(\d+)/labels": self._change,
            "POST /graphql": self._graphql,
        }

    def serve(self, context: BrowserContext) -> None:
        """Answer what the pages of a browser ask of the code host."""
        context.route(f"{API}/**", self._answer)

    def rests(self, page: Page) -> None:
        """Wait until nothing was asked for a second: a context that is closed while it asks is closed for ever."""
        while time.monotonic() - self._asked_at < 1:
            page.wait_for_timeout(200)

    def _answer(self, route: Route) -> None:
        self._asked_at = time.monotonic()
        request = route.request
        if request.headers.get("authorization") != f"token {TOKEN}":
            route.fulfill(status=401, json={"message": "Bad credentials"}, headers=_ANY_ORIGIN)
            return
        asked = f"{request.method} {request.url.removeprefix(API).partition('?')[0]}"
        body = json.loads(request.post_data or "{}")
        matches = ((re.fullmatch(pattern, asked), answer) for pattern, answer in self._routes.items())
        status, sent = next(
            (answer(body, *found.groups()) for found, answer in matches if found),
            (404, {"message": f"Not Found: {asked}"}),
        )
        route.fulfill(status=status, headers=_ANY_ORIGIN, content_type="application/json", body=json.dumps(sent))

    def _tree(self, _body: object, commit: str) -> tuple[int, Any]:
        files = self.repository.files(commit).items()
        return 200, {"tree": [{"type": "blob", "path": path, "sha": sha, "size": size} for path, (sha, size) in files]}

    def _delete_branch(self, _body: object, name: str) -> tuple[int, Any]:
        self.repository.delete(name)
        return 204, None

    def _open(self, body: dict[str, Any]) -> tuple[int, Any]:
        opened = PullRequest(len(self.pull_requests) + 1, body["title"], body["head"], body["draft"])
        self.pull_requests.append(opened)
        head = {"sha": self.repository.head(opened.branch)}
        dates = {"created_at": _WHEN, "updated_at": _WHEN}
        return 201, {
            "number": opened.number,
            "node_id": str(opened.number),
            "title": opened.title,
            "head": head,
            **dates,
        }

    def _pull_request(self, number: str) -> PullRequest:
        return self.pull_requests[int(number) - 1]

    def _issue(self, _body: object, number: str) -> tuple[int, Any]:
        return 200, {"labels": [{"name": label} for label in self._pull_request(number).labels]}

    def _change(self, body: dict[str, Any], number: str) -> tuple[int, Any]:
        vars(self._pull_request(number)).update(body)
        return 200, {}

    def _merge(self, _body: object, number: str) -> tuple[int, Any]:
        proposed = self._pull_request(number)
        if proposed.draft:
            return 405, {"message": "Pull Request is still a draft"}
        if self.failing:
            return 405, {"message": f'Required status check "{self.failing}" is expected.'}
        try:
            self.repository.merge(proposed.branch, proposed.title)
        except CalledProcessError:
            return 405, {"message": "Pull Request is not mergeable"}
        proposed.state = "merged"
        return 200, {"merged": True}

    def _graphql(self, body: dict[str, Any]) -> tuple[int, Any]:
        if any(words in body["query"] for words in _NOT_ALLOWED):
            return 200, {"data": None, "errors": [{"message": "Resource not accessible by personal access token"}]}
        return 200, answered(self.repository, self.pull_requests, body["query"], body["variables"])
