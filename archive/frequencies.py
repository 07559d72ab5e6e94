"""How rare words and concepts are, counted as articles come in. Exact to within the last minute: a crash loses that.

What is so rare that core.stories.pieces knows no difference is forgotten, so that memory and table stay flat.
"""

from collections import Counter
from functools import cache

from sqlalchemy import Connection, delete, select

from archive.conflict import Insert, insert
from archive.schema import frequency
from core.stories.pieces import Frequencies

RARE = 6_000  # a word in less than one of so many articles weighs as much as the rarest
PRUNED_EVERY = 20_000  # articles of a language
FLUSHED_EVERY = 1_000  # articles

ARTICLES = ""  # the term under which the articles of a language are counted


class Counted:
    """The counts as of when they were read, with what this process has counted since."""

    def __init__(self) -> None:
        self.known = Frequencies()
        self._new: Counter[tuple[str, str]] = Counter()
        self._articles = 0  # counted since the last flush

    def read(self, conn: Connection) -> None:
        """Start from the archive's counts."""
        for language, term, articles in conn.execute(_ALL):
            self._add(language, term, articles)

    def count(self, language: str, words: set[str], concepts: set[str]) -> None:
        """Count one more article."""
        self.known.count(language, words, concepts)
        self._new.update((language, term) for term in (ARTICLES, *words, *concepts))
        self._articles += 1

    @property
    def is_due(self) -> bool:
        return self._articles >= FLUSHED_EVERY

    def flush(self, conn: Connection) -> None:
        """Add what was counted since the last time to the archive's counts."""
        rows = [{"language": at[0], "term": at[1], "articles": count} for at, count in sorted(self._new.items())]
        grown = {language for language, term in self._new if term == ARTICLES and self._crossed(language)}
        if rows:
            conn.execute(_adding(conn.dialect.name), rows)
        for language in grown:
            self._prune(conn, language)
        self._new, self._articles = Counter(), 0

    def _crossed(self, language: str) -> bool:
        now, new = self.known.articles[language], self._new[language, ARTICLES]
        return now // PRUNED_EVERY > (now - new) // PRUNED_EVERY

    def _prune(self, conn: Connection, language: str) -> None:
        least = self.known.articles[language] // RARE
        conn.execute(delete(frequency).where(frequency.c.language == language, frequency.c.articles < least))
        for counts in (self.known.words.get(language), self.known.concepts.get(language)):
            for term in [term for term, count in (counts or Counter()).items() if count < least]:
                del counts[term]  # type: ignore[union-attr]  # None has no terms

    def _add(self, language: str, term: str, articles: int) -> None:
        if term == ARTICLES:
            self.known.articles[language] += articles
        else:
            kind = self.known.concepts if is_concept(term) else self.known.words
            kind.setdefault(language, Counter())[term] += articles


def is_concept(term: str) -> bool:
    """A concept's id has a dot or a sign, a folded word has neither."""
    return not term.isalnum()


_ALL = select(frequency.c.language, frequency.c.term, frequency.c.articles)


@cache
def _adding(dialect: str) -> Insert:
    statement = insert(dialect, frequency)
    return statement.on_conflict_do_update(
        index_elements=["language", "term"], set_={"articles": frequency.c.articles + statement.excluded.articles}
    )
