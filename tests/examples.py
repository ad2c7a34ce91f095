"""Complete referrals with invented people, as a browser posts them."""

from typing import TypeAlias

from referral_function.asking.questions import Route

Posted: TypeAlias = dict[str, str | list[str]]

_CAN_HELP: Posted = {
    "offence_group": ["none"],
    "offender_adult": "yes",
    "responsibility": "pleaded_guilty",
    "area_link": ["victim_address", "offence_location"],
    "court_stage": "sentenced",
}
_PROFESSIONAL: Posted = {
    "referrer_name": "Robin Example",
    "referrer_role": "Victim care coordinator",
    "organisation": "Invented Victim Care",
    "organisation_type": "victim_service",
    "referrer_email": "robin.example@example.org",
    "referrer_phone": "01632 960 001",
    "referrer_reference": "IVC 0042",
    "offence_type": "burglary",
    "offence_date": "March 2026",
    "offence_location": "Canterbury, CT1",
    "crime_reference": "46/00042/26",
    "key_date": "Release expected in May 2027",
    "summary": "A burglary at night.\nThe person harmed would like to ask why.",
    "known_risks": "None known",
    "no_contact_order": "no",
    "multi_agency": "no",
    "offender_whereabouts": "prison",
    "offender_prison": "HMP Invented",
    "offender_prison_number": "A0000AA",
    "offender_manager": "Sam Example, 01632 960 002",
}
_SAFELY: Posted = {
    "contact_methods": ["phone", "text"],
    "victim_phone": "07700 900 982",
    "voicemail_ok": "no",
    "safe_times": "Weekday mornings",
    "contact_cautions": "My neighbour may answer the door.",
}
_HARMED: Posted = {
    "victim_name": "Alex Example",
    "victim_known_as": "Al",
    "victim_age_group": "adult",
    **_SAFELY,
}
_OWN: Posted = {
    **_CAN_HELP,
    **_HARMED,
    "offender_identified": "yes",
    "offence_date": "about 1985",
    "offence_location": "Ramsgate",
    "summary": "I would like to talk.",
    "hopes": "To be heard.",
}
_SPEAKS: Posted = {**_OWN, "victim_age_group": ""}
_EXAMPLES: dict[Route, Posted] = {
    Route.MYSELF: _OWN,
    Route.MY_CHILD: {**_SPEAKS, "represented_name": "Sky Example", "victim_agrees": "yes"},
    Route.SOMEONE_WHO_DIED: {**_SPEAKS, "represented_name": "Mark Example"},
    Route.MY_BUSINESS: {**_SPEAKS, "represented_name": "Invented News"},
    Route.CONTACT_ME: {**_SAFELY, "known_as": "Al", "message": "I would like to talk."},
    Route.PERSON_HARMED: {
        **_CAN_HELP,
        **_PROFESSIONAL,
        **_HARMED,
        "relationship": "person_harmed",
        "offender_identified": "yes",
        "victim_agrees": "yes",
    },
    Route.PERSON_RESPONSIBLE: {
        **_CAN_HELP,
        **_PROFESSIONAL,
        "victim_identified": "yes",
        "offender_name": "Jo Example",
        "offender_birth_date-day": "27",
        "offender_birth_date-month": "3",
        "offender_birth_date-year": "1985",
        "offender_agrees": "not_asked",
        "offender_contact": "Through the offender manager.",
    },
}
_LANGUAGE: Posted = {"interpreter": "spoken", "language": "Українська, a woman please"}
_NEEDS: Posted = {
    **_LANGUAGE,
    "known_risks": "He drinks.\n\n\tTwo of his friends  live in the same street.",
    "lives_together": "no",
    "no_contact_order": "yes",
    "communication_needs": "Easy words, and time. \N{SEEDLING}\N{VARIATION SELECTOR-16}",
    "access_needs": "A room without stairs; 2 < 3 & \"quotes\" 'too' \\ =20 %41",
    "hopes": ".\nA line that is a full stop, and one that begins with From \nFrom here on.",
}
_EVERY_WAY: Posted = {
    "victim_supporter": "Kim Example, 07700 900 983",
    "contact_methods": ["phone", "text", "email", "post", "supporter"],
    "victim_email": "zoe.example@example.org",
    "victim_address": "1 Invented Row\nCanterbury\nCT1 2XX",
}
_ALL_OF_HARMED: Posted = {
    **_EVERY_WAY,
    **_NEEDS,
    "victim_name": "Zoë O’Example-Ñuñez",
    "offender_name": "Jo Example",
    "offender_relationship": "A neighbour",
}
_GUARDED: Posted = {
    "victim_age_group": "under_18",
    "guardian_name": "Zoë O’Example-Ñuñez",
    "guardian_contact": "01632 960 003",
}
_ALL_OF_OWN: Posted = {**_ALL_OF_HARMED, "offence_type": "burglary", "crime_reference": "46/00042/26"}
_LEFT: dict[Route, Posted] = {
    Route.MYSELF: {**_ALL_OF_OWN, **_GUARDED},
    Route.MY_CHILD: {**_ALL_OF_OWN, "kinship": "mother", "represented_age": "9"},
    Route.SOMEONE_WHO_DIED: {**_ALL_OF_OWN, "kinship": "sister"},
    Route.MY_BUSINESS: {**_ALL_OF_OWN, "lives_together": ""},
    Route.CONTACT_ME: {**_EVERY_WAY, **_LANGUAGE, "i_am": "harmed"},
    Route.PERSON_HARMED: {
        **_ALL_OF_HARMED,
        **_GUARDED,
        "relationship": "parent_or_guardian",
        "represented_name": "Sky Example",
        "offence_group": ["domestic", "sexual"],
        "victim_led": "yes",
    },
    Route.PERSON_RESPONSIBLE: {
        "offence_group": ["not_known"],
        "victim_led": "yes",
        "victim_name": "Alex Example",
        "victim_supporter": "Chris Example, officer in the case",
        "offender_relationship": "A neighbour",
        **_NEEDS,
    },
}


def free_text(route: Route) -> str:
    """Return the name of a question of the route that takes any text."""
    return "message" if route is Route.CONTACT_ME else "summary"


def a_referral(route: Route, **changes: str | list[str]) -> Posted:
    """Return the answers to a whole form; an empty change removes an answer."""
    posted = _EXAMPLES[route] | changes
    return {name: value for name, value in posted.items() if value}


def a_full_referral(route: Route, **changes: str | list[str]) -> Posted:
    """Return answers to every question of a route."""
    return a_referral(route, **{**_LEFT[route], **changes})
