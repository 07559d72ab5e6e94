"""The grammar: what it reads, what it refuses and where, and that writing a tree and reading it give the tree."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import QueryError
from core.rules.query import parse, render
from core.rules.syntax import (
    And,
    AtLeast,
    Cased,
    Exact,
    Field,
    Name,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Score,
    Term,
    Weighted,
    walk,
)

A, B, C = Term("a"), Term("b"), Term("c")


@pytest.mark.parametrize(
    ("rule", "tree"),
    [
        ("a b", And((A, B))),
        ("a AND b & c", And((A, B, C))),
        ("a OR b | c", Or((A, B, C))),
        ("a b OR c", Or((And((A, B)), C))),
        ("a NOT b", And((A, Not(B)))),
        ("a -b !c", And((A, Not(B), Not(C)))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("a [و] b [أو] c", Or((And((A, B)), C))),
        ("a [یا] b", Or((A, B))),
        ("a [ليس] b", And((A, Not(B)))),
        ("a [نه] b", And((A, Not(B)))),
        ("a و b", And((A, Term("و"), B))),
        ('"a b"', Phrase("a b")),
        ("«a b»", Phrase("a b")),
        ("“a b”~3", Phrase("a b", 3)),
        ("@qaani", Name("qaani")),
        ("title:a", Field("title", A)),
        ("title: (a b)", Field("title", And((A, B)))),
        ("NOT a NEAR b c", And((Not(Near("NEAR", A, B)), C))),
        ("a NEAR/2 b ONEAR c", Near("ONEAR", Near("NEAR", A, B, 2), C)),
        ("a [قرب/7] b", Near("NEAR", A, B, 7)),
        ("a [سپس/7] b", Near("ONEAR", A, B, 7)),
        ("a NOTNEAR/3 b", Near("NOTNEAR", A, B, 3)),
        ("a SENT b", Near("SENT", A, B, 0)),
        ("a [جملة] b", Near("SENT", A, B, 0)),
        ("ATLEAST/2(a, b, c)", AtLeast(2, (A, B, C))),
        ("SCORE/5(a^2, b OR c^-1x9)", Score(5, (Weighted(A, 2), Weighted(Or((B, C)), -1, 9)))),
        ("=a", Exact(A)),
        ('="a b"', Exact(Phrase("a b"))),
        ("{US}", Cased("US")),
        ("dron* *nuclear wom?n", And((Term("dron*"), Term("*nuclear"), Term("wom?n")))),
        ("F-35 الحشد_الشعبي Qa'ani", And((Term("F-35"), Term("الحشد_الشعبي"), Term("Qa'ani")))),
        ("ANDROID or NOTE", And((Term("ANDROID"), Term("or"), Term("NOTE")))),
        ("a # the first\n b", And((A, B))),
        ("\u200fقاآني\u200f", Term("قاآني\u200f")),
    ],
)
def test_a_rule_is_read(rule: str, tree: Node) -> None:
    assert parse(rule) == tree


@pytest.mark.parametrize(
    ("rule", "line", "column", "says"),
    [
        ("", 1, 1, "empty"),
        ("a AND", 1, 6, "too early"),
        ("(a b", 1, 5, "bracket"),
        ("a ) b", 1, 3, "does not belong"),
        ("a\nOR OR b", 2, 4, "does not belong"),
        ('قاآني "بغداد', 1, 7, "never closed"),
        ("titel:a", 1, 6, "did you mean title:?"),
        ("C++", 1, 2, "no meaning"),
        ("NOT a", 1, 5, "must not"),
        ("a OR NOT b", 1, 1, "must not"),
        ('""', 1, 1, "without a word"),
        ("a NEAR (b NOT c)", 1, 3, "NOTNEAR"),
        ("a NEAR/51 b", 1, 3, "limit"),
        ('x "a b"~51', 1, 3, "limit"),
        ("ATLEAST/3(a, b)", 1, 1, "of 2"),
        ("a \x00", 1, 3, "no meaning"),
    ],
)
def test_a_fault_is_told_with_its_place(rule: str, line: int, column: int, says: str) -> None:
    with pytest.raises(QueryError) as refused:
        parse(rule)
    assert (refused.value.line, refused.value.column) == (line, column)
    assert says in refused.value.message


@pytest.mark.parametrize(
    "rule",
    ["(" * 5000 + "a" + ")" * 5000, "a " * 500_000, "-" * 5000 + "a", "title:" * 5000 + "a", " NEAR ".join("a" * 5000)],
)
def test_a_monstrous_rule_is_refused_at_once(rule: str) -> None:
    began = time.process_time()
    with pytest.raises(QueryError):
        parse(rule)
    assert time.process_time() - began < 1


# --- parse(render(tree)) == tree -----------------------------------------------------------------------------------

WORDS = st.sampled_from(["a", "Qa'ani", "قاآني", "خامنه‌ای", "F-35", "الحشد_الشعبي", "AND1", "dron*", "not", "1405/04"])
TERMS = st.builds(Term, WORDS)
PHRASES = st.builds(Phrase, st.sampled_from(["a b", "فيلق القدس", 'he said "no"', "«a» b"]), st.integers(0, 5))
LEAVES = (
    TERMS
    | PHRASES
    | st.builds(Exact, TERMS | PHRASES)
    | st.builds(Cased, st.sampled_from(["US", "the PMF"]))
    | st.builds(Name, st.sampled_from(["qaani", "quds_force"]))
)


def _parts(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[tuple[Node, ...]]:
    return st.lists(nodes, min_size=2, max_size=3).map(tuple)


def _positive(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return nodes.filter(lambda node: not any(isinstance(part, Not) for part in walk(node)))


def _nodes(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    kinds = st.sampled_from(["NEAR", "ONEAR", "NOTNEAR"])
    near = _positive(inner)
    return (
        st.builds(And, _parts(inner))
        | st.builds(Or, _parts(inner))
        | st.builds(Not, inner)
        | st.builds(Field, st.sampled_from(["title", "lang"]), inner)
        | st.builds(Near, kinds, near, near, st.integers(0, 50))
        | st.builds(lambda left, right: Near("SENT", left, right, 0), near, near)
        | st.builds(lambda parts: AtLeast(2, parts), _parts(inner))
        | st.builds(
            lambda parts: Score(5, parts),
            st.lists(st.builds(Weighted, inner, st.integers(-5, 5), st.integers(1, 9)), min_size=1, max_size=3).map(
                tuple
            ),
        )
    )


TREES: st.SearchStrategy[Node] = st.recursive(LEAVES, _nodes, max_leaves=8)


@given(TREES)
def test_a_tree_that_is_written_is_read_as_the_same_tree(tree: Node) -> None:
    wanted = And((Term("x"), tree))  # never purely negative
    assert parse(render(wanted)) == wanted
