"""config.toml → frozen settings, or every fault of the file with its line and column. Starts and fetches nothing."""

import gc
import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from core.affiliations import AFFILIATIONS
from core.config import checks as config_checks
from core.config import values as check
from core.config.faults import Faults, with_term
from core.config.positions import KeyPath
from core.config.toml import decode, read
from core.errors import ConfigError, Fault, InputError
from core.model import LEVELS, Form, NameSet, Source, Topic
from core.proxies import Proxy, Users
from core.rules.match import RuleSet

MOST_BYTES = 5 * 1024 * 1024
LANGUAGES = ("en", "ar", "fa")  # of the bot, the page and every title
KINDS = ("feed", "sitemap", "page", "telegram")
WEB_MODES = ("off", "local", "password", "proxy", "public")

SectionT = TypeVar("SectionT", bound=BaseModel)


# --- the sections ------------------------------------------------------------------------------------------------


def _one_of(*choices: str) -> BeforeValidator:
    return BeforeValidator(lambda value: check.choice(value, choices))


def _between(least: str, most: str) -> BeforeValidator:
    return BeforeValidator(lambda value: check.duration(value, least, most))


Text = Annotated[str, AfterValidator(check.text)]
Title = Annotated[dict[Annotated[str, _one_of(*LANGUAGES)], Text], Field(min_length=1)]
WebAddress = Annotated[str, AfterValidator(check.web_address)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class RasadSettings(_Section):
    timezone: Annotated[str, AfterValidator(check.timezone)] = "Asia/Baghdad"


class ArchiveSettings(_Section):
    """A relative SQLite path in `url` has been resolved against the config's folder."""

    url: Annotated[str, AfterValidator(check.archive_url)] = "sqlite:///data/rasad.db"
    evidence: bool = True
    keep_days: Annotated[int, Field(ge=0, le=36500)] = 0


def _secret(file: Path, key: str) -> str:
    """What stands in a file that only its owner may read. Raises InputError, which names the `key` of the config."""
    try:
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise InputError(f"{file} is open to others: chmod 600 {file}")
        text = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not a text file"
        raise InputError(f"{key} {file}: {reason}") from None
    if not text:
        raise InputError(f"{key} {file} is empty")
    return text


class CollectSettings(_Section):
    """`user_agent` may hold {version}, for whoever sends it to fill in."""

    every: Annotated[timedelta, _between("1s", "24h")] = timedelta(minutes=10)
    host_delay: Annotated[timedelta, _between("0s", "10m")] = timedelta(seconds=1)
    user_agent: Annotated[Text, AfterValidator(check.user_agent)] = "Rasad/{version} (+contact)"
    allow_private_networks: bool = False
    catch_up: Annotated[timedelta, _between("0s", "30d")] = timedelta(hours=6)
    proxy: Annotated[str, AfterValidator(check.proxy)] = ""
    proxy_file: Annotated[Path | None, Field(strict=False)] = None

    def proxy_users(self) -> Users:
        """Who we are at which proxy, by the file. Raises InputError for one that is missing, wrong or not private."""
        if self.proxy_file is None:
            return Users()
        try:
            return Users(_secret(self.proxy_file, "collect.proxy_file"))
        except ValueError as error:
            raise InputError(f"collect.proxy_file {self.proxy_file}: {error}") from None


class TelegramSettings(_Section):
    api_url: WebAddress = "https://api.telegram.org"
    proxy: Annotated[str, AfterValidator(check.http_proxy)] = ""
    access: Annotated[Literal["invite", "open"], _one_of("invite", "open")] = "invite"
    admins: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(strict=False)] = ()
    token_file: Annotated[Path | None, Field(strict=False)] = None
    webhook: WebAddress | None = None
    webhook_listen: Annotated[str, AfterValidator(check.listen)] = "127.0.0.1:8766"

    def token(self, environ: Mapping[str, str]) -> str | None:
        """The bot's token from TELEGRAM_BOT_TOKEN, else from the file, which only its owner may read.

        Raises InputError for a file that is missing, empty or open to others; the token is never in the message.
        """
        token = environ.get("TELEGRAM_BOT_TOKEN", "").strip()
        if token or self.token_file is None:
            return token or None
        return _secret(self.token_file, "telegram.token_file")


