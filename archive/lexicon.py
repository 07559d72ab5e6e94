"""The shipped lexicons, compiled once: the concepts that stories are told apart by, and how outlets name each other."""

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

from core.model import NameSet, Source
from core.stories.attribution import Outlets, compile_outlets
from core.stories.concepts import Concepts, compile_concepts


def concepts_of(names: Mapping[str, NameSet]) -> Concepts:
    """The lexicon with the sure forms of `names`."""
    return _compiled(tuple((name.id, name.forms) for name in names.values()))


@lru_cache(maxsize=4)
def _compiled(names: tuple[tuple[str, tuple[object, ...]], ...]) -> Concepts:
    sets = {id_: NameSet(id_, {}, forms) for id_, forms in names}  # type: ignore[arg-type]  # they are Forms: hashable
    return compile_concepts(_text(), sets)


@cache
def _text() -> str:
    return (files("lexicon") / "concepts.txt").read_text(encoding="utf-8")


@lru_cache(maxsize=4)
def outlets_of(sources: tuple[tuple[str, str, str, str], ...]) -> Outlets:
    """How outlets are named by others; a source is given by its id, name, kind and address."""
    text = (files("lexicon") / "outlets.txt").read_text(encoding="utf-8")
    return compile_outlets(text, [Source(*each) for each in sources])
