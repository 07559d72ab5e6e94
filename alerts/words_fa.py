"""Persian words of alerts and of the bot. Only text; neutral in voice."""

from collections.abc import Mapping

WORDS: Mapping[str, str | Mapping[str, str]] = {
    # alerts
    "level.breaking": "فوری",
    "level.normal": "خبر",
    "level.low": "کم‌اهمیت‌تر",
    "affiliation.state": "دولتی",
    "affiliation.party": "حزبی",
    "affiliation.faction-linked": "نزدیک به یک گروه مسلح",
    "affiliation.private": "خصوصی",
    "affiliation.exile": "برون‌مرزی",
    "affiliation.foreign state": "وابسته به دولت خارجی",
    "affiliation.unknown": "وابستگی نامعلوم",
    "zone": "به وقت {city}",
    "instant": "{date}، ساعت {clock} {zone}",
    "undated": "بدون تاریخ",
    "path": "انتشار {published} ← دریافت {fetched} ← ثبت {recorded}",
    "path.undated": "دریافت {fetched} ← ثبت {recorded}",
    "others": {"one": "و یک منبع دیگر", "other": "و {count} منبع دیگر"},
    "listing": "{head}: {items}",
    "comma": "، ",
    "button.read": "بخوانید",
    # digests
    "digest.total": {
        "one": "دور نخست تمام شد. در منابع {count} خبر دربارهٔ موضوع‌های شما هست.",
        "other": "دور نخست تمام شد. در منابع {count} خبر دربارهٔ موضوع‌های شما هست.",
    },
    "digest.newest": {"one": "تازه‌ترین:", "other": "تازه‌ترین {count} خبر:"},
    "digest.from_now": "از این پس هر خبر تازه جداگانه می‌آید.",
    "digest.continued": "ادامه، {part} از {parts}:",
    # the bot
    "start.joined": "شما همهٔ موضوع‌ها و هر موضوعی را که بعداً افزوده شود دنبال می‌کنید. هشدارها همین‌جا می‌آید.\n"
    "انتخاب موضوع /topics · تازه‌ترین‌ها /latest · پایان /stop",
    "start.again": "هشدارها هم‌اکنون همین‌جا می‌آید. انتخاب موضوع /topics · همهٔ فرمان‌ها /help",
    "start.resumed": "خوش برگشتید: انتخاب موضوع‌های شما همان است که بود. برای دیدن /topics",
    "refused": "ورود با دعوت است. پیوندی را که به شما داده‌اند باز کنید، یا /start را همراه با کد دعوت بفرستید.",
    "topics.all": "شما همهٔ موضوع‌ها و موضوع‌های بعدی را دنبال می‌کنید. برای تغییر روی یکی بزنید:",
    "topics.some": {
        "one": "شما یک موضوع را دنبال می‌کنید. برای تغییر بزنید:",
        "other": "شما {count} موضوع را دنبال می‌کنید. برای تغییر بزنید:",
    },
    "topics.none": "هیچ موضوعی را دنبال نمی‌کنید، پس هشداری نمی‌آید. برای انتخاب بزنید:",
    "topics.button.all": "همهٔ موضوع‌ها، تازه‌ها هم",
    "topics.followed": "دنبال می‌کنید: {topic}",
    "topics.dropped": "دیگر دنبال نمی‌کنید: {topic}",
    "topics.saved": "ذخیره شد",
    "topics.gone": "این موضوع دیگر در دسترس نیست.",
    "latest.title": "تازه‌ترین‌ها: {topic}",
    "latest.all": "تازه‌ترین‌ها دربارهٔ موضوع‌های شما",
    "latest.nothing": "هنوز چیزی پیدا نشده است.",
    "latest.unknown": "موضوعی به نام «{topic}» نیست. موضوع‌ها: {topics}",
    "status.follows.all": "شما همهٔ موضوع‌ها را دنبال می‌کنید.",
    "status.follows.some": {
        "one": "شما {count} موضوع را دنبال می‌کنید.",
        "other": "شما {count} موضوع را دنبال می‌کنید.",
    },
    "status.sources": "منابعی که پاسخ می‌دهند: {up} از {all}",
    "status.articles": {"one": "{count} مطلب در بایگانی", "other": "{count} مطلب در بایگانی"},
    "status.waiting": {"one": "{count} پیام در انتظار ارسال", "other": "{count} پیام در انتظار ارسال"},
    "status.nothing_waiting": "پیامی در انتظار ارسال نیست.",
    "help": "رصد رسانه‌های عمومی را دنبال می‌کند و هر خبر تازه دربارهٔ موضوع‌های شما را هشدار می‌دهد.\n\n{commands}",
    "unknown": "این فرمان را نمی‌شناسم.",
    "stop.done": "هشدارها متوقف شد. انتخاب موضوع‌های شما می‌ماند؛ برای ازسرگیری /start",
    "stop.not_subscribed": "هشداری به اینجا نمی‌آید. برای اشتراک /start",
    "group.only_admins": "این کار فقط از مدیران گروه برمی‌آید.",
    "failed": "نشد و خطا ثبت شد. لطفاً دوباره امتحان کنید.",
    "command.start": "اشتراک هشدارها",
    "command.topics": "انتخاب موضوع‌ها",
    "command.latest": "تازه‌ترین خبرها",
    "command.status": "وضعیت رصد",
    "command.help": "همهٔ فرمان‌ها",
    "command.stop": "پایان هشدارها",
    # to admins
    "notice.uncertain": "یک هشدار دو بار بی‌پاسخ از تلگرام فرستاده شد و شاید نرسیده باشد. هشدار {row}:",
    "notice.refused": "تلگرام یک هشدار را برای همیشه نپذیرفت: {reason}. هشدار {row}:",
    "notice.probe_answers": "{source} اکنون پاسخ می‌دهد. این منبع فقط آزموده می‌شود و هنوز چیزی از آن ثبت نمی‌شود.\n"
    "برای دنبال کردنش: enabled = true زیر شناسهٔ {id} در config.toml.",
    "notice.changed_hands": "شاید {source} دیگر در دست صاحبان پیشینش نباشد: {reason}.\n"
    "ثبت ادامه دارد و هشدارهایش نگه داشته می‌شود. پس از بررسی: rasad sources trust {id}",
    "notice.unreachable": "هشدارهای یک گفتگو در انتظار است: {reason}. تلاش بعدی ساعت {clock}. هشدار {row}:",
}
