"""The journey of a referrer from the form to the reference: decides the outcome of each post.

form ──check──► form with the decision on section 1
  │ ───review─► Incomplete: form with errors │ Signposted: reasons │ Reviewed
review ──edit─► form          ──send──► Stored (a reference) │ NotStored │ PossiblyStored (every answer kept)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from referral_function.asking.form import ReferralForm
from referral_function.asking.referral import first_section
from referral_function.deciding.decision import Accepted, Signposted, decide
from referral_function.events import alarm, record
from referral_function.sending import figures
from referral_function.sending.entry import NotStored
from referral_function.sending.submission import Submission
from referral_function.web import outcomes
from referral_function.web.form_post import FormPost, RequestOrigin
from referral_function.web.outcomes import Outcome, Reason, SentPage
from referral_function.web.tokens import Review, Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """Decides what becomes of each post of a form; `submission` stores."""

    tokens: Tokens
    new_nonce: Callable[[], str]
    submission: Submission
    rate_limit: Callable[[str, datetime], Reason | None]
    on_stored: Callable[[FormPost], None]  # begins the delivery
    count: Callable[[Sequence[str], datetime], None]  # adds to the counters of the month
    is_closed: bool

    def outcome(self, post: FormPost) -> Outcome:
        """Decide the outcome of one post; the first value of `action` counts, and anything unknown is a review."""
        review = self.tokens.verify(post.fields.get("token", ""), post.route, post.now)
        post.nonce = review.nonce or self.new_nonce()
        post.possibly_stored = review.possibly_stored  # an earlier press of Send may have stored it
        form = ReferralForm(post.route, post.fields, post.today)
        token = self._token_after_send(post)
        if reason := self._refusal(post):
            _log_refused(post, reason)
            return outcomes.Refused(form=form, token=token, reason=reason, possibly_stored=post.possibly_stored)
        action = post.fields.get("action", "")
        if action == "check" and not post.route.is_professional:  # their forms have no such button
            action = "review"
        if form.has_unreadable_answers():  # characters or a length that no page can repeat: they come back as errors
            form.validate(names={"edit": (), "check": first_section(post.route)}.get(action))
            return outcomes.Incomplete(form=form, token=token)
        match action:
            case "edit":
                return outcomes.Edited(form=form, token=token, reviewed=bool(review.nonce))
            case "check":
                return self._check_first_section(post, form, token)
            case _:
                return self._review_or_send(post, form, token, review)

    def _refusal(self, post: FormPost) -> Reason | None:
        if post.origin is RequestOrigin.CROSS_SITE:
            return Reason.CROSS_SITE
        if post.fields.get("leave_empty"):
            return Reason.HONEYPOT
        return Reason.CLOSED if self.is_closed else None

    def server_error(self, post: FormPost) -> outcomes.Failed:
        """Return the answers after an unexpected exception."""
        form = ReferralForm(post.route, post.fields, post.today)
        return outcomes.Failed(form=form, token=self._token_after_send(post), possibly_stored=post.possibly_stored)

    def _token_after_send(self, post: FormPost) -> str:
        """Return a token for a form that is edited after Send was pressed, so that no later page says “not sent”."""
        return (
            self.tokens.review(post.route, post.now, post.nonce, possibly_stored=True) if post.possibly_stored else ""
        )

    def _check_first_section(self, post: FormPost, form: ReferralForm, token: str) -> Outcome:
        """Run the criteria on the answers of the first section; its errors count only if it is not Signposted."""
        names = first_section(form.route)
        decision = decide(form.route, {name: answer for name, answer in form.answers.items() if name in names})
        if isinstance(decision, Signposted):
            self.count(figures.of_signposted(decision), post.now)
        elif not form.validate(names=names):
            return outcomes.Incomplete(form=form, token=token)
        return outcomes.Checked(form=form, token=token, decision=decision)

    def _review_or_send(self, post: FormPost, form: ReferralForm, token: str, review: Review) -> Outcome:
        """Run the criteria, then required-field validation; store only what was sent from a review of ours."""
        decision = decide(form.route, form.answers)
        if isinstance(decision, Signposted):
            self.count(figures.of_signposted(decision), post.now)
            return outcomes.Signposted(form=form, token=token, decision=decision)
        if not form.validate():
            return outcomes.Incomplete(form=form, token=token)
        if post.fields.get("action") != "send":
            return self._reviewed(post, form, decision)
        reason = review.problem
        # Who names no origin may be another site: only a review that was itself made for such a browser is sent.
        if not reason and post.origin is RequestOrigin.UNKNOWN and not review.origin_unknown:
            reason = Reason.ORIGIN_UNKNOWN
        if reason:
            _log_refused(post, reason)
            return self._reviewed(post, form, decision, reason)
        return self._store(post, form, decision)

    def _reviewed(
        self, post: FormPost, form: ReferralForm, decision: Accepted, reason: Reason | None = None
    ) -> outcomes.Reviewed:
        return outcomes.Reviewed(
            form=form,
            token=self._review_token(post),
            decision=decision,
            reason=reason,
            possibly_stored=post.possibly_stored,
        )

    def _review_token(self, post: FormPost) -> str:
        origin_unknown = post.origin is RequestOrigin.UNKNOWN
        return self.tokens.review(
            post.route, post.now, post.nonce, origin_unknown=origin_unknown, possibly_stored=post.possibly_stored
        )

    def _store(self, post: FormPost, form: ReferralForm, decision: Accepted) -> Outcome:
        stored_before, referral = post.possibly_stored, form.referral()
        try:
            # Repeats count too, or guesses whether somebody has sent one would be free.
            reason = self.rate_limit(post.client, post.now)
            receipt = self.submission.find(referral, post.nonce)
            if reason and receipt is None:
                _log_refused(post, reason)
                return self._not_stored(post, form, decision, reason)
            post.possibly_stored = True  # until NotStored says that it certainly is not
            receipt = receipt or self.submission.accept(referral, post.nonce, post.now)
            record("repeated" if receipt.repeat else "accepted", reference=receipt.reference, route=post.route.value)
            self.count(figures.REPEATED if receipt.repeat else figures.of_accepted(referral), post.now)
            self.on_stored(post)
            if not receipt.same_review:  # or anybody could ask whether it was sent before, and when
                receipt = replace(receipt, accepted_at=post.now, repeat=False)
            page = SentPage.of(post.route, form.answers)
            return outcomes.Stored(receipt=self.tokens.receipt(receipt, page, post.now))
        except NotStored as error:
            post.possibly_stored = stored_before
            alarm("not_stored", cause=type(error.__cause__ or error).__name__)
        except Exception as error:
            if not post.possibly_stored:
                raise
            alarm("unconfirmed", cause=type(error).__name__)
        return self._not_stored(post, form, decision)

    def _not_stored(
        self, post: FormPost, form: ReferralForm, decision: Accepted, reason: Reason | None = None
    ) -> outcomes.NotStored | outcomes.PossiblyStored:
        kind = outcomes.PossiblyStored if post.possibly_stored else outcomes.NotStored
        return kind(form=form, token=self._review_token(post), decision=decision, reason=reason)


def _log_refused(post: FormPost, reason: Reason) -> None:
    record("refused", cause=reason.value, route=post.route.value)
