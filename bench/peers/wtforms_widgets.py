"""The same form in Flask by WTForms' own fields, validators and widgets."""

import json
import secrets
import threading
import time
from typing import Any

from flask import Flask, redirect, render_template_string, request
from werkzeug.wrappers import Response
from wtforms import (
    BooleanField,
    Field,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from bench.peers import asked

PAGE = """{{ before | safe }}<form method="post">
{% if form.errors %}<div class="summary"><h2>There is a problem</h2><ul>
{% for field in form if field.errors %}<li><a href="#{{ field.id }}">{{ field.errors[0] }}</a></li>
{% endfor %}</ul></div>{% endif %}
{% for section in sections %}<section><h2>{{ section.title }}</h2>
{% for question in section.questions %}{% set field = form[question.name] -%}
<div class="question">{{ field.label(class="ask") }}
{% if field.description %}<p class="hint" id="{{ field.id }}-hint">{{ field.description }}</p>{% endif %}
{% if field.errors %}<p class="error" id="{{ field.id }}-error">{{ field.errors[0] }}</p>{% endif %}
{{ field(class="line", **{"aria-describedby": field.id ~ "-hint"}) }}</div>
{% endfor %}</section>
{% endfor %}<button>Continue</button></form>{{ after | safe }}"""
EMAIL = Regexp(r"[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+", message="Enter an email address in the correct format")


class Date(Form):
    """A date in three parts."""

    day = IntegerField("Day", [Optional(), NumberRange(1, 31)])
    month = IntegerField("Month", [Optional(), NumberRange(1, 12)])
    year = IntegerField("Year", [Optional(), NumberRange(1900, 2100)])


def field(question: dict[str, Any]) -> Field:
    """Make the field of a question."""
    needed = question["missing"] and not question["needed"]
    checks: list[Any] = [DataRequired(question["missing"]) if needed else Optional()]
    known: dict[str, Any] = {"label": question["label"], "description": question["hint"], "validators": checks}
    match question["kind"]:
        case "line" | "long" as kind:
            checks += [Length(max=question["limit"]), *([EMAIL] if question.get("shape") == "email" else [])]
            return (StringField if kind == "line" else TextAreaField)(**known)
        case "one":
            return RadioField(choices=question["choices"], validate_choice=True, **known)
        case "several":
            boxes = ListWidget(prefix_label=False)
            return SelectMultipleField(
                choices=question["choices"], widget=boxes, option_widget=CheckboxInput(), **known
            )
        case "tick":
            return BooleanField(**known)
        case _:
            return FormField(Date, label=question["label"], description=question["hint"])


ReferralForm: Any = type("ReferralForm", (Form,), {question["name"]: field(question) for question in asked.QUESTIONS})
application = Flask(__name__)
database, guard = asked.opened("wtforms.db"), threading.Lock()


@application.route("/", methods=["GET", "POST"])
def form() -> str | tuple[str, int] | Response:
    """Show the form, check it, store it."""
    filled = ReferralForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return shown(filled)
    complete = filled.validate()
    for name, sentence in asked.missing(filled.data).items():
        filled[name].errors = [sentence]
        complete = False
    if not complete:
        return shown(filled), 422
    with guard:
        values = secrets.token_hex(8), json.dumps(filled.data), time.time()
        database.execute("INSERT INTO referral VALUES (?, ?, ?)", values)
    return redirect("/", 303)


def shown(filled: Form) -> str:
    """Give the page with the form."""
    return render_template_string(PAGE, form=filled, sections=asked.SECTIONS, before=asked.BEFORE, after=asked.AFTER)
