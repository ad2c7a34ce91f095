"""The questions as a Django form, with its templates and middleware; the ORM stores the answers as a session's data."""

import json
import secrets
from typing import Any

import django
from django import forms
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import Context, Template
from django.template.context_processors import csrf
from django.urls import re_path
from django.utils import timezone

from bench.peers.shared_form import FOLDER, FORM

_DATABASE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": FOLDER / "django.db",
    "CONN_MAX_AGE": None,
    "OPTIONS": {"init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"},
}
settings.configure(
    SECRET_KEY=secrets.token_hex(),
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["127.0.0.1"],
    INSTALLED_APPS=["django.contrib.sessions"],
    MIDDLEWARE=[
        f"django.middleware.{name}Middleware" for name in ("security.Security", "common.Common", "csrf.CsrfView")
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    DATABASES={"default": _DATABASE},
    USE_TZ=True,
)
django.setup()
from django.contrib.sessions.models import Session  # noqa: E402 - not before the set-up

call_command("migrate", verbosity=0)
_FIELDS = {
    "email": (forms.EmailField, None),
    "line": (forms.CharField, None),
    "long": (forms.CharField, forms.Textarea),
    "one": (forms.ChoiceField, forms.RadioSelect),
    "several": (forms.MultipleChoiceField, forms.CheckboxSelectMultiple),
}


def field(known: dict[str, Any]) -> Any:
    """Return the form field of a question."""
    kind, widget = _FIELDS[known["kind"]]
    size = {"choices": known["choices"]} if known["choices"] else {"max_length": known["limit"]}
    words = {"label": known["label"], "help_text": known["hint"], "error_messages": {"required": known["missing"]}}
    return kind(required=bool(known["missing"]), widget=widget, **size, **words)


ReferralForm = type("ReferralForm", (forms.Form,), {known["name"]: field(known) for known in FORM["fields"]})
PAGE = Template(
    "{{ before | safe }}<form method='post'>{% csrf_token %}{{ form.errors }}{{ form.as_div }}"
    "<button>Continue</button></form>{{ after | safe }}"
)


def view(request: HttpRequest) -> HttpResponse:
    """Store a valid form; answer any other with its errors."""
    form = ReferralForm(request.POST)
    if form.is_valid():
        answers = json.dumps(form.cleaned_data)
        Session.objects.create(session_key=secrets.token_hex(16), session_data=answers, expire_date=timezone.now())
        return HttpResponseRedirect("/", status=303)
    return HttpResponse(PAGE.render(Context({**FORM, "form": form, **csrf(request)})), status=422)


urlpatterns = [re_path("", view)]
application = get_wsgi_application()
