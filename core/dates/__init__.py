"""Printed dates in three languages and three calendars → instants."""

from core.dates.printed import parse_date

__all__ = ["parse_date"]
