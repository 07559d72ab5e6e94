"""Cards, sendings and topics to render, written for these tests."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from core.messages import Card, Notice, Sending, Subscriber
from core.model import Level, Span, Topic

PUBLISHED = datetime(2026, 11, 22, 11, 5, tzinfo=UTC)

TOPICS = {
    "bridge": Topic("bridge", {"en": "The bridge", "ar": "الجسر", "fa": "پل"}, "bridge", "breaking"),
    "council": Topic("council", {"en": "The council", "ar": "المجلس", "fa": "شورا"}, "council"),
}

TEXTS = {
    "en": "The river rose for a third day. The old bridge was closed to lorries on Sunday, the council said, "
    "and a ferry runs every half hour (line 401). Work on the F-35 road goes on.",
    "ar": "ارتفع منسوب النهر لليوم الثالث. وأُغلق الجسر القديم أمام الشاحنات يوم الأحد، بحسب المجلس، "
    "وتعمل عبّارة كل نصف ساعة (الخط 401). ويستمر العمل في طريق F-35.",
    "fa": "آب رودخانه برای سومین روز بالا آمد. پل قدیمی روز یکشنبه به روی کامیون‌ها بسته شد و به گفتهٔ شورا "
    "قایقی هر نیم ساعت می‌رود (خط ۴۰۱). کار روی جادهٔ F-35 ادامه دارد.",
}
TITLES = {
    "en": "Old bridge closed as river rises",
    "ar": "إغلاق الجسر القديم مع ارتفاع النهر",
    "fa": "پل قدیمی با بالا آمدن رودخانه بسته شد",
}
MATCHED = {"en": "bridge", "ar": "الجسر", "fa": "پل"}


def subscriber(language: str, timezone: str | None = None) -> Subscriber:
    zone = timezone or ("Asia/Tehran" if language == "fa" else "Asia/Baghdad")
    return Subscriber(1, "telegram", 5, language, zone, True, frozenset())


def card(
    language: str = "en",
    *,
    title: str | None = None,
    text: str | None = None,
    summary: str = "",
    url: str = "https://example.org/news/1?a=1&b=2",
    source_name: str = "The Morning Paper",
    affiliation: str = "private",
    published: datetime | None = PUBLISHED,
    topics: tuple[tuple[str, Level], ...] = (("bridge", "breaking"), ("council", "normal")),
    spans: tuple[Span, ...] | None = None,
    also: tuple[str, ...] = (),
    **standing: Any,
) -> Card:
    body = TEXTS[language] if text is None else text
    at = body.find(MATCHED[language])
    found = (Span("text", at, at + len(MATCHED[language])),) if at >= 0 else ()
    return Card(
        story=1,
        article=1,
        title=TITLES[language] if title is None else title,
        summary=summary,
        text=body,
        url=url,
        language=language,
        source="morning",
        source_name=source_name,
        affiliation=affiliation,
        published=published,
        fetched=PUBLISHED + timedelta(minutes=1, seconds=20),
        recorded=PUBLISHED + timedelta(minutes=1, seconds=21),
        topics=topics,
        spans=found if spans is None else spans,
        also=also,
        **standing,
    )


def sending(*cards: Card, language: str = "en", kind: Literal["alert", "digest"] = "alert", total: int = 0) -> Sending:
    return Sending((1,), subscriber(language), kind, cards, 0, PUBLISHED, total)


DOUBT = Notice("changed_hands", {"source": "شبكة الرافدين", "id": "tg-rafidain", "reason": "its title changed"})
_ILL = {"source": "وكالة الأنباء", "id": "agency", "reason": "answered 403"}
HEALTH = (
    *(Notice(f"health_{state}", _ILL) for state in ("failing", "blocked", "gone", "empty", "quiet")),
    *(Notice(f"health_{state}", _ILL) for state in ("thin", "encoding", "undated", "well")),
    Notice("health_moved", _ILL | {"reason": "https://new.example/feed"}),
    Notice("related_failures", {"label": ".iq", "sources": "شفق, INA, ایرنا, …"}),
    Notice("related_well", {"label": ".iq", "sources": "شفق, INA, ایرنا, …"}),
    Notice("line_down", {}),
    Notice("line_up", {}),
    Notice("burst", {"source": "شفق", "id": "shafaq", "count": "120"}),
)
PROBE = Notice("probe_answers", {"source": "وكالة الأنباء", "id": "agency"})


def notices(*told: Notice, language: str = "en") -> Sending:
    """What an admin is told of the monitor itself."""
    rows = tuple(range(1, len(told) + 1))
    return Sending(rows, subscriber(language), "notice", (), attempt=0, born=PUBLISHED, notices=told)
