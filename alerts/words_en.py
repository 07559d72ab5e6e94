"""English words of alerts and of the bot. Only text; neutral in voice."""

from collections.abc import Mapping

WORDS: Mapping[str, str | Mapping[str, str]] = {
    # alerts
    "level.breaking": "Breaking",
    "level.normal": "News",
    "level.low": "Minor",
    "affiliation.state": "state",
    "affiliation.party": "party",
    "affiliation.faction-linked": "faction-linked",
    "affiliation.private": "private",
    "affiliation.exile": "exile",
    "affiliation.foreign state": "foreign state",
    "affiliation.unknown": "affiliation unknown",
    "instant": "{date} {clock} {zone}",
    "undated": "undated",
    "path": "published {published} → fetched {fetched} → recorded {recorded}",
    "path.undated": "fetched {fetched} → recorded {recorded}",
    "others": {"one": "+{count} other outlet", "other": "+{count} other outlets"},
    "listing": "{head}: {items}",
    "comma": ", ",
    "button.read": "Read",
    # digests
    "digest.total": {
        "one": "First round finished. The sources carry {count} story on your topics.",
        "other": "First round finished. The sources carry {count} stories on your topics.",
    },
    "digest.newest": {"one": "The newest:", "other": "The newest {count}:"},
    "digest.from_now": "From now on each new story comes as an alert.",
    "digest.continued": "Continued, {part} of {parts}:",
    # the bot
    "start.joined": "You follow all topics, and those that are added later. Alerts come here.\n"
    "/topics to choose · /latest for what was found · /stop to end",
    "start.again": "You already get alerts here. /topics to choose · /help for all commands",
    "start.resumed": "Welcome back: your choice of topics is as it was. /topics to see it",
    "refused": "Access is by invitation. Open the link you were given, or send /start followed by its code.",
    "topics.all": "You follow all topics, and those that are added later. Tap one to change:",
    "topics.some": {
        "one": "You follow {count} topic. Tap to change:",
        "other": "You follow {count} topics. Tap to change:",
    },
    "topics.none": "You follow no topic, so no alerts come. Tap to choose:",
    "topics.button.all": "All topics, new ones too",
    "topics.followed": "You follow: {topic}",
    "topics.dropped": "No longer followed: {topic}",
    "topics.saved": "Saved",
    "topics.gone": "This topic is no longer offered.",
    "latest.title": "Latest: {topic}",
    "latest.all": "Latest on your topics",
    "latest.nothing": "Nothing found yet.",
    "latest.unknown": "There is no topic “{topic}”. The topics: {topics}",
    "status.follows.all": "You follow all topics.",
    "status.follows.some": {"one": "You follow {count} topic.", "other": "You follow {count} topics."},
    "status.sources": "Sources answering: {up} of {all}",
    "status.articles": {"one": "{count} article in the archive", "other": "{count} articles in the archive"},
    "status.waiting": {"one": "{count} message waiting to be sent", "other": "{count} messages waiting to be sent"},
    "status.nothing_waiting": "No message is waiting to be sent.",
    "help": "Rasad watches public media and sends an alert when something new matches a topic.\n\n{commands}",
    "unknown": "I do not know this command.",
    "stop.done": "No more alerts. Your choice of topics is kept; /start resumes.",
    "stop.not_subscribed": "No alerts come here. /start subscribes.",
    "group.only_admins": "Only admins of this group can do that.",
    "failed": "That did not work; the fault has been logged. Please try again.",
    "command.start": "subscribe to alerts",
    "command.topics": "choose topics",
    "command.latest": "latest stories",
    "command.status": "state of the monitor",
    "command.help": "all commands",
    "command.stop": "end the alerts",
    # to admins
    "notice.uncertain": "An alert was sent twice without an answer from Telegram; it may not have arrived. "
    "Alert {row}:",
    "notice.refused": "Telegram refused an alert for good: {reason}. Alert {row}:",
    "notice.probe_answers": "{source} answers now. It is only probed, so nothing of it is recorded yet.\n"
    "To watch it: enabled = true under id {id} in config.toml.",
    "notice.changed_hands": "{source} may be somebody else's now: {reason}.\n"
    "It is archived as before, its alerts are held. When you have looked at it: rasad sources trust {id}",
    "notice.unreachable": "Alerts to one chat wait: {reason}. Next try at {clock}. Alert {row}:",
}
