"""The referral function: what happens to a referral, in reading order.

`web.app` routes a POST of the form; `web.form_post` holds what was posted; `web.journey` decides its outcome: the form of
`asking` parses the answers, `deciding` runs the criteria, and `sending.submission` writes the letter, encrypts the message
and stores it in the outbox in one durable commit. `web.render` turns the outcome into a page: only a stored referral has a
reference. `sending.drain_thread` then has `sending.delivery` hand each message to the relay over verified TLS and erase
what was stored. `papers` holds the same form on paper, `settings` reads the environment, `commands` are the operator's,
`events` is the log, and `compose` makes the real objects.
"""

__version__ = "0.1.0"
