"""Whether an edit changed what an article says: a headline that turns, a watched name that comes or goes. Pure.

Everything else is only kept, with its diff (core.worddiff). Where a text first arrives in full nothing was edited.
"""

from core.model import Edit, FieldName, Matches, Readable
from core.stories.turns import LEAD, headline_denies
from core.text import tokenise


def edit_of(former: Readable, before: Matches, present: Readable, after: Matches) -> Edit | None:
    """What of an edit its readers are told, by what the rules found in both texts; None: nothing that turns it."""
    then, now = _named(former, before), _named(present, after)
    entered = tuple(word for name, word in now.items() if name not in then)
    left = tuple(word for name, word in then.items() if name not in now)
    turned = _turn(former, before) != _turn(present, after)
    if not (entered or left or turned):
        return None
    said = _words(former.title)
    return Edit(former.title if said and said != _words(present.title) else "", entered, left)


def _turn(article: Readable, found: Matches) -> tuple[bool, bool]:
    """Whether the headline claims something grave, and whether it denies something."""
    grave = any(span.field == "title" for hit in found.topics for span in hit.grave)
    return grave, headline_denies(article, found)


def _named(article: Readable, found: Matches) -> dict[str, str]:
    """The names of the headline and the lead, and how they are written there.

    Further down stands background, which comes and goes.
    """
    field: FieldName = "text" if article.text else "summary"
    lead = tokenise(getattr(article, field)[: LEAD * 15])[:LEAD]
    ends = {"title": len(article.title), field: lead[-1].end if lead else 0}
    told = [(hit.name, span) for hit in found.names for span in hit.spans if span.end <= ends.get(span.field, 0)]
    return {name: getattr(article, span.field)[span.start : span.end] for name, span in reversed(told)}


def _words(text: str) -> list[str]:
    return [token.form for token in tokenise(text)]
