"""Coming and going: /start, /stop, and being blocked or removed."""

import logging
from functools import partial

from alerts.bot.access import CHANNEL, admit, resume
from alerts.bot.visit import Office, Visit
from alerts.catalogue import say
from alerts.message import words
from archive import subscribers

log = logging.getLogger(__name__)


async def start(visit: Visit, office: Office) -> None:
    """/start [invite]: subscribe to all topics, or resume. A refusal names no topic and tells no reason."""
    settings = office.edition().settings
    if visit.argument and visit.subscriber is None and not office.may_guess(visit.user, visit.now):
        log.warning("bot: too many invites tried, no more are looked at for a while")
        await visit.say("refused")
        return
    applicant = visit.applicant(settings.timezone)
    work = partial(admit, who=applicant, settings=settings, now=visit.now)
    admitted = await office.archive.write(work)
    if admitted is None:
        log.info("bot: somebody without access was refused")
        await visit.say("refused")
        return
    subscriber, greeting = admitted
    if visit.group and subscriber.thread != visit.thread:  # of a forum: the topic where it was typed
        bind = partial(subscribers.set_thread, subscriber_id=subscriber.id, thread=visit.thread)
        await office.archive.write(bind)
    await visit.reply(words(say(subscriber.language, greeting), subscriber.language))


async def stop(visit: Visit, office: Office) -> None:
    """/stop: no more alerts; the choice of topics is kept."""
    left = await office.archive.write(partial(subscribers.leave, channel=CHANNEL, chat=visit.chat, now=visit.now))
    await visit.say("stop.done" if left else "stop.not_subscribed")


async def lost(visit: Visit, office: Office) -> None:
    """The bot was blocked or removed: nothing more is sent, everything is kept."""
    reason = "the bot was blocked or removed"
    suspend = partial(subscribers.suspend, channel=CHANNEL, chat=visit.chat, reason=reason, now=visit.now)
    await office.archive.write(suspend)


async def regained(visit: Visit, office: Office) -> None:
    """The bot may write again: who was suspended resumes."""
    await office.archive.write(partial(resume, chat=visit.chat, now=visit.now))
