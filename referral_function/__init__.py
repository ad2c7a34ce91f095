"""The referral function: what happens to a referral, in reading order.

A person answers the questions of `asking` on a page of the site. `deciding` holds the answers against the published
criteria and says at once if another service should help. A referral that is accepted is written as a letter, sealed,
and stored in the outbox of `sending` in one durable commit; only then is a reference shown. Delivery hands each message
to the service's own relay over verified TLS and erases what was stored. `journey` joins the pages of this way,
`submission` is its one step that must not fail half, `web` gives it addresses, and `compose` puts real things together.
"""

__version__ = "0.1.0"
