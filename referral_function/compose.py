"""The composition root: the only place where real things meet."""

import functools
import random
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from werkzeug.middleware.proxy_fix import ProxyFix

from referral_function.asking.questions import Route
from referral_function.sending import health, message
from referral_function.sending.delivery import Delivery
from referral_function.sending.drain_thread import DRAIN_INTERVAL, DrainThread, drain_and_log_errors
from referral_function.sending.mailer import Mailer
from referral_function.sending.outbox import Outbox
from referral_function.sending.postcode_areas import read_postcode_areas
from referral_function.sending.reference import new_reference
from referral_function.sending.submission import Submission
from referral_function.settings.parsers import Drain
from referral_function.settings.settings import Settings, SettingsError
from referral_function.web.app import create_app, fallback_error_page
from referral_function.web.form_post import Post
from referral_function.web.health_routes import Operator, register_health_routes
from referral_function.web.journey import Journey
from referral_function.web.render import Renderer, read_service
from referral_function.web.site_page import SitePage
from referral_function.web.static_files import StaticFilesMiddleware
from referral_function.web.tokens import Tokens

if TYPE_CHECKING:
    from referral_function.web.rate_limit import RateLimiter

Wsgi: TypeAlias = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

FINAL_REPLY_TIMEOUT = 600.0  # seconds after the final dot: cutting it short is what makes a message go out twice
_PATIENCE_OF_A_FUNCTION = 60.0
_SCHEDULE = 5 * 60.0  # seconds between two drains where a schedule starts them
_ATTEMPT = 60.0  # seconds for the attempt after a commit, where no thread delivers
_TO_FINISH = 30.0  # seconds that a serverless host must leave beside it, for a message that has begun


def open_outbox(settings: Settings) -> Outbox:
    """Return the outbox that the settings name; it connects when first used."""
    if settings.outbox.startswith("sqlite:"):
        from referral_function.sending.sqlite import SqliteOutbox  # noqa: PLC0415 - only one engine is loaded

        return SqliteOutbox(Path(settings.outbox.removeprefix("sqlite:///")), time.time)
    from referral_function.sending.postgres import PostgresOutbox  # noqa: PLC0415 - the same

    if find_spec("psycopg") is None:
        raise SettingsError("REFERRAL_OUTBOX: the driver of PostgreSQL is missing: pip install '.[postgres]'")
    return PostgresOutbox(settings.outbox)


def make_mailer(settings: Settings) -> Mailer:
    """Return the mailer that speaks to the relay."""
    return Mailer(
        settings.relay,
        sender=settings.sender,
        inbox=settings.inbox,
        authorities=settings.relay_ca,
        patience=_PATIENCE_OF_A_FUNCTION if settings.drain is Drain.ATTEMPT else FINAL_REPLY_TIMEOUT,
        clock=time.monotonic,
    )


def make_delivery(settings: Settings, outbox: Outbox) -> Delivery:
    """Return what moves entries from the outbox to the mailer."""
    if settings.open_keys is None:
        raise SettingsError("REFERRAL_OPEN_KEYS: it is missing, and nothing can be delivered without it.")
    return Delivery(
        outbox=outbox,
        keys=settings.open_keys,
        seal_key=settings.seal_key,
        mailer=make_mailer(settings),
        clock=time.monotonic,
        jitter=random.random,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """What one process of the web part shares with what delivers in it."""

    outbox: Outbox
    delivery: Delivery | None  # None where another process drains
    thread: DrainThread | None  # None where no thread drains; `start` may be called again and again

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Put them together; nothing is opened or started yet."""
        outbox = open_outbox(settings)
        delivery = None if settings.drain is Drain.OFF else make_delivery(settings, outbox)
        thread = DrainThread(delivery) if delivery and settings.drain is Drain.THREAD else None
        return cls(outbox=outbox, delivery=delivery, thread=thread)


def _may_send(settings: Settings) -> Callable[[str, datetime], bool]:
    """Return what says whether a client may send one more. Raises `SettingsError`."""
    per_client, store = settings.limit, settings.limit_store
    if per_client is None:
        return lambda _client, _now: True

    @functools.cache
    def counted() -> "RateLimiter":
        from referral_function.web.rate_limit import RateLimiter  # noqa: PLC0415 - its library loads with the first referral sent

        return RateLimiter(per_client, store, settings.secret_key)

    if store != "memory":  # a wrong address stops the start
        try:
            counted()
        except ValueError as error:
            raise SettingsError(f"REFERRAL_LIMIT_STORE: {error}") from None
    return lambda client, now: counted().allows(client, now)


def _operator(settings: Settings, parts: Runtime) -> Operator:
    every = DRAIN_INTERVAL if parts.thread else _SCHEDULE
    delivery = parts.delivery

    def status() -> tuple[int, Mapping[str, object]]:
        return health.status(parts.outbox, every=every)

    def drain() -> tuple[int, Mapping[str, object]]:
        drained = drain_and_log_errors(delivery, _ATTEMPT) if delivery else None
        counts = (
            {"delivered": drained.delivered, "failed": drained.failed} if drained else {"delivered": 0, "failed": 0}
        )
        return status()[0], counts

    return Operator(token=settings.operator_token, status=status, drain=drain if delivery else None)


def _now() -> datetime:
    return datetime.now(UTC)


def application(settings: Settings, parts: Runtime | None = None, now: Callable[[], datetime] = _now) -> Wsgi:
    """Return the whole service as one WSGI application. Raises `PageError` where the built site cannot be used."""
    message.self_test()
    parts = parts or Runtime.of(settings)
    thread, delivery = parts.thread, parts.delivery
    known = read_service(settings.site)
    refer = settings.site / "refer"

    def accepted(post: Post) -> None:
        if thread:
            thread.wake()
        elif delivery and (seconds := min(_ATTEMPT, post.seconds_left() - _TO_FINISH)) > 0:
            drain_and_log_errors(delivery, seconds)

    journey = Journey(
        faces=Renderer(known),
        pages={route: SitePage.read(refer / route.slug / "index.html") for route in Route},
        sent_page=SitePage.read(refer / "sent" / "index.html"),
        site_name=known["service"]["name"],
        tokens=Tokens(settings.secret_key),
        submission=Submission(
            outbox=parts.outbox,
            sealer=settings.seal_key,
            new_reference=functools.partial(new_reference, secrets.randbelow),
            places=read_postcode_areas,
            secret=settings.secret_key,
            sender=settings.sender,
            inbox=settings.inbox,
        ),
        accepted=accepted,
        may_send=_may_send(settings),
        is_closed=settings.closed,
    )
    not_found = SitePage.read(settings.site / "404.html", slot=False)
    disk = Path(settings.outbox.removeprefix("sqlite:///")).parent if settings.outbox.startswith("sqlite:") else None
    app = create_app(
        journey=journey,
        site=settings.site,
        not_found=not_found,
        redirects=known["redirects"],
        hosts=settings.hosts,
        now=now,
    )
    register_health_routes(app, lambda: health.ready(parts.outbox, settings.seal_key, disk), _operator(settings, parts))
    front = StaticFilesMiddleware(
        app,
        settings.site,
        thread.start if thread else lambda: None,
        hosts=settings.hosts,
        fallback_error_page=fallback_error_page(not_found, known["service"]),
        hidden=[f"/refer/{route.slug}/" for route in Route] if settings.closed else (),
    )
    proxies = settings.proxies
    return ProxyFix(front, x_for=proxies, x_proto=proxies) if proxies else front
