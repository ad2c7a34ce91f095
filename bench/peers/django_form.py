"""The same form in Django: its forms, its templates, its model, and the middleware that `startproject` sets up."""

import json
import secrets
import time
from typing import Any

import django
from django import forms
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import Context, Template
from django.template.context_processors import csrf
from django.urls import path

from bench.peers import asked

settings.configure(
    SECRET_KEY="an invented secret of the benchmark",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["127.0.0.1"],
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": asked.FOLDER / "django.db",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
                "transaction_mode": "IMMEDIATE",
            },
        }
    },
    USE_TZ=True,
)
django.setup()


class Referral(models.Model):  # type: ignore[misc] # Django is not typed
    """A referral as it is stored."""

    reference = models.CharField(max_length=20, primary_key=True)
    answers = models.TextField()
    created_at = models.FloatField()

    class Meta:
        """Django wants an application to belong to."""

        app_label = "bench"

    def __str__(self) -> str:
        """Name it."""
        return str(self.reference)


def field(question: dict[str, Any]) -> Any:
    """Make the field of a question."""
    needed = bool(question["missing"]) and not question["needed"]
    known = {
        "label": question["label"],
        "help_text": question["hint"],
        "required": needed,
        "error_messages": {"required": question["missing"]},
    }
    match question["kind"]:
        case "line":
            kind = forms.EmailField if question["shape"] == "email" else forms.CharField
            return kind(max_length=question["limit"], **known)
        case "long":
            return forms.CharField(max_length=question["limit"], widget=forms.Textarea, **known)
        case "one":
            return forms.ChoiceField(choices=question["choices"], widget=forms.RadioSelect, **known)
        case "several":
            return forms.MultipleChoiceField(choices=question["choices"], widget=forms.CheckboxSelectMultiple, **known)
        case "tick":
            return forms.BooleanField(**known)
        case _:
            return forms.DateField(widget=forms.SelectDateWidget(years=range(1926, 2027)), **known)


def clean(form: Any) -> None:
    """Ask for what the other answers make required."""
    for name, sentence in asked.missing(form.cleaned_data).items():
        form.add_error(name, sentence)


ReferralForm = type(
    "ReferralForm",
    (forms.Form,),
    {question["name"]: field(question) for question in asked.QUESTIONS} | {"clean": clean},
)
PAGE = Template(
    "{{ before | safe }}<form method='post'>{% csrf_token %}{% if form.errors %}{{ form.errors }}{% endif %}"
    "{{ form.as_div }}<button>Continue</button></form>{{ after | safe }}"
)


def view(request: HttpRequest) -> HttpResponse:
    """Show the form, check it, store it."""
    form = ReferralForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answers = json.dumps(form.cleaned_data, default=str)
        Referral.objects.create(reference=secrets.token_hex(8), answers=answers, created_at=time.time())
        return HttpResponseRedirect("/", status=303)
    known = {"form": form, "before": asked.BEFORE, "after": asked.AFTER, **csrf(request)}
    return HttpResponse(PAGE.render(Context(known)), status=200 if request.method == "GET" else 422)


urlpatterns = [path("", view)]
application = get_wsgi_application()
if Referral._meta.db_table not in connection.introspection.table_names():  # noqa: SLF001 - Django's own name for it
    with connection.schema_editor() as editor:
        editor.create_model(Referral)
connection.close()
