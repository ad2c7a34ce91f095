"""The way of a referrer from the first page to the reference: what is posted, and the page that answers it.

form ──check──► form with the outcome of section 1
  │ ───review─► incomplete: form with errors │ Signposted: reasons │ Accepted: review
review ──edit─► form          ──send──► sent (a reference) │ not sent (everything kept)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from referral_function.asking.form import ReferralForm
from referral_function.asking.questions import Route
from referral_function.asking.referral import sections
from referral_function.deciding.decision import Accepted, Signposted, decide
from referral_function.events import alarm, record
from referral_function.sending.outbox import NotStored
from referral_function.sending.submission import Submission
from referral_function.web.form_post import Post, RequestOrigin
from referral_function.web.render import Renderer
from referral_function.web.site_page import SitePage
from referral_function.web.tokens import Review, Tokens, TokenStatus

NOT_SENT = "Your referral has NOT been sent"
UNCONFIRMED = "We could not confirm that it was sent"
_KEPT = "Everything you typed is still on this page."
_TRY_AGAIN = "Try again: it will not be sent twice."
_FOREIGN = "It came to us from another website. Please check your answers, then press Continue."
_EMPTIED = "We emptied a hidden box that your browser may have filled in. Press Continue again."
_BROKEN = f"Something went wrong on our side. {_KEPT} Please try again in a few minutes, or call us."
_TOO_MANY = "We have had very many referrals from where you are. Please try again in an hour, or call us."
_ORIGIN_UNKNOWN = (
    "Your browser did not say which website this came from. Please check your answers, then press Send referral again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to answer: a page with its status, or the address to go on to."""

    status: int
    html: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """Answers what is posted on each route; keeps nothing itself."""

    faces: Renderer
    pages: Mapping[Route, SitePage]
    sent_page: SitePage
    site_name: str
    tokens: Tokens
    submission: Submission
    accepted: Callable[[Post], None]
    may_send: Callable[[str, datetime], bool]
    is_closed: bool

    def answer(self, post: Post) -> Reply:  # noqa: PLR0911 - one line for each outcome
        """Answer one post; the first value of `action` decides, and anything unknown is a review."""
        review = self.tokens.verify(post.posted.get("token", ""), post.route, post.now)
        post.possibly_stored = review.maybe_sent  # no page may say “not sent” of what an earlier press may have stored
        form = self._bound(post)
        if post.origin is RequestOrigin.CROSS_SITE:
            _refused(post, "foreign")
            return self._back(form, 403, "We have not taken this in", _FOREIGN)
        if post.posted.get("leave_empty"):
            _refused(post, "hidden-box")
            return self._back(form, 422, "Please press Continue again", _EMPTIED)
        if self.is_closed:
            _refused(post, "closed")
            form.clear_errors(())
            first = self.faces.closed(post.route, sent=UNCONFIRMED if post.possibly_stored else NOT_SENT)
            return Reply(status=503, html=self.pages[post.route].fill_slot(self.faces.form(form), first=first))
        match post.posted.get("action"):
            case "edit":
                form.clear_errors(())
                return Reply(status=200, html=self.pages[post.route].fill_slot(self.faces.form(form)))
            case "check":
                return self._check(form)
            case "send":
                return self._judged(form, lambda decision: self._send(post, form, decision, review))
            case _:
                return self._judged(form, lambda decision: self._review(post, form, decision))

    def broken(self, post: Post) -> Reply:
        """Answer when our own program failed."""
        heading, sentence = (UNCONFIRMED, f"{_TRY_AGAIN} {_KEPT}") if post.possibly_stored else (NOT_SENT, _BROKEN)
        return self._back(self._bound(post), 500, heading, sentence)

    def closed(self, route: Route) -> Reply:
        """Answer the address of a form while it is closed."""
        return Reply(status=200, html=self.pages[route].fill_slot(self.faces.closed(route)))

    def sent(self, text: str, now: datetime) -> Reply | None:
        """Answer the address of a receipt; None when it is not ours."""
        shown = self.tokens.read_receipt(text, now)
        if shown is None:
            return None
        if not shown.is_open:
            html = self.faces.said("This page has closed", "Call us if you need help.")
            return Reply(status=200, html=self.sent_page.replace_main(html, title=self._title("What happens next")))
        return Reply(status=200, html=self.sent_page.fill_slot(self.faces.sent(shown.receipt, shown.route)))

    def _bound(self, post: Post) -> ReferralForm:
        form = self.faces.bind(post.route, post.posted, post.now.astimezone(ZoneInfo("Europe/London")).date())
        if post.possibly_stored:  # the form goes round with it: a page that follows must not say “not sent”
            form.token = self.tokens.review(post.route, post.now, maybe_sent=True)
        return form

    def _title(self, heading: str) -> str:
        return f"{heading} – {self.site_name}"

    def _back(self, form: ReferralForm, status: int, heading: str, sentence: str) -> Reply:
        """Give the form back as it was typed, with the reason first."""
        form.clear_errors(())
        first = self.faces.wrong((), heading, sentence)
        return Reply(status=status, html=self.pages[form.route].fill_slot(self.faces.form(form), first=first))

    def _incomplete(self, form: ReferralForm) -> Reply:
        page, first = self.pages[form.route], self.faces.wrong(form.fields_with_errors())
        html = page.fill_slot(self.faces.form(form), title=f"Error: {page.title}", first=first)
        return Reply(status=422, html=html)

    def _check(self, form: ReferralForm) -> Reply:
        """Judge section 1 alone."""
        asked = [question.name for question in sections(form.route)[0].questions]
        decision = decide(form.route, {name: answer for name, answer in form.answers.items() if name in asked})
        form.clear_errors(() if isinstance(decision, Signposted) else form.fields_with_errors(asked))
        if form.fields_with_errors():
            return self._incomplete(form)
        first = self.faces.checked(form, decision)
        return Reply(status=200, html=self.pages[form.route].fill_slot(self.faces.form(form), first=first))

    def _judged(self, form: ReferralForm, go_on: Callable[[Accepted], Reply]) -> Reply:
        """Decide first: an answer that leads away wins over answers that are missing."""
        decision = decide(form.route, form.answers)
        if isinstance(decision, Signposted):
            title = self._title("What you can do next")
            html = self.pages[form.route].replace_main(self.faces.redirected(form, decision), title=title)
            return Reply(status=200, html=html)
        return self._incomplete(form) if form.fields_with_errors() else go_on(decision)

    def _review(
        self, post: Post, form: ReferralForm, decision: Accepted, *sentences: str, failed: str = "", status: int = 200
    ) -> Reply:
        """Give the review with a fresh token; `failed` is the heading when sending was tried, now or at an earlier press."""
        failed = failed or (UNCONFIRMED if post.possibly_stored else "")
        came_unknown = post.origin is RequestOrigin.UNKNOWN
        token = self.tokens.review(post.route, post.now, origin_unknown=came_unknown, maybe_sent=post.possibly_stored)
        html = self.faces.review(form, decision, token, *sentences, failed=failed)
        title = self._title("Try again" if failed else "Check your answers")
        return Reply(status=status, html=self.pages[post.route].replace_main(html, title=title))

    def _failed(self, post: Post, form: ReferralForm, decision: Accepted, status: int, *sentences: str) -> Reply:
        """Give the review once more, and say what is true: not sent, or not confirmed, now or at an earlier press."""
        heading, again = (UNCONFIRMED, (_TRY_AGAIN,)) if post.possibly_stored else (NOT_SENT, ())
        return self._review(post, form, decision, *sentences, *again, _KEPT, failed=heading, status=status)

    def _send(self, post: Post, form: ReferralForm, decision: Accepted, review: Review) -> Reply:
        if review.status is not TokenStatus.GOOD:
            _refused(post, f"token {review.status.name}")
            return self._review(post, form, decision, review.status.value)
        if post.origin is RequestOrigin.UNKNOWN and not review.origin_unknown:
            _refused(post, "no-origin")
            return self._review(post, form, decision, _ORIGIN_UNKNOWN)
        referral = form.referral()
        try:
            receipt = self.submission.find(referral)
            if receipt is None and not self.may_send(post.client, post.now):
                _refused(post, "limit")
                return self._failed(post, form, decision, 429, _TOO_MANY)
            post.possibly_stored = True
            receipt = receipt or self.submission.accept(referral, post.now)
            record("repeated" if receipt.repeat else "accepted", reference=receipt.reference, route=post.route.value)
            self.accepted(post)
            signed = self.tokens.receipt(receipt, post.route, post.now)
            return Reply(status=303, location=f"/referral/sent/?receipt={signed}")
        except NotStored as error:
            post.possibly_stored = review.maybe_sent
            alarm("not_stored", cause=type(error.__cause__ or error).__name__)
        except Exception as error:
            if not post.possibly_stored:
                raise
            alarm("unconfirmed", cause=type(error).__name__)
        return self._failed(post, form, decision, 503)


def _refused(post: Post, cause: str) -> None:
    record("refused", cause=cause, route=post.route.value)
