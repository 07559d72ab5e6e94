"""Keeping the archive: backup, restore, prune, doctor. Each shows what one function elsewhere does."""

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

import scheduler
import settings as config
from archive import monitors, prune, restore
from archive.backup import Written, back_up
from archive.database import Archive
from cli.screen import DEFAULT_CONFIG, AsJson, ConfigFile, as_json, err, line, moment, progress
from core.errors import ArchiveError, InputError
from monitor import backups, doctor


def register(app: typer.Typer) -> None:
    """Hang this area's commands on `app`."""
    app.command()(backup)
    app.command(name="restore")(restore_)
    app.command(name="prune")(prune_)
    app.command(name="doctor")(doctor_)


# --- out ---------------------------------------------------------------------------------------------------------


def backup(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Where to; it holds everything.")] = None,
    automatic: Annotated[bool, typer.Option("--automatic", help="As the monitor does it: by [backup].")] = False,
    config_file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Save archive, config and evidence, also while the monitor runs. Example: rasad backup /media/usb/rasad.backup"""
    settings = config.archive_of(config_file)
    if (file is None) != automatic:
        raise InputError("name a file, or write --automatic")
    if automatic and settings.backup.to is None:
        raise InputError("there is no [backup] to in the config")
    if file is not None and not file.absolute().parent.is_dir():
        raise InputError(f"{file.absolute().parent}: no such folder")
    text, now = config_file.read_bytes(), datetime.now(UTC)
    with scheduler.opened(settings) as archive, progress("saving", 1.0) as show:
        if file is None:
            written = backups.make(archive, settings.backup, config=text, now=now, progress=show)
        else:
            written = back_up(archive, file, config=text, now=now, progress=show)
        same = _on_one_disk(archive, settings, written.file)
    _tell(written, same)


def _tell(written: Written, same: bool) -> None:
    line(
        f"{written.file}: {written.rows} rows, {written.documents} documents, {written.size / 2**20:.1f} MiB; "
        "restored into a temporary place, everything is there"
    )
    if written.missing:
        err.print(f"{len(written.missing)} documents have no file any more, such as {written.missing[0]}")
    if same:
        line("It lies on the same disk as the archive: not safe. Copy it to another disk or machine.")


def _on_one_disk(archive: Archive, settings: config.Settings, file: Path) -> bool:
    """Whether the backup would be lost with what it saves."""
    database = settings.archive.url.removeprefix("sqlite:///")
    places = [Path(database)] if database != settings.archive.url else []
    places += [archive.evidence] if archive.evidence else []
    return any(place.exists() and place.stat().st_dev == file.stat().st_dev for place in places)


# --- and back ----------------------------------------------------------------------------------------------------


def restore_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What rasad backup wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the archive that is there.")] = False,
    config_file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Bring a backup back into an empty place, of either database. Example: rasad restore /media/usb/rasad.backup

    The config's archive is filled; where there is no config, that of the backup is written first. What had waited to
    be sent, and what comes in the first round, will be one digest that says that it may repeat.
    """
    header, text = restore.look(file)
    if not config_file.exists():
        config.parse(text.decode(), file=str(config_file), folder=config_file.parent)
        config_file.write_bytes(text)
        line(f"{config_file} written as it was in the backup")
    settings = config.load(config_file)
    now = datetime.now(UTC)
    if force:
        _refuse_beside_a_monitor(settings, now)
    folder = settings.evidence_folder
    with progress("restoring", 1.0) as show:
        done = restore.restore(file, settings.archive.url, folder, force=force, now=now, progress=show)
    line(
        f"{sum(header.rows.values())} rows and {header.documents if folder else 0} documents, "
        f"as they were {header.taken:%Y-%m-%d %H:%M} UTC (Rasad {header.rasad}, {header.database})"
    )
    if settings.text.encode() != text:
        line(f"{config_file} is not the config of the backup, and was left as it is")
    if done.missing and folder:
        err.print(f"{len(done.missing)} documents are not in the backup, such as {done.missing[0]}")
    raise typer.Exit(1 if done.missing and folder else 0)


def _refuse_beside_a_monitor(settings: config.Settings, now: datetime) -> None:
    try:
        with scheduler.opened(settings) as archive, archive.reading() as conn:
            heard_of = monitors.heard_of(conn)
    except ArchiveError:
        return  # it is damaged, which is why it is replaced
    for each in heard_of:
        if now - each.seen < monitors.SILENT and scheduler.is_alive(each.owner):
            raise InputError(f"a monitor ({each.owner}) is at work on this archive: end it first")


# --- and lean and well --------------------------------------------------------------------------------------------


def prune_(
    older: Annotated[
        str | None, typer.Option("--older", metavar="365d", help="Instead of [archive] keep_days of the config.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how much would go.")] = False,
    file: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Let old stories go, with their evidence; safe while the monitor runs. Example: rasad prune --older 730d --dry-run

    A story stays as long as one of its articles is younger, a message about it waits, or an analyst wrote beside it.
    Nothing that was let go is ever new again.
    """
    settings, now = config.load(file), datetime.now(UTC)
    if older is None and not settings.archive.keep_days:
        raise InputError("[archive] keep_days is 0, which keeps everything; or write --older 365d")
    age = f"{settings.archive.keep_days}d" if older is None else older
    before = moment(age, now, "--older")
    assert before is not None
    with scheduler.opened(settings) as archive:
        if dry_run:
            with archive.reading() as conn:
                stories, articles = prune.count(conn, before)
            line(f"{stories} stories with {articles} articles would go")
            return
        with progress("pruning", 1.0) as show:
            gone = prune.prune(archive, before, progress=show)
    line(f"{gone.stories} stories with {gone.articles} articles and {gone.documents} documents are gone")


def doctor_(in_json: AsJson = False, file: ConfigFile = DEFAULT_CONFIG) -> None:
    """Look at all that the monitor stands on; each fault with what mends it. Example: rasad doctor --json"""
    settings, now = config.archive_of(file), datetime.now(UTC)
    found = [*doctor.of_machine(settings), asyncio.run(doctor.of_telegram(settings))]
    try:
        with scheduler.opened(settings) as archive:
            found += doctor.of_archive(archive, now)
    except ArchiveError as error:
        found.append(doctor.Finding("archive", "wrong", str(error), "rasad restore BACKUP --force"))
    if in_json:
        as_json([asdict(each) for each in found])
    else:
        for each in found:
            line(f"{_MARKS[each.state]} {each.about:<12} {each.said}" + (f" → {each.fix}" if each.fix else ""))
    raise typer.Exit(1 if any(each.state == "wrong" for each in found) else 0)


_MARKS = {"well": "✓", "advice": "·", "wrong": "✗"}
