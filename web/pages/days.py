"""Choosing a day for a search in any of three calendars: a table of links, so it works without scripts."""

from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from core import tongue
from core.dates.calendars import Calendar, from_date, month_title
from core.dates.months import CALENDARS, Month, month_of, neighbours
from core.errors import InputError
from core.rules.periods import period
from web.reader import reader_of
from web.rendering import page
from web.site import Site

_HOME: dict[str, Calendar] = {"en": "gregorian", "ar": "gregorian", "fa": "jalali"}
_LAST_DAY = date(2077, 11, 1)  # the Hijri calendar of the library ends soon after


def days(request: Request) -> Response:
    """/search/days: `choose` since or until; `calendar`, and `day`, a date in the month that is shown."""
    site: Site = request.app.state.site
    language = reader_of(request, site.settings.timezone).language
    asked = request.query_params
    named = asked.get("calendar", "")
    calendar = next((each for each in CALENDARS if each == named), _HOME[language])
    choosing = "until" if asked.get("choose") == "until" else "since"
    today = site.now().date()
    week = tongue.weekdays(language)
    shown = _day(asked.get("day") or asked.get(choosing, "")) or today
    month = month_of(calendar, shown, begins=week[0][0]) or month_of("gregorian", today, begins=week[0][0])
    assert month is not None  # today has one
    before, after = neighbours(month)
    return page(
        request,
        "days.html",
        query=asked.get("q", ""),
        month=month,
        title=title_of(month, language),
        others=[
            f"{_title(each, month.first, language)} – {_title(each, month.last, language)}"
            for each in CALENDARS
            if each != month.calendar
        ],
        week=[name for _, name in week],
        calendars=CALENDARS,
        choosing=choosing,
        chosen={day for key in ("since", "until") if (day := _day(asked.get(key, "")))},
        today=today,
        before=before,
        after=after,
    )


def title_of(month: Month, language: str) -> str:
    """A month and its year, as the language writes them."""
    return _title(month.calendar, month.first, language)


def _title(calendar: Calendar, day: date, language: str) -> str:
    year, number, _ = from_date(calendar, day)
    name = tongue.month(language, number) if calendar == "gregorian" else month_title(calendar, number, language)
    return f"{name} {tongue.digits(language, str(year))}"


def _day(text: str) -> date | None:
    try:
        found = period(text)[0].date()
    except InputError:
        return None
    return found if date(1950, 1, 1) <= found <= _LAST_DAY else None
