"""The SQL of the outbox, shared by both engines.

Each engine substitutes `$now` (seconds since 1970), `$lock` (row lock of a claim), `$each` (rows of the JSON list
`:names`), and the column types `$bytes` and `$time`. The columns unsettled, refusals and maybe_sent are the fields
unfinished_attempts, permanent_rejections and possibly_delivered of an Entry; sealed is the encrypted message, key the
idempotency key.
"""

# ruff: noqa: S608 - only constants of this module are joined; values are always parameters

from referral_function.sending.attempt import MAX_BACK_OFF

MIGRATIONS: tuple[tuple[str, ...], ...] = (  # applied in order, each once; a released one never changes
    (
        """CREATE TABLE outbox (
            reference text PRIMARY KEY, key $bytes NOT NULL UNIQUE,
            state text NOT NULL CHECK (state IN ('queued', 'delivered', 'parked')),
            sealed $bytes, key_id text NOT NULL,
            created_at $time NOT NULL, next_at $time NOT NULL, lease_until $time NOT NULL DEFAULT 0,
            attempts integer NOT NULL DEFAULT 0, unsettled integer NOT NULL DEFAULT 0,
            refusals integer NOT NULL DEFAULT 0, last_stage text, last_code text,
            maybe_sent integer NOT NULL DEFAULT 0, done_at $time, alerted_at $time NOT NULL DEFAULT 0,
            CHECK ((state = 'delivered') = (sealed IS NULL)))""",
        "CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'queued'",
        "CREATE TABLE drain_log (last_at $time, last_ok_at $time, stopped_stage text, stopped_code text)",
        "INSERT INTO drain_log VALUES (NULL, NULL, NULL, NULL)",
    ),
    (
        "ALTER TABLE outbox ADD COLUMN nonce_hash $bytes",
        "ALTER TABLE outbox ADD COLUMN mac $bytes",
        "ALTER TABLE outbox ADD COLUMN repeats integer NOT NULL DEFAULT 0",
    ),
    (
        "ALTER TABLE outbox ADD COLUMN bounced_at $time",
        """CREATE TABLE kept (reference text PRIMARY KEY, erase_at $time NOT NULL, key_id text NOT NULL,
            mac $bytes NOT NULL, sealed $bytes NOT NULL)""",
        "CREATE INDEX kept_erase_at ON kept (erase_at)",
    ),
    ("ALTER TABLE outbox ADD COLUMN token_hash $bytes",),
    (
        """CREATE TABLE figures (month_at $time NOT NULL, name text NOT NULL, total integer NOT NULL,
            PRIMARY KEY (month_at, name))""",
    ),
)
_MAX_FUTURE = f"$now + {MAX_BACK_OFF}"  # nothing waits longer: a later time was written by a clock that was ahead
_DUE = f"(next_at <= $now OR next_at > {_MAX_FUTURE})"
_LEASED = f"(lease_until > $now AND lease_until <= {_MAX_FUTURE})"
COLUMNS = (
    "reference, state, key_id, created_at, next_at, attempts, unsettled, refusals, last_stage, last_code, "
    "maybe_sent, done_at, bounced_at, coalesce(length(sealed), 0)"
)
INSERT = """INSERT INTO outbox (reference, key, nonce_hash, token_hash, state, sealed, key_id, mac, created_at, next_at)
    VALUES (:reference, :idempotency_key, :nonce_hash, :token_hash, 'queued', :ciphertext, :key_id, :mac, :created_at, $now)
    ON CONFLICT DO NOTHING RETURNING reference"""
_RECEIPT = "reference, created_at, coalesce(nonce_hash = :nonce_hash, false)"
FIND = f"SELECT {_RECEIPT} FROM outbox WHERE key = :idempotency_key AND nonce_hash = :nonce_hash"
REPEAT = f"UPDATE outbox SET repeats = repeats + 1 WHERE key = :idempotency_key RETURNING {_RECEIPT}"  # SQLite skips a write that changes nothing
CLAIM = f"""UPDATE outbox SET attempts = attempts + 1, unsettled = unsettled + 1, lease_until = $now + :lease
    WHERE reference = (SELECT reference FROM outbox
        WHERE state = 'queued' AND {_DUE} AND NOT {_LEASED} AND unsettled < :max_unfinished
        ORDER BY next_at LIMIT 1 $lock) RETURNING {COLUMNS}, sealed, mac"""
RENEW_LEASE = """UPDATE outbox SET lease_until = $now + :lease
    WHERE reference = :reference AND attempts = :attempts AND state = 'queued' AND lease_until > $now
    RETURNING reference"""
DELIVERED = """UPDATE outbox SET state = 'delivered', sealed = NULL, mac = NULL, done_at = $now, lease_until = 0, unsettled = 0,
    last_stage = :stage, last_code = :code WHERE reference = :reference AND state <> 'delivered'"""
