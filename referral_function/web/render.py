"""The form, the review and the other answers as HTML, from the definition and the templates beside this file."""

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from referral_function.asking.form import AnswerField, ReferralForm, form_for
from referral_function.asking.questions import Question, Route
from referral_function.asking.referral import sections
from referral_function.deciding.criteria import definition_version
from referral_function.deciding.decision import Accepted, Decision, Signposted
from referral_function.papers.paper import PaperForm, paper_form
from referral_function.papers.wording import ONLINE
from referral_function.sending.letter import NOT_ANSWERED, answer_sheet, in_london
from referral_function.sending.outbox import Receipt
from referral_function.sending.reference import spell_out
from referral_function.web.form_markup import Fixed, fixed
from referral_function.web.site_page import PageError
from referral_function.web.templating import compile_templates, templates

CARRIED_WHEN_NOT_LED = 2  # sections


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section as a template shows it, with its fields or its rows of question and answer."""

    id: str
    title: str
    fields: Sequence[AnswerField] = ()
    rows: Sequence[tuple[Question, tuple[str, ...]]] = ()


def read_service(site: Path) -> Mapping[str, Any]:
    """Read what the pages say about the service, from the built site. Raises `PageError`."""
    try:
        found = json.loads((site / "service.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PageError(f"{site / 'service.json'} cannot be read. Build the site first: make site.") from error
    return dict(found)


class Renderer:
    """Renders every face of a referral on the web."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        self._elsewhere = {place["id"]: place for place in known["elsewhere"]}
        self._form_for = functools.cache(form_for)
        self._never_changing: dict[Route, Mapping[str, Mapping[str, Fixed] | PaperForm]] = {}
        self._service = known["service"]
        self._jinja = templates(service=self._service, elsewhere=self._places, not_answered=NOT_ANSWERED)
        self._jinja.globals["version"] = definition_version

    def prepare(self) -> None:
        """Compile every template now: what publishing does once, no first answer has to do."""
        compile_templates(self._jinja)

    def bind(self, route: Route, posted: Any, today: date) -> ReferralForm:  # noqa: ANN401 - a MultiDict, or None
        """Bind what was posted to the form of a route."""
        return self._form_for(route)(posted, today)

    def blank(self, route: Route) -> str:
        """Give the form as it is before anything was typed."""
        form = self.bind(route, None, date.min)
        form.clear_errors(())
        return self.form(form)

    def form(self, form: ReferralForm) -> str:
        """Give the form as answered, with its errors."""
        parts, fields = [], form.fields
        for number, section in enumerate(sections(form.route), start=1):
            chosen = [fields[question.name] for question in section.questions]
            parts.append(Part(id=f"s{number}", title=section.title, fields=chosen))
        if form.route not in self._never_changing:  # kept in one step, for another thread may be here too
            macros: Any = self._jinja.get_template("fields.html").module
            paper = paper_form(form.route, self._service)
            self._never_changing[form.route] = {"fixed": fixed(form, macros), "paper": paper}
        never_changing = self._never_changing[form.route]
        return self._fill("form.html", route=form.route, sections=parts, token=form.token, **never_changing)

    def wrong(self, fields: Iterable[AnswerField], heading: str = "There is a problem", *sentences: str) -> str:
        """Give what stands first on a form that comes back."""
        return self._fill("error_summary.html", fields=list(fields), heading=heading, sentences=sentences)

    def checked(self, form: ReferralForm, decision: Decision) -> str:
        """Give the outcome of a check of the first section."""
        return self._fill(
            "eligibility_result.html", route=form.route, decision=decision, answers=form.answers, next_id="s2"
        )

    def review(self, form: ReferralForm, decision: Accepted, token: str, *sentences: str, failed: str = "") -> str:
        """Give every question with its answer, to be sent; `failed` is the heading when sending was tried."""
        sheet = enumerate(answer_sheet(form.route, form.answers), start=1)
        return self._fill(
            "review.html",
            route=form.route,
            heading=failed or "Check your answers",
            sentences=sentences,
            sent_was_tried=bool(failed),
            notes=decision.notes,
            token=token,
            fields=form.fields.values(),
            sections=[Part(id=f"s{number}", title=title, rows=rows) for number, (title, rows) in sheet],
        )

    def redirected(self, form: ReferralForm, decision: Signposted) -> str:
        """Give the reasons and what to do instead; what was typed about others is dropped where nobody asked for it."""
        dropped = form.route is Route.PERSON_RESPONSIBLE and any(
            criterion.code == "victim_led" for criterion, _redirect in decision.reasons
        )
        kept = sections(form.route)[:CARRIED_WHEN_NOT_LED] if dropped else sections(form.route)
        fields = [form.fields[question.name] for section in kept for question in section.questions]
        return self._fill(
            "signposted.html",
            route=form.route,
            decision=decision,
            answers=form.answers,
            dropped=dropped,
            fields=fields,
            token=form.token,
        )

    def sent(self, receipt: Receipt, route: Route | None) -> str:
        """Give the page with the reference; `route` is known for professionals only."""
        return self._fill(
            "sent.html",
            reference=receipt.reference,
            spelled=spell_out(receipt.reference),
            received=in_london(receipt.accepted_at),
            repeat=receipt.repeat,
            route=route,
        )

    def said(self, heading: str, *sentences: str) -> str:
        """Give a page with a heading, some sentences and the phone number."""
        return self._fill("message_page.html", heading=heading, sentences=sentences)

    def closed(self, route: Route, *, sent: str = "") -> str:
        """Give what stands where the form is while it is closed; `sent` says what became of what was typed, if anything."""
        paper = paper_form(route, self._service)
        sending = [sentence for sentence in paper.sending if sentence != ONLINE]
        return self._fill("closed.html", file_name=paper.file_name, sending=sending, sent=sent)

    def _fill(self, template: str, **values: object) -> str:
        return self._jinja.get_template(template).render(values)

    def _places(self, ids: Sequence[str]) -> list[Mapping[str, Any]]:
        return [self._elsewhere[place] for place in ids if place in self._elsewhere]
