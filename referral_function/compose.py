"""The composition root: makes the real objects from the settings and passes them to each other."""

import functools
import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from referral_function.asking.questions import Route
from referral_function.sending import health, message
from referral_function.sending.delivery import Delivery, Drained
from referral_function.sending.drain_thread import DRAIN_INTERVAL, DrainThread, drain_and_log_errors
from referral_function.sending.mailer import Mailer
from referral_function.sending.outbox import Outbox
from referral_function.sending.reference import new_reference
from referral_function.sending.submission import Submission
from referral_function.settings.parsers import Drain
from referral_function.settings.settings import Settings, SettingsError
from referral_function.web.app import create_app
from referral_function.web.form_post import FormPost
from referral_function.web.health_routes import Counts, register_health_routes
from referral_function.web.journey import Journey
from referral_function.web.rate_limit import RateLimiter
from referral_function.web.render import Renderer
from referral_function.web.site_page import SitePages, read_service_data
from referral_function.web.static_files import StaticFilesMiddleware
from referral_function.web.templating import make_environment
from referral_function.web.tokens import Tokens

FINAL_REPLY_TIMEOUT = 600.0  # seconds after the final dot: cutting it short is what makes a message go out twice
_SERVERLESS_REPLY_TIMEOUT = 60.0
_RELAY_TIMEOUT = 300.0  # seconds for each reply before the message. Source: RFC 5321 section 4.5.3.2
_SCHEDULE_INTERVAL = 5 * 60.0  # seconds between two drains where a schedule starts them
_ATTEMPT_TIMEOUT = 60.0  # seconds for the attempt after a commit, where no thread delivers
_ATTEMPT_STEP = 2.0  # seconds: it takes a whole number of these, or its length would tell a repeat from a first
_TIME_TO_FINISH = 30.0  # seconds that a serverless host must leave beside it, for a message that has begun


def open_outbox(settings: Settings) -> Outbox:
    """Return the outbox that the settings name; it connects when first used."""
    if settings.outbox.startswith("sqlite:"):
        from referral_function.sending.sqlite import SqliteOutbox  # noqa: PLC0415 - only one engine is loaded

        return SqliteOutbox(Path(settings.outbox.removeprefix("sqlite:///")), time.time)
    from referral_function.sending.postgres import PostgresOutbox  # noqa: PLC0415 - the same

    if find_spec("psycopg") is None:
        raise SettingsError("REFERRAL_OUTBOX: the driver of PostgreSQL is missing: pip install '.[postgres]'")
    return PostgresOutbox(settings.outbox)


def make_submission(settings: Settings, outbox: Outbox) -> Submission:
    """Return what stores referrals in the outbox."""
    return Submission(
        outbox=outbox,
        public_key=settings.seal_key,
        new_reference=functools.partial(new_reference, secrets.randbelow),
        new_token=functools.partial(secrets.token_hex, 16),
        secret=settings.secret_key,
        sender=settings.sender,
        inbox=settings.inbox,
        attach_record=settings.record,
    )


def make_mailer(settings: Settings) -> Mailer:
    """Return the mailer that speaks to the relay."""
    if settings.relay is None:
        raise SettingsError("REFERRAL_RELAY is not set here; that is right where nothing is delivered.")
    usual = None if settings.drain is Drain.ATTEMPT else _RELAY_TIMEOUT
    return Mailer(
        replace(settings.relay, reply_timeout=settings.relay_timeout or usual),
        sender=settings.sender,
        inbox=settings.inbox,
        ca_file=settings.relay_ca,
        final_reply_timeout=_SERVERLESS_REPLY_TIMEOUT if settings.drain is Drain.ATTEMPT else FINAL_REPLY_TIMEOUT,
        clock=time.monotonic,
    )


