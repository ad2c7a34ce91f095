"""Turns every outcome of the journey into a page: templates for the HTML, the built pages of the site around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from jinja2 import Environment

from referral_function.asking.form import AnswerField, ReferralForm
from referral_function.asking.questions import Route
from referral_function.asking.referral import questions_by_name, sections
from referral_function.deciding.support_lines import Helps, fitting_support
from referral_function.sending.letter import london_time
from referral_function.sending.reference import spell_out
from referral_function.web import outcomes
from referral_function.web.form_markup import render_closed_notice, render_form
from referral_function.web.outcomes import FormOutcome, Outcome, Reason
from referral_function.web.review import review_sections
from referral_function.web.site_page import SitePages
from referral_function.web.wording import FAILED, KEPT, REFUSED, TRY_AGAIN, UNCONFIRMED, not_sent, noun, why_not_sent

SECTIONS_KEPT_WHEN_NOT_VICTIM_LED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An HTTP answer: a status with a page, or with the location to go on to."""

    status: int
    html: str = ""
    location: str = ""


class Renderer:
    """Renders outcomes as pages."""

    def __init__(self, jinja: Environment, pages: SitePages, site_name: str) -> None:
        self._jinja, self._pages, self._site_name = jinja, pages, site_name

    def page(self, outcome: Outcome) -> Page:  # noqa: C901, PLR0911, PLR0912 - one case for each outcome
        """Render the page of any outcome."""
        match outcome:
            case outcomes.Edited(reviewed=reviewed):
                return self._form_page(200, outcome, is_change=reviewed)
            case outcomes.Incomplete(form=form):
                summary = self._error_summary("There is a problem", fields=form.fields_with_errors())
                return self._form_page(422, outcome, summary, title=f"Error: {self._pages.forms[form.route].title}")
            case outcomes.Checked(form=form, decision=decision):
                result = self._fill(
                    "eligibility_result.html",
                    route=form.route,
                    decision=decision,
                    answers=form.answers,
                    helps=fitting_support(form.route, form.answers),
                )
                return self._form_page(200, outcome, result)
            case outcomes.Refused(form=form, reason=Reason.CLOSED, possibly_stored=possibly_stored):
                status_of_answers = UNCONFIRMED if possibly_stored else not_sent(form.route)
                return self._form_page(503, outcome, render_closed_notice(self._jinja, form.route, status_of_answers))
            case outcomes.Refused(reason=reason):
                status, heading, sentence = REFUSED[reason]
                return self._form_page(status, outcome, self._error_summary(heading, sentence))
            case outcomes.Failed(possibly_stored=True):
                return self._form_page(500, outcome, self._error_summary(UNCONFIRMED, f"{TRY_AGAIN} {KEPT}"))
            case outcomes.Failed(form=form):
                return self._form_page(500, outcome, self._error_summary(not_sent(form.route), FAILED))
            case outcomes.Signposted(form=form):
                return self._main_page(form.route, self._signposted(outcome), "What you can do next")
            case outcomes.Reviewed(possibly_stored=possibly_stored):
                heading = UNCONFIRMED if possibly_stored else "Check your answers"
                return self._review_page(200, outcome, heading, send_failed=possibly_stored)
            case outcomes.NotStored(form=form, reason=reason):
                heading = not_sent(form.route)
                return self._review_page(429 if reason else 503, outcome, heading, KEPT, send_failed=True)
            case outcomes.PossiblyStored(reason=reason):
                status = 429 if reason else 503
                return self._review_page(status, outcome, UNCONFIRMED, TRY_AGAIN, KEPT, send_failed=True)
            case outcomes.Stored(receipt=receipt):
                return Page(status=303, location=f"/referral/sent/?receipt={receipt}")
            case outcomes.Sent(receipt=receipt, page=page):
                html = self._fill(
                    "sent.html",
                    reference=receipt.reference,
                    spelled=spell_out(receipt.reference),
                    received=london_time(receipt.accepted_at),
                    repeat=receipt.repeat,
                    page=page,
                )
                heading = f"We have your {noun(page.route)}"
                return Page(status=200, html=self._pages.sent.fill_slot(html, heading=heading))
            case outcomes.ReceiptExpired():
                html = self._fill(
                    "message_page.html", heading="This page has closed", sentence="Call us if you need help."
                )
                title = self._title("What happens next")
                return Page(status=200, html=self._pages.sent.replace_main(html, title=title))
            case outcomes.Closed(route=route):
                html = render_closed_notice(self._jinja, route)
                return Page(status=200, html=self._pages.forms[route].fill_slot(html))
            case _:
                assert_never(outcome)

    def message(self, status: int, heading: str, sentence: str) -> Page:
        """Render a page of one sentence and the phone number, for an HTTP error."""
        html = self._fill("message_page.html", heading=heading, sentence=sentence)
        return Page(status=status, html=self._pages.not_found.replace_main(html, title=self._title(heading)))

    def not_found(self) -> Page:
        """Return the site's own 404 page."""
        return Page(status=404, html=self._pages.not_found.html)

    def fallback_error_page(self) -> str:
        """Render the last-resort 500 page, at start-up: it is shown when even the error page fails."""
        html = self._fill("fallback_error.html")
        return self._pages.not_found.replace_main(html, title="Something went wrong on our side")

    def _form_page(
        self, status: int, outcome: FormOutcome, prepend: str = "", title: str | None = None, *, is_change: bool = False
    ) -> Page:
        html = render_form(self._jinja, outcome.form, outcome.token, is_change=is_change)
        page = self._pages.forms[outcome.form.route]
        return Page(status=status, html=page.fill_slot(html, title=title, prepend=prepend))

    def _main_page(self, route: Route, html: str, title: str, status: int = 200) -> Page:
        return Page(status=status, html=self._pages.forms[route].replace_main(html, title=self._title(title)))

    def _error_summary(self, heading: str, sentence: str = "", fields: Sequence[AnswerField] = ()) -> str:
        """Render the error summary shown above the form, or the sentence why the form is shown again."""
        return self._fill("error_summary.html", heading=heading, sentence=sentence, fields=fields)

    def _review_page(
        self, status: int, outcome: outcomes.ReviewOutcome, heading: str, *sentences: str, send_failed: bool
    ) -> Page:
        form = outcome.form
        why = why_not_sent(outcome.reason, form.route)
        html = self._fill(
            "review.html",
            route=form.route,
            heading=heading,
            sentences=[*([why] if why else []), *sentences],
            helps=fitting_support(form.route, form.answers),
            send_failed=send_failed,
            notes=outcome.decision.notes,
            token=outcome.token,
            fields=form.answer_fields.values(),
            sections=list(review_sections(form.route, form.answers)),
        )
        return self._main_page(form.route, html, "Try again" if send_failed else "Check your answers", status)

    def _signposted(self, outcome: outcomes.Signposted) -> str:
        """Render why, and what to do instead; answers about others are dropped where the case must be victim led."""
        form = outcome.form
        dropped = form.route is Route.PERSON_RESPONSIBLE and any(
            criterion.code == "victim_led" for criterion, _signpost in outcome.decision.reasons
        )
        kept = sections(form.route)[: SECTIONS_KEPT_WHEN_NOT_VICTIM_LED if dropped else None]
        return self._fill(
            "signposted.html",
            route=form.route,
            decision=outcome.decision,
            answers=form.answers,
            dropped=dropped,
            fields=[form.answer_fields[question.name] for section in kept for question in section.questions],
            token=outcome.token,
            helps=fitting_support(form.route, form.answers) or ((Helps.ANYONE,) if form.route.is_own else ()),
            contact_me=_shared_with_contact_me(form) if form.route.is_own else None,
        )

    def _title(self, heading: str) -> str:
        return f"{heading} – {self._site_name}"

    def _fill(self, template: str, **values: object) -> str:
        return self._jinja.get_template(template).render(values)


def _shared_with_contact_me(form: ReferralForm) -> list[tuple[str, str]]:
    """Return name and value of each input of the form “contact me” that these answers fill: how to make contact safely."""
    shared = [form.answer_fields[name] for name in questions_by_name(Route.CONTACT_ME) if name in form.answer_fields]
    names = [form.answer_fields[name].text for name in ("victim_known_as", "victim_name")]
    known_as = [("known_as", name) for name in names if name.strip()][:1]
    return [*known_as, *(pair for field in shared for pair in field.hidden_inputs())]