class WebSettings(_Section):
    listen: Annotated[str, AfterValidator(check.listen)] = "127.0.0.1:8765"
    mode: Annotated[str, _one_of(*WEB_MODES)] = "local"
    hosts: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    proxies: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    user_header: Text = "X-Remote-User"


class WebhookEntry(_Section):
    """`topics` () are all of them; `private`: it may stand in a network of one's own."""

    url: WebAddress
    topics: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    secret_file: Annotated[Path | None, Field(strict=False)] = None
    private: bool = False

    def secret(self, id_: str, environ: Mapping[str, str]) -> str:
        """From RASAD_WEBHOOK_ID, else from the file, which only its owner may read. Raises InputError without one."""
        variable = f"RASAD_WEBHOOK_{id_.upper().replace('-', '_')}"
        if found := environ.get(variable, "").strip():
            return found
        if self.secret_file is None:
            raise InputError(f"webhooks.{id_} has no secret: set {variable}, or secret_file in the config")
        return _secret(self.secret_file, f"webhooks.{id_}.secret_file")


class FormEntry(_Section):
    text: Text
    since: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None


Spelling = Annotated[FormEntry, BeforeValidator(lambda v: {"text": v} if isinstance(v, str) else v)]


class BackupSettings(_Section):
    """`to` has been resolved against the config's folder; None: no automatic backup."""

    to: Annotated[Path | None, Field(strict=False), BeforeValidator(lambda value: value or None)] = Path("backups")
    every: Annotated[timedelta, _between("1h", "30d")] = timedelta(hours=24)
    keep: Annotated[int, Field(ge=1, le=1000)] = 7


class NameEntry(_Section):
    title: Title | None = None
    forms: list[Spelling] = []
    not_: Annotated[list[Text], Field(alias="not")] = []
    weak: list[Spelling] = []
    context: list[Text] = []
    rivals: list[Text] = []


class TopicEntry(_Section):
    title: Title
    match: Text
    level: Annotated[str | dict[str, str], BeforeValidator(lambda v: check.level(v, LEVELS))] = "normal"


class SelectorsEntry(_Section):
    item: Text | None = None
    link: Text | None = None
    title: Text | None = None
    text: Text | None = None
    date: Text | None = None


class SourceEntry(_Section):
    id: Annotated[str, AfterValidator(check.identifier)]
    name: Text
    kind: Annotated[str, _one_of(*KINDS)]
    url: WebAddress
    language: Annotated[str, AfterValidator(check.language)] | None = None
    affiliation: Annotated[str, _one_of(*AFFILIATIONS)] = "unknown"
    owner: Text | None = None
    every: Annotated[timedelta, _between("1s", "24h")] | None = None
    timezone: Annotated[str, AfterValidator(check.timezone)] | None = None
    proxy: Annotated[str, AfterValidator(check.proxy)] | None = None
    full_text: bool = True
    enabled: Annotated[bool | Literal["probe"], BeforeValidator(check.enabled)] = True
    selectors: SelectorsEntry = SelectorsEntry()


SECTIONS: Mapping[str, type[_Section]] = {
    "rasad": RasadSettings,
    "archive": ArchiveSettings,
    "collect": CollectSettings,
    "telegram": TelegramSettings,
    "web": WebSettings,
    "backup": BackupSettings,
    "names": NameEntry,  # one table per name
    "topics": TopicEntry,  # one table per topic
    "sources": SourceEntry,  # a list of tables
    "webhooks": WebhookEntry,  # one table per webhook
}


# --- what the program is given -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Settings:
    """One config file, checked. `text` is the file as it was read, `warnings` what works but is hardly meant."""

    timezone: str
    archive: ArchiveSettings
    collect: CollectSettings
    telegram: TelegramSettings
    web: WebSettings
    backup: BackupSettings
    names: Mapping[str, NameSet]
    topics: Mapping[str, Topic]
    rules: RuleSet  # of names and topics
    sources: tuple[Source, ...]
    webhooks: Mapping[str, WebhookEntry]
    warnings: tuple[Fault, ...]
    text: str
    folder: Path  # where relative paths begin

    def telegram_proxy(self) -> Proxy | None:
        """The way to Telegram, with our user there. Raises InputError as CollectSettings.proxy_users does."""
        return self.collect.proxy_users().at(self.telegram.proxy)

    @property
    def evidence_folder(self) -> Path | None:
        """Where fetched bytes are kept: beside the SQLite file, else in data/ beside the config; None: nowhere."""
        if not self.archive.evidence:
            return None
        file = self.archive.url.removeprefix("sqlite:///")
        beside = self.folder / "data" if file == self.archive.url else Path(file).parent
        return beside / "evidence"


