"""The words that the archive holds: spellings of a name that occur in it, and mentions that its rules just miss."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice, product

from sqlalchemy import Connection, text

from archive.asking import articles_with
from archive.search import articles
from core.clitics import is_arabic_script
from core.model import Article, Draft, NameSet
from core.names.spellings import sounds_like
from core.rules.candidates import any_of, of_phrases, of_sequences
from core.rules.explain import Explainer, Reason
from core.rules.match import compile_rules
from core.rules.patterns import name_entry, sequences
from core.text import tokenise

MOST_WORDS = 12  # spellings of one word of a name that are tried in combination, in each script
COUNTED = 10_000  # articles; more are told as so many
RAREST = 1


@dataclass(frozen=True, slots=True)
class Spelling:
    """A spelling that occurs: in how many articles, one of them, and the names that it already counts for."""

    form: str
    count: int
    sample: Article
    found_as: tuple[str, ...]


def suggest(conn: Connection, name: str, names: Mapping[str, NameSet]) -> list[Spelling]:
    """Spellings of `name`, in every script, that articles hold; the most frequent first."""
    words = [token.form for token in tokenise(name)]
    vocabulary = _vocabulary(conn)
    alike = [[word for word in vocabulary if sounds_like(wanted, word)] for wanted in words]
    rules = compile_rules(names, {})
    found: list[Spelling] = []
    for form in _combined(alike):
        count, sample = _articles_with(conn, form)
        if sample is not None:
            known = rules.match(Draft("", "", "", form)).names
            found.append(Spelling(form, count, sample, tuple(hit.name for hit in known)))
    return sorted(found, key=lambda each: (-each.count, each.form))


def _combined(alike: list[list[str]]) -> Iterator[str]:
    """Every choice of one spelling for each word, of one script."""
    for arabic in (True, False):
        choices = [[word for word in words if is_arabic_script(word) == arabic][:MOST_WORDS] for words in alike]
        yield from (" ".join(choice) for choice in product(*choices) if choice)


def _vocabulary(conn: Connection) -> list[str]:
    """Every word of the index, the most frequent first."""
    question = _LEXEMES if conn.dialect.name == "postgresql" else _TERMS
    return [row.word for row in conn.execute(question, {"least": RAREST})]


_TERMS = text("SELECT term AS word FROM article_words_known WHERE doc >= :least ORDER BY doc DESC")
_LEXEMES = text(
    """SELECT word FROM ts_stat('SELECT words FROM article_words') WHERE ndoc >= :least ORDER BY ndoc DESC"""
)


def _articles_with(conn: Connection, form: str) -> tuple[int, Article | None]:
    """How many articles the index proposes for a spelling, and the last of them."""
    count, newest = 0, None
    with closing(articles_with(conn, of_phrases(sequences(form)))) as pages:
        for ids in pages:
            newest = newest or ids[0]
            count += len(ids)
            if count >= COUNTED:
                break
    return count, articles(conn, [newest])[0] if newest else None


def near_misses(
    conn: Connection, name: NameSet, names: Mapping[str, NameSet], limit: int
) -> list[tuple[Article, Reason]]:
    """The last mentions that did not count though a form of the name stands there, each with what was missing."""
    entries = [form.text for form in name.forms + name.weak if not form.text.startswith("@")]
    wanted = any_of(of_sequences(name_entry(entry)) for entry in entries)
    explainer = Explainer(names, {})
    with closing(articles_with(conn, wanted)) as pages:
        found = (
            (each, reason)
            for ids in pages
            for each in articles(conn, ids)
            for reason in explainer.explain(each).mentions
            if reason.name == name.id and reason.counts != "yes" and not _covered(reason)
        )
        return list(islice(found, limit))


def _covered(reason: Reason) -> bool:
    """Whether a mention lies inside one that counts: nothing is missed there."""
    return "inside a longer mention" in reason.why
