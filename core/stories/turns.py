"""What an article says of something grave: whether it claims it, denies it, and whom it cites. Pure.

Only what is watched counts, and only the headline and the lead: further down stand other days' claims and denials.
A denial is near the watched matter, since «رد کرد» is mostly a ceasefire that was rejected and "false" an alarm.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Literal

from core.model import FieldName, Matches, Readable, Span
from core.stories.attribution import Outlets
from core.stories.phrases import Found, Phrases
from core.stories.standing import Account
from core.text import Token, tokenise

LEAD = 60  # words of the body
NEAR = 12  # words between a denial and what it denies

_Kind = Literal["plain", "weak", "not", "undone"]

# Plain ones deny what they stand near; weak ones only next to a grave word. A denial is none after "not", nor before
# what undoes it: «لم ينفِ», «تکذیب نکرد».
_DENIALS: dict[str, dict[_Kind, str]] = {
    "ar": {
        "plain": """نفى, نفت, نفوا, ينفي, تنفي, ينفون, نفي, نافيا, نافية, تكذيب, كذب, كذبت, يكذب, تكذب, دحض, يدحض,
            فند, فندت, يفند, عار عن الصحة, عارية عن الصحة, عاريا عن الصحة, لا صحة, غير صحيح, غير صحيحة, غير دقيق,
            غير دقيقة, لا أساس له, لا أساس لها, مجرد شائعة, مجرد شائعات, مجرد إشاعة, على قيد الحياة,
            حي يرزق, بصحة جيدة""",
        "weak": "رفض, يرفض, رفضت",
        "not": "لم, ولم, لن, ولن, لا, ولا, دون, بدون, عدم",
    },
    "fa": {
        "plain": """تکذیب, صحت ندارد, صحت ندارند, کذب است, کذب محض, کذب بودن, شایعه است, شایعه‌ای بیش نیست, بی‌اساس,
            بی‌پایه, واقعیت ندارد, خلاف واقع, نادرست است, عاری از صحت, در سلامت کامل, در صحت و سلامت, زنده است,
            سالم است""",
        "weak": "رد کرد, رد کرده, رد کردند, رد می‌کند, رد شد",
        "not": "نه",
        "undone": "نکرد, نکرده, نکردند, نکرده‌اند, نشد, نشده, نشده‌است, نمی‌کند, نمی‌کنند",
    },
    "en": {
        "plain": """deny, denies, denied, denying, denial, refute, refutes, refuted, debunk, debunks, debunked,
            no truth, not true, untrue, baseless, unfounded, fabricated, is alive, alive and well, in good health""",
        "weak": "false, reject, rejects, rejected, dismiss, dismisses, dismissed",
        "not": "not, never, nor, neither, without, declined to confirm or, refused to confirm or, confirmed or",
    },
}
_REACH = 3  # words


def account_of(draft: Readable, matches: Matches, outlets: Outlets | None = None) -> Account:
    """What a draft says, by what the rules found in it. `outlets` are those whose names it may cite."""
    denies = denies_watched(draft, matches)
    return Account(
        grave=any(hit.grave for hit in matches.topics) and not denies,
        denies=denies,
        cites=outlets.cited(draft) if outlets is not None else frozenset(),
    )


def denies_watched(draft: Readable, matches: Matches) -> bool:
    """Whether the headline or the lead denies something of what the rules found."""
    return any(_denied(draft, matches))


def headline_denies(draft: Readable, matches: Matches) -> bool:
    """Whether the headline does."""
    return "title" in _denied(draft, matches)


def _denied(draft: Readable, matches: Matches) -> Iterator[FieldName]:
    """The fields in which something watched is denied."""
    grave = {span for hit in matches.topics for span in hit.grave}
    watched = {span for hit in matches.topics for span in hit.spans} | {
        span for hit in matches.names for span in hit.spans
    }
    fields: tuple[FieldName, ...] = ("title", "text" if draft.text else "summary")
    for field in fields if matches.topics else ():
        tokens = tokenise(getattr(draft, field)[: LEAD * 15])[:LEAD]
        for denial in _denials(tokens, draft.language):
            if _near(denial, field, tokens, grave if denial.value == "weak" else grave | watched):
                yield field


def _denials(tokens: list[Token], language: str | None) -> list[Found[_Kind]]:
    """The denials that stand: neither negated before nor undone behind."""
    found = list(_vocabulary(language).find([token.form for token in tokens]))
    void = {place for each in found if each.value == "not" for place in range(each.end, each.end + _REACH)}
    void |= {place for each in found if each.value == "undone" for place in range(each.start - _REACH, each.start)}
    return [each for each in found if each.value in ("plain", "weak") and each.start not in void]


def _near(denial: Found[_Kind], field: FieldName, tokens: list[Token], spans: Iterable[Span]) -> bool:
    starts = [token.start for token in tokens]
    places = (bisect_left(starts, span.start) for span in spans if span.field == field)
    return any(place < len(tokens) and abs(place - denial.start) <= NEAR for place in places)


@cache
def _vocabulary(language: str | None) -> Phrases[_Kind]:
    """Persian «نفت» is oil, Arabic «رد» an answer: a known language has only its own words."""
    spoken = [_DENIALS[language]] if language in _DENIALS else list(_DENIALS.values())
    return Phrases((form.strip(), kind) for forms in spoken for kind, text in forms.items() for form in text.split(","))
