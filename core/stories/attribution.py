"""To which outlets a text attributes what it says: «نقلاً عن رويترز», «به گزارش ایسنا», "according to Tasnim". Pure.

It knows how three languages cite, and takes the outlets' names from a lexicon and from the sources themselves.
It does not judge: whom an outlet cites makes the two linked (core.stories.carriage), nothing more.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from core.errors import ConfigError, Fault
from core.model import Readable, Source
from core.stories.phrases import Found, Phrases
from core.text import fold, tokenise

READ = 250  # words of a text: who is cited is told early
WINDOW = 5  # words between a cue and a name of several words, or in Latin letters

_CUES = """
نقلا عن, نقلا, بحسب, حسب, وفق, وفقا, استنادا إلى,
به نقل از, به گزارش, بنا به گزارش, بنابر گزارش, بنا بر گزارش, طبق گزارش, براساس گزارش, بر اساس گزارش,
به گفته, به گفتهٔ, به نوشته, به نوشتهٔ, با استناد به,
according to, citing, cites, quoting, quoted by, reported by, reports by
"""
_CLOSE_CUES = """
نقلت, نقل, ذكرت, ذكر, أفادت, أفاد, أوردت, كشفت, قالت, بثت, نشرت, المصدر, في حديث,
لوكالة, لصحيفة, لقناة, لشبكة, لموقع, لإذاعة,
منبع, در گفت‌وگو با, در گفتگو با, در مصاحبه با,
told, via, source, interview with
"""
_VERBS = """
ذكرت, أفادت, نقلت, قالت, أوردت, كشفت,
گزارش داد, گزارش کرد, نوشت, خبر داد, مدعی شد,
reported, reports, said, says, wrote
"""
_KINDS = """
وكالة, وكالات, أنباء, الأنباء, قناة, شبكة, صحيفة, موقع, إذاعة, تلفزيون, مراسل, تقرير,
خبرگزاری, خبرنگار, روزنامه, شبکه, پایگاه, خبری, سایت, وب‌سایت, تلویزیون, رادیو, کانال, تلگرامی,
the, a, an, news, agency, network, channel, newspaper, daily, website, broadcaster, report, reports, by, from,
state, official, semi
"""
_ENDS = re.compile(r"[.!?؟;؛\n]")


class _Name(NamedTuple):
    ids: frozenset[str]
    plain: bool  # its own in any sentence; one word of Arabic letters may be another word: العالم, مهر


@dataclass(frozen=True, slots=True)
class _Way:
    """A way of citing. `close`: only words like "agency" may stand between it and the name. `after`: it follows it."""

    close: bool
    after: bool = False


class Outlets:
    """The names of outlets, compiled. Immutable."""

    def __init__(self, names: Phrases[_Name], titles: dict[str, str]) -> None:
        self._names = names
        self._titles = titles

    def cited(self, readable: Readable) -> frozenset[str]:
        """The ids of sources that a text cites, and of outlets that are no sources; its own source's are left out."""
        found = {id_ for text in (readable.title, readable.text or readable.summary) for id_ in self._cited(text)}
        return frozenset(found - {readable.source} - self._namesakes(readable.source))

    def title(self, outlet: str) -> str:
        """The name of an outlet that is no source; its id where nobody knows it."""
        return self._titles.get(outlet, outlet)

    def _namesakes(self, source: str) -> set[str]:
        """Sources of the same name: an outlet in another language."""
        own = self._titles.get(source)
        return {id_ for id_, title in self._titles.items() if title == own}

    def _cited(self, text: str) -> Iterator[str]:
        tokens = tokenise(text[: READ * 8])[:READ]
        words = [token.form for token in tokens]
        ways = list(_ways().find(words))
        names = list(self._names.find(words)) if ways else []
        if not names:
            return
        kinds = {place for found in _kinds().find(words) for place in range(found.start, found.end)}
        gaps = [text[one.end : other.start] for one, other in pairwise(tokens)]
        for name in names:
            if any(_cites(way, name, kinds, gaps) for way in ways):
                yield from name.value.ids


def compile_outlets(text: str, sources: Iterable[Source], *, file: str = "outlets.txt") -> Outlets:
    """Outlets from a lexicon (id | Arabic | Persian | English) and the sources. Raises ConfigError with all faults.

    A source is the outlet that has the source's name among its forms; a channel is also known by its handle.
    """
    lexicon = list(_lexicon(text, file))
    owners: dict[str, set[str]] = {}
    titles = {id_: forms[-1] for id_, forms in lexicon if forms}
    known = list(sources)
    for id_, forms in lexicon:
        mine = {source.id for source in known if fold_all(source.name) in set(map(fold_all, forms))}
        for form in forms:
            owners.setdefault(form, set()).update(mine or {id_})
    for source in known:
        titles[source.id] = source.name
        for form in (source.name, *_handle(source)):
            owners.setdefault(form, set()).add(source.id)
    return Outlets(Phrases((form, _Name(frozenset(ids), _is_plain(form))) for form, ids in owners.items()), titles)


def fold_all(text: str) -> tuple[str, ...]:
    """The folded words of a name."""
    return tuple(token.form for token in tokenise(text))


def _lexicon(text: str, file: str) -> Iterator[tuple[str, list[str]]]:
    """Each outlet with its forms, the one to be shown last."""
    faults = []
    for place, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        id_, *columns = (column.strip() for column in line.split("|"))
        if not id_ or len(columns) != 3 or not columns[2]:
            faults.append(Fault(place, 1, "an outlet is written: id | Arabic | Persian | English", line))
            continue
        *others, english = columns
        shown, *more = (form.strip() for form in english.split(","))
        forms = [form.strip() for column in others for form in column.split(",")]
        yield id_, [form for form in (*forms, *more, shown) if form]
    if faults:
        raise ConfigError(file, tuple(faults))


def _handle(source: Source) -> list[str]:
    found = re.match(r"https?://t\.me/(?:s/)?(\w+)", source.url)
    return [found.group(1)] if found else []


def _is_plain(form: str) -> bool:
    words = form.split()
    return len(words) > 1 or fold(form).isascii()


def _cites(way: Found[_Way], name: Found[_Name], kinds: set[int], gaps: list[str]) -> bool:
    """Whether a way of citing reaches a name: in one sentence, close enough. `gaps` are what stands after each word."""
    start, end = (name.end, way.start) if way.value.after else (way.end, name.start)
    if not 0 <= end - start <= WINDOW or any(map(_ENDS.search, gaps[start - 1 : end])):
        return False
    return all(place in kinds for place in range(start, end)) or (name.value.plain and not way.value.close)


@cache
def _ways() -> Phrases[_Way]:
    ways = ((_CUES, _Way(close=False)), (_CLOSE_CUES, _Way(close=True)), (_VERBS, _Way(close=True, after=True)))
    return Phrases((form.strip(), way) for forms, way in ways for form in re.split(r"[,\n]", forms))


@cache
def _kinds() -> Phrases[None]:
    return Phrases((form.strip(), None) for form in re.split(r"[,\n]", _KINDS))