def make_delivery(settings: Settings, outbox: Outbox) -> Delivery:
    """Return what moves entries from the outbox to the mailer."""
    if settings.open_keys is None:
        raise SettingsError("REFERRAL_OPEN_KEYS: it is missing, and nothing can be delivered without it.")
    return Delivery(
        outbox=outbox,
        private_keys=settings.open_keys,
        public_key=settings.seal_key,
        secret=settings.secret_key,
        sender=settings.sender,
        inbox=settings.inbox,
        mailer=make_mailer(settings),
        figures_age=settings.figures_years * 366 * 24 * 60 * 60.0,
        keep_key=settings.keep_key,
        keep_days=settings.keep_days,
        clock=time.monotonic,
        jitter=random.random,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """Objects shared by the web application and the delivery thread."""

    outbox: Outbox
    delivery: Delivery | None  # None where another process drains
    thread: DrainThread | None  # None where no thread drains

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Make them; nothing is opened or started yet."""
        outbox = open_outbox(settings)
        delivery = None if settings.drain is Drain.OFF else make_delivery(settings, outbox)
        thread = DrainThread(delivery) if delivery and settings.drain is Drain.THREAD else None
        return cls(outbox=outbox, delivery=delivery, thread=thread)

    def on_stored(self, post: FormPost) -> None:
        """Deliver what was just stored: wake the thread, or try once in the time that a serverless host leaves."""
        if self.thread:
            self.thread.wake()
        elif self.delivery and (seconds := min(_ATTEMPT_TIMEOUT, post.seconds_left() - _TIME_TO_FINISH)) > 0:
            began = time.monotonic()
            drain_and_log_errors(self.delivery, seconds)
            time.sleep((began - time.monotonic()) % _ATTEMPT_STEP)

    def start_thread(self) -> None:
        """Start the thread that delivers, if there is one and it has not started."""
        if self.thread:
            self.thread.start()


def _add_health_routes(app: Flask, settings: Settings, runtime: Runtime, limiter: RateLimiter) -> None:
    delivery, interval = runtime.delivery, DRAIN_INTERVAL if runtime.thread else _SCHEDULE_INTERVAL

    def status() -> Counts:
        return health.status(runtime.outbox, interval=interval, limit_reached=limiter.reserve_in_use())

    def drain() -> Counts:
        drained = (delivery and drain_and_log_errors(delivery, _ATTEMPT_TIMEOUT)) or Drained()
        return status()[0], {"delivered": drained.delivered, "failed": drained.failed}

    register_health_routes(
        app,
        is_ready=lambda: health.ready(runtime.outbox, settings.seal_key),
        operator_token=settings.operator_token,
        status=status,
        drain=drain if delivery else None,
    )


def application(
    settings: Settings, runtime: Runtime | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Flask:
    """Return the whole service as one application: Flask, with the files of the site as middleware.

    Raises `PageError` where the built site cannot be used, and `SettingsError`.
    """
    message.self_test()
    runtime = runtime or Runtime.from_settings(settings)
    service_data = read_service_data(settings.site)
    renderer = Renderer(make_environment(service_data), SitePages.read(settings.site), service_data["service"]["name"])
    limiter = RateLimiter(settings.limit, settings.limit_store, settings.secret_key)
    journey = Journey(
        tokens=Tokens(settings.secret_key),
        new_nonce=functools.partial(secrets.token_urlsafe, 16),
        submission=make_submission(settings, runtime.outbox),
        rate_limit=limiter.refusal,
        on_stored=runtime.on_stored,
        count=runtime.outbox.count,
        is_closed=settings.closed,
    )
    app = create_app(
        journey=journey,
        renderer=renderer,
        site=settings.site,
        redirects=service_data["redirects"],
        hosts=settings.hosts,
        now=now,
    )
    _add_health_routes(app, settings, runtime, limiter)
    app.wsgi_app = StaticFilesMiddleware(  # type: ignore[method-assign] # as Flask documents it
        app.wsgi_app,
        settings.site,
        runtime.start_thread,
        hosts=settings.hosts,
        fallback_error_page=renderer.fallback_error_page(),
        excluded_paths=[f"/refer/{route.slug}/" for route in Route] if settings.closed else (),
    )
    if proxies := settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign] # the same
    return app