@dataclass(frozen=True, slots=True)
class Edition:
    """A config file as the archive numbered it: the one snapshot that a unit of work uses from its start to its end."""

    number: int
    settings: Settings
    rules: RuleSet


def load(path: Path) -> Settings:
    """Read a config file. Raises ConfigError with all of its faults, also for a file that is not there."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ConfigError(str(path), (Fault(1, 1, f"cannot be read: {error.strerror}"),)) from None
    if len(data) > MOST_BYTES:
        raise ConfigError(str(path), (Fault(1, 1, "the file is larger than 5 MB"),))
    text = decode(data)
    if isinstance(text, Fault):
        raise ConfigError(str(path), (text,))
    gc.disable()  # compiled rules are many objects and none of them garbage: it takes a third less time
    try:
        return parse(text, file=str(path), folder=path.parent)
    finally:
        gc.enable()


def archive_of(path: Path) -> Settings:
    """As load; of a faulty file only where its archive is: for looking at what went wrong. Raises ConfigError."""
    try:
        return load(path)
    except ConfigError:
        if not path.is_file():
            raise
        table = (read(path.read_bytes()[:MOST_BYTES].decode("utf-8", "replace")).values or {}).get("archive", {})
        url = table.get("url") if isinstance(table, dict) else None
        return parse(f"[archive]\nurl = {json.dumps(url)}" if url else "[archive]", file=str(path), folder=path.parent)


def parse(text: str, *, file: str, folder: Path) -> Settings:
    """Check a config text; faults call it `file`, relative paths begin in `folder`. Raises ConfigError."""
    reading = read(text)
    faults = Faults(reading)
    settings = None
    if not text.strip():
        faults.at_key((), "the file is empty")
    elif reading.values is not None:
        settings = _settings(text, reading.values, folder.resolve(), faults)
    found = sorted(reading.faults + faults.found, key=lambda fault: (fault.line, fault.column))
    if found or settings is None:
        raise ConfigError(file, tuple(with_term(fault, text) for fault in found))
    return settings


# --- from values to settings -------------------------------------------------------------------------------------


def _settings(text: str, values: Mapping[str, Any], folder: Path, faults: Faults) -> Settings | None:
    for name in values:
        if name not in SECTIONS:
            faults.at_key((name,), f"unknown table {name}" + check.did_you_mean(name, SECTIONS))
    config_checks.secrets(values, faults)
    rasad = _table(RasadSettings, values, ("rasad",), faults) or RasadSettings()
    archive = _table(ArchiveSettings, values, ("archive",), faults)
    collect = _table(CollectSettings, values, ("collect",), faults)
    telegram = _table(TelegramSettings, values, ("telegram",), faults)
    web = _table(WebSettings, values, ("web",), faults)
    backup = _table(BackupSettings, values, ("backup",), faults)
    names = _names(values, ZoneInfo(rasad.timezone), faults)
    topics = _topics(values, faults)
    sources = _sources(values, faults)
    webhooks = _webhooks(values, topics, faults)
    if faults.found or faults.reading.faults or not (archive and collect and telegram and web and backup):
        return None
    rules = config_checks.compiled(names, topics, faults)
    if rules is None:
        return None
    warnings = config_checks.warnings(values, faults.reading.positions, LANGUAGES)
    return Settings(
        timezone=rasad.timezone,
        archive=archive.model_copy(update={"url": _absolute(archive.url, folder)}),
        collect=collect.model_copy(update={"proxy_file": _inside(folder, collect.proxy_file)}),
        telegram=telegram.model_copy(update={"token_file": _inside(folder, telegram.token_file)}),
        web=web,
        backup=backup.model_copy(update={"to": _inside(folder, backup.to)}),
        names=names,
        topics=topics,
        rules=rules,
        sources=sources,
        webhooks={
            key: entry.model_copy(update={"secret_file": _inside(folder, entry.secret_file)})
            for key, entry in webhooks.items()
        },
        warnings=tuple(with_term(found, text) for found in warnings),
        text=text,
        folder=folder,
    )


def _table(model: type[SectionT], values: Any, path: KeyPath, faults: Faults) -> SectionT | None:
    """The table at `path` of the file's values, if it is right; the defaults where there is none."""
    value = values
    for part in path:
        value = value.get(part, {}) if isinstance(value, dict) else value[part]
    try:
        return model.model_validate(value)
    except ValidationError as error:
        faults.explain(path, error.errors(), lambda loc: keys(_model_at(model, loc)))
        return None