FAILED = """UPDATE outbox SET state = :state, next_at = $now + :delay, lease_until = 0, unsettled = 0,
    refusals = :permanent_rejections, last_stage = :stage, last_code = :code, maybe_sent = maybe_sent | :possibly_delivered
    WHERE reference = :reference AND attempts = :attempts AND state = 'queued'"""
PARK_CRASHING = f"""UPDATE outbox SET state = 'parked', last_stage = :stage, last_code = 'unsettled', maybe_sent = 1
    WHERE state = 'queued' AND unsettled >= :max_unfinished AND NOT {_LEASED} RETURNING reference"""
OVERDUE = """UPDATE outbox SET alerted_at = $now
    WHERE state <> 'delivered' AND created_at + :age <= $now AND (alerted_at < created_at + :age OR alerted_at > $now)
    RETURNING reference"""
LOG_DRAIN = """UPDATE drain_log SET last_at = $now, stopped_stage = :stage, stopped_code = :code,
    last_ok_at = CASE WHEN :success = 1 THEN $now ELSE last_ok_at END"""
PURGE = """DELETE FROM outbox WHERE state = 'delivered' AND done_at <= $now - :age AND bounced_at IS NULL
    RETURNING reference"""
COUNTS = f"""SELECT state, count(*), $now - min(created_at), $now - max(created_at),
    sum(CASE WHEN last_stage = 'open' THEN 1 ELSE 0 END), max(CASE WHEN {_LEASED} THEN 1 ELSE 0 END), count(bounced_at)
    FROM outbox GROUP BY state"""
DRAINS = "SELECT $now - last_at, $now - last_ok_at, stopped_stage, stopped_code FROM drain_log"
RETRY = f"""UPDATE outbox SET state = 'queued', next_at = $now, unsettled = 0, refusals = 0, mac = coalesce(:mac, mac)
    WHERE reference = :reference AND state <> 'delivered' AND NOT {_LEASED} RETURNING reference"""
PARK = f"""UPDATE outbox SET state = 'parked'
    WHERE reference = :reference AND state = 'queued' AND refusals > 0 AND NOT {_LEASED} RETURNING reference"""
DISCARD = "DELETE FROM outbox WHERE reference = :reference AND state = 'parked' RETURNING reference"
ENTRY = "SELECT " + COLUMNS + ", sealed, mac FROM outbox WHERE reference = :reference AND state <> 'delivered'"
ENTRIES = "SELECT " + COLUMNS + " FROM outbox ORDER BY created_at, reference"
KEEP = """INSERT INTO kept (reference, erase_at, key_id, mac, sealed)
    VALUES (:reference, $now + :seconds, :key_id, :mac, :ciphertext)
    ON CONFLICT (reference) DO UPDATE
    SET erase_at = excluded.erase_at, key_id = excluded.key_id, mac = excluded.mac, sealed = excluded.sealed"""
KEPT = "SELECT reference, key_id, mac, sealed, erase_at - $now FROM kept WHERE reference = :reference"
KEPT_KEYS = "SELECT key_id, count(*) FROM kept GROUP BY key_id"
ERASE_KEPT = """DELETE FROM kept WHERE erase_at <= $now
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.reference = kept.reference AND bounced_at IS NOT NULL)"""
RESEND = """UPDATE outbox SET state = 'queued', sealed = :ciphertext, key_id = :key_id, mac = :mac, next_at = $now,
    unsettled = 0, refusals = 0, done_at = NULL, bounced_at = NULL, alerted_at = $now
    WHERE reference = :reference AND state = 'delivered' RETURNING reference"""
MARK_BOUNCED = """UPDATE outbox SET bounced_at = coalesce(bounced_at, $now), last_stage = :stage, last_code = :code
    WHERE reference = :reference AND token_hash = :token_hash AND state = 'delivered' RETURNING reference"""
SETTLE = """UPDATE outbox SET bounced_at = NULL WHERE reference = :reference AND bounced_at IS NOT NULL
    RETURNING reference"""
ERASE_ONE_KEPT = "DELETE FROM kept WHERE reference = :reference"
COUNT = """INSERT INTO figures (month_at, name, total) SELECT :month_at, value, 1 FROM $each WHERE true
    ON CONFLICT (month_at, name) DO UPDATE SET total = figures.total + 1"""
COUNTED = """SELECT month_at, name, total FROM figures WHERE month_at >= :first AND month_at < :last
    ORDER BY month_at, name"""
ERASE_COUNTERS = "DELETE FROM figures WHERE month_at <= $now - :age"
PROBE = "UPDATE drain_log SET last_at = last_at"
