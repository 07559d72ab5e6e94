"""Nothing but the guarded crawl goes out to the web: read from the imports, not from good intentions."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# What can open a connection, by the name under which it is imported.
NETWORK = frozenset(
    """socket ssl http.client urllib.request urllib3 requests httpx httpcore aiohttp websockets ftplib smtplib poplib
    imaplib telnetlib xmlrpc socketserver asyncore python_socks socks pycurl treq paramiko dns aiodns
    trafilatura.downloads twisted.web.client twisted.internet.endpoints twisted.internet.reactor twisted.names
    scrapy.core.downloader urllib.robotparser feedparser.http scrapy.shell lxml.html.submit_form""".split()  # noqa: SIM905 (a list of forty)
)
CALLS = frozenset({"open_connection", "create_connection", "urlopen", "urlretrieve", "fetch_url", "fetch_response"})
# The parsers that can fetch by themselves must be given bytes: what they are called with is looked at as well.
PARSERS = {"feedparser.parse": "io.BytesIO(", "etree.parse": None, "html.parse": None, "lxml.html.parse": None}

DOORS = {
    "spiders/guard.py": "looks names up, and connects to nothing",
    "spiders/handler.py": "the door itself",
    "spiders/proxying.py": "the door's way through a proxy",
    "spiders/engine.py": "installs the reactor, with the guard as its resolver",
}
# Who goes elsewhere: to Telegram and the operator's own webhooks; to nobody, for a name of this machine or a newsroom
# on loopback.
ELSEWHERE = {
    "alerts": frozenset({"httpx", "aiohttp"}),
    "alerts/webhook.py": frozenset({"aiohttp", "socket"}),  # a socket of its own refuses private addresses
    "alerts/bot/hook.py": frozenset({"aiohttp", "aiohttp.web"}),  # listens
    "monitor/presence.py": frozenset({"socket"}),
    "monitor/signs.py": frozenset({"socket", "aiohttp"}),  # systemd's socket, and the operator's own ping
    "monitor/doctor.py": frozenset({"socket"}),  # asks for names, connects to nothing
    "demo/server.py": frozenset({"socket"}),
    "demo/show.py": frozenset({"socket"}),
}


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[str]:
    """Every name that is imported, wherever in the module: of `from a import b` both a and a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def network(tree: ast.AST) -> set[str]:
    """What of the network a module imports or calls by name."""
    names = {name for name in imported(tree) if any(name == each or name.startswith(f"{each}.") for each in NETWORK)}
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return names | {func.attr for func in called if isinstance(func, ast.Attribute) and func.attr in CALLS}


@pytest.mark.parametrize(
    "file",
    [*modules("spiders", "core", "archive", "alerts", "cli", "web", "demo", "monitor"), *ROOT.glob("s*.py")],
    ids=lambda file: str(file.relative_to(ROOT)),
)
def test_no_module_but_the_door_opens_a_connection(file: Path) -> None:
    name = str(file.relative_to(ROOT))
    found = network(ast.parse(file.read_text("utf-8")))
    allowed = ELSEWHERE.get(name) or ELSEWHERE.get(name.partition("/")[0], frozenset())
    assert name in DOORS or found <= allowed, f"{name} reaches the network by {found}"


def test_every_door_that_is_named_is_one() -> None:
    for name in DOORS:
        assert network(ast.parse((ROOT / name).read_text("utf-8"))), f"{name} needs no exception any more"


@pytest.mark.parametrize("file", [*modules("spiders/readers")], ids=lambda file: file.name)
def test_parsers_are_given_bytes_and_never_an_address(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and (called := ast.unparse(node.func)) in PARSERS:
            wanted = PARSERS[called]
            assert wanted, f"{called} can fetch: use fromstring"
            assert ast.unparse(node.args[0]).startswith(wanted)
        if isinstance(node, ast.Call) and any(part in ast.unparse(node.func) for part in ("XMLParser", "HTMLParser")):
            given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
            assert given.get("no_network") == "True"
            assert given.get("huge_tree", "False") == "False"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import socket", {"socket"}),
        ("from urllib.request import urlopen", {"urllib.request", "urllib.request.urlopen"}),
        ("def f():\n    import httpx.client", {"httpx.client"}),
        ("from urllib.parse import urlsplit", set()),
        ("import asyncio\nasyncio.open_connection('a', 1)", {"open_connection"}),
    ],
)
def test_this_test_sees_what_it_looks_for(text: str, found: set[str]) -> None:
    assert network(ast.parse(text)) == found