def keys(model: type[BaseModel]) -> list[str]:
    """The keys of a table as they are written in the file."""
    return [entry.alias or name for name, entry in model.model_fields.items()]


def _model_at(model: type[BaseModel], inside: KeyPath) -> type[BaseModel]:
    """The model of a table within another."""
    within: dict[str, type[BaseModel]] = {"forms": FormEntry, "weak": FormEntry, "selectors": SelectorsEntry}
    return within[str(inside[0])] if len(inside) > 1 and inside[0] in within else model


def _names(values: Mapping[str, Any], zone: ZoneInfo, faults: Faults) -> dict[str, NameSet]:
    tables = config_checks.tables(values, "names", faults)
    config_checks.references(tables, faults)
    entries = {key: _table(NameEntry, values, ("names", key), faults) for key in tables}
    for key, entry in entries.items():
        if entry and not (entry.forms or entry.weak):
            faults.missing(("names", key), "forms")
    return {key: _name_set(key, entry, zone) for key, entry in entries.items() if entry}


def _name_set(key: str, entry: NameEntry, zone: ZoneInfo) -> NameSet:
    forms, weak = (tuple(_form(e, zone) for e in entries) for entries in (entry.forms, entry.weak))
    return NameSet(key, entry.title or {}, forms, tuple(entry.not_), weak, tuple(entry.context), tuple(entry.rivals))


def _form(entry: FormEntry, zone: ZoneInfo) -> Form:
    return Form(entry.text, _midnight(entry.since, zone), _midnight(entry.until, zone))


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone).astimezone(UTC) if day else None


def _topics(values: Mapping[str, Any], faults: Faults) -> dict[str, Topic]:
    tables = config_checks.tables(values, "topics", faults)
    names = values.get("names", {})
    config_checks.levels(tables, faults)
    config_checks.rules(tables, names if isinstance(names, dict) else {}, faults)
    entries = {key: _table(TopicEntry, values, ("topics", key), faults) for key in tables}
    return {key: _topic(key, entry) for key, entry in entries.items() if entry}


def _topic(key: str, entry: TopicEntry) -> Topic:
    if isinstance(entry.level, dict):
        levels = {level: entry.level[level] for level in LEVELS if level in entry.level}
        return Topic(key, entry.title, entry.match, levels=levels)
    level = next(level for level in LEVELS if level == entry.level)
    return Topic(key, entry.title, entry.match, level)


def _sources(values: Mapping[str, Any], faults: Faults) -> tuple[Source, ...]:
    count = len(config_checks.sources(values, faults))
    entries = (_table(SourceEntry, values, ("sources", index), faults) for index in range(count))
    return tuple(_source(entry) for entry in entries if entry)


def _webhooks(values: Mapping[str, Any], topics: Mapping[str, Topic], faults: Faults) -> dict[str, WebhookEntry]:
    entries = {
        key: _table(WebhookEntry, values, ("webhooks", key), faults)
        for key in config_checks.tables(values, "webhooks", faults)
    }
    for key, entry in entries.items():
        for topic in entry.topics if entry else ():
            if topic not in topics:
                known = check.did_you_mean(topic, topics)
                faults.at_value(("webhooks", key, "topics"), f"no topic is called {topic}{known}")
    return {key: entry for key, entry in entries.items() if entry}


def _source(entry: SourceEntry) -> Source:
    return Source(
        id=entry.id,
        name=entry.name,
        kind=entry.kind,
        url=entry.url,
        language=entry.language,
        affiliation=entry.affiliation,
        owner=entry.owner or entry.id,
        every=entry.every,
        full_text=entry.full_text,
        enabled=entry.enabled is True,
        probe=entry.enabled == "probe",
        selectors=entry.selectors.model_dump(exclude_none=True),
        timezone=entry.timezone,
        proxy=entry.proxy,
    )


def _absolute(url: str, folder: Path) -> str:
    path = url.removeprefix("sqlite:///")
    return url if path == url or path.startswith("/") else f"sqlite:///{folder / path}"


def _inside(folder: Path, path: Path | None) -> Path | None:
    return folder / path.expanduser() if path else None
