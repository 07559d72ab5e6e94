"""The words that the archive holds: spellings of a name that occur in it, and mentions that its rules just miss."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice, product

from sqlalchemy import Connection, select, text

from archive.asking import articles_with
from archive.rows import articles
from archive.schema import article
from core.clitics import is_arabic_script
from core.model import Article, Draft, NameSet
from core.names.spellings import one_edit_apart, sounds_like
from core.rules.candidates import any_of, of_phrases, of_sequences
from core.rules.explain import Explainer, Reason
from core.rules.match import compile_rules
from core.rules.patterns import name_entry, sequences
from core.text import tokenise

MOST_WORDS = 12  # spellings of one word of a name that are tried in combination, in each script
COUNTED = 10_000  # articles; more are told as so many
RAREST = 1
LONG_ENOUGH = 5  # letters
SAMPLED = 300  # articles by which words are taken for rare or common


@dataclass(frozen=True, slots=True)
class Spelling:
    """A spelling that occurs: in how many articles, one of them, and the names that it already counts for."""

    form: str
    count: int
    sample: Article
    found_as: tuple[str, ...]


def frequencies(conn: Connection) -> Counter[str]:
    """How many of the last SAMPLED articles hold a word: which of a rule's words are rare here and now."""
    newest = select(article.c.title, article.c.text).order_by(article.c.id.desc()).limit(SAMPLED)
    forms = ({token.form for token in tokenise(f"{row.title}\n{row.text}")} for row in conn.execute(newest))
    return Counter(form for each in forms for form in each)


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
    """SELECT word FROM ts_stat('SELECT words FROM article_words')
       WHERE ndoc >= :least AND left(word, 1) <> '#' ORDER BY ndoc DESC"""
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
    conn: Connection, name: NameSet, names: Mapping[str, NameSet], limit: int, *, most: int | None = None
) -> list[tuple[Article, Reason]]:
    """The last mentions that did not count though a form of the name stands there, each with what was missing.

    `most`: only so many of the newest articles with a form are looked at.
    """
    entries = [form.text for form in name.forms + name.weak if not form.text.startswith("@")]
    wanted = any_of(of_sequences(name_entry(entry)) for entry in entries)
    explainer = Explainer(names, {})
    with closing(articles_with(conn, wanted)) as pages:
        found = (
            (each, reason)
            for each in islice((each for ids in pages for each in articles(conn, ids)), most)
            for reason in explainer.explain(each).mentions
            if reason.name == name.id and reason.counts != "yes" and not _covered(reason)
        )
        return list(islice(found, limit))


def one_letter_off(conn: Connection, name: NameSet, names: Mapping[str, NameSet], limit: int) -> list[Spelling]:
    """Words of the archive that are one letter from a form of one word of the name, and count for no name yet.

    The most frequent first. Short forms are left out: too many words are one letter from them.
    """
    entries = {token[0].form for form in name.forms + name.weak if len(token := tokenise(form.text)) == 1}
    long = [form for form in entries if len(form) >= LONG_ENOUGH]
    rules = compile_rules(names, {})
    found: list[Spelling] = []
    for word in _vocabulary(conn):
        near = word not in entries and any(one_edit_apart(form, word) for form in long)
        if near and not rules.match(Draft("", "", "", word)).names:
            count, sample = _articles_with(conn, word)
            if sample is not None:
                found.append(Spelling(word, count, sample, ()))
        if len(found) == limit:
            break
    return found


def _covered(reason: Reason) -> bool:
    """Whether a mention lies inside one that counts: nothing is missed there."""
    return reason.ground == "inside"
