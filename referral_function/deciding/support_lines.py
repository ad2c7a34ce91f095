"""Whom a support line of the service's data helps."""

from enum import StrEnum


class Helps(StrEnum):
    """Whom a support line helps, as `helps` in service.yml says it."""

    ANYONE = "anyone"
    CHILD = "child"
    SEXUAL = "sexual"
    DOMESTIC = "domestic"
    DEATH = "death"
    DISTRESS = "distress"
