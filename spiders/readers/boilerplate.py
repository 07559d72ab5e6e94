"""What stands among an article's paragraphs and is none of it: pointers, share bars, appeals. Pure; knows no site.

Lines are dropped by what they say, in the languages that Rasad reads (by their shape: pruning.py). A paragraph of
prose is never dropped for one word in it.
"""

import re

POINTER_WORDS = 40  # longest line that a pointer ("Read also: …") may be
APPEAL_WORDS = 60
LONGEST = 600  # characters of a line that can be either
SIGNATURE_MAX = 40
DATELINE = 70  # characters
SENTENCE_WORDS = 5
TAIL_SHARE = 0.4  # of a text, at most, may go with an end heading

# The whole line is about another article, or a control: dropped wherever it stands.
_POINTER = re.compile(
    r"""[^\w©]*+(?:
    (?:read|see|watch|listen|learn)\ (?:more|also|next|too|the\ full)(?:\s*(?:[:|\-–—>…]|about|on\ this)|\W*$)
    | related(?:\ (?:articles?|stor(?:y|ies)|posts?|news|links?|content|topics?|coverage
       |reading))?\s*(?:[:|\-–—]|\W*$)
    | more\ (?:stories|news|from|on\ this|in)\b.{0,60}$ | more:\s
    | don['’]?t\ miss(?:\ this)?\W*$ | just\ in:?\W*$ | most\ (?:read|popular|viewed|watched)(?:\ (?:in
       |on)\b.*)?\W*$
    | (?:you\ (?:may|might)|might)\ (?:also\ )?(?:like|be\ interested\ in|want\ to\ read)\b.{0,20}$
    | (?:recommended|trending|popular|also\ read|editor['’]s\ picks?|what\ to\ read\ next
       |keep\ reading)(?:\s*:.*|\W*$)
    | (?:story|article)\ continues\ below.*$ | (?:scroll|continue\ reading)\b.{0,40}$
    | (?:last\ )?updated(?:\s*[:：]|\ (?:at|on)\b|\ \d).{0,50}$
    | advertisements?\W*$ | ad(?:vert)?\W*$ | sponsored(?:\ content)?\W*$ | promoted\W*$
    | (?:share|tweet|email|print|copy\ link|save|like)(?:\ (?:this|it|on|via|with)\b.{0,60})?\W*$
    | (?:leave|post|add|write)\ a\ (?:comment|reply)\b.{0,40}$ | (?:view\ |show\
       |\d+\ )?comments?(?:\ \(?\d+\)?)?\W*$
    | tell\ us\ what\ you\ think\W*$ | join\ the\ (?:conversation|discussion)\W*$ | loading\b.{0,20}$
    | (?:tags?|topics|keywords|labels|filed\ under|categor(?:y|ies))\s*(?::.*|\W*$)
    | (?:\d+\ min(?:ute)?s?\ read|reading\ time\b.*|tempo\ de\ leitura\b.*|lesezeit\b.*|temps\ de\ lecture\b.*)$
    | our\ standards:.*$ | (?:all\ rights\ reserved|copyright\b|©|\(c\)\ \d{4}).{0,120}$
    | (?:lesen\ sie\ auch|auch\ interessant|mehr\ zum\ thema|lire\ aussi|à\ lire\ aussi|lee\ también|leer\ más
       |leia\ (?:também|mais)|leggi\ anche|lees\ ook|läs\ (?:mer|också)|les\ også|czytaj\ (?:też|także|więcej)
       |ayrıca\ oku|ilgili\ haber|читайте\ (?:также|ещё|еще))\s*(?:[:|\-–—].*|\W*$)
    | (?:اقر[أاإ]و?|إقر[أا]و?|شاهدو?|تابعو?|طالعو?|انظر)ا?\s+(?:[أا]يض[اًا]*|المزيد|كذلك)\s*(?:[:؛|\-–—….].*|\W*$)
    | (?:[أا]خبار|مواضيع|مقالات|موضوعات|مواد|ملفات|قصص)\s+(?:ذات\s+(?:صلة|علاقة)|متعلقة|مشابهة
       |[أا]خرى)\s*(?:[:\-–—].*|\W*$)
    | (?:ذات\s+صلة|قد\s+(?:يهمك|يعجبك)(?:\s+[أا]يضا?ً?)?|المزيد\s+(?:من|عن|حول).{0,40}|للمزيد.{0,60}
       |ال[أا]كثر\s+قراءة?ً?.{0,20})\s*(?:[:\-–—].*|\W*$)
    | (?:الكلمات\s+(?:المفتاحية|الدلالية|الدالة)|كلمات\s+(?:مفتاحية|دلالية)|الوسوم|وسوم|هاشتاغ|التصنيفات?
       |الأقسام)\s*(?:[:\-–—].*|\W*$)
    | (?:شارك(?:ه?ا?|نا)?|مشاركة|انشر|[أا]رسل|طباعة|نسخ\s+الرابط|حفظ|حجم\s+الخط)(?:\s+(?:هذا|هذه|المقال|الخبر
       |الموضوع|على|عبر|الرابط|مع|لصديق|[إا]لى)\b.{0,60})?\W*$
    | (?:التعليقات?|[أا]ضف\s+تعليق\w*|اترك\s+(?:تعليق|رد)\w*|اكتب\s+تعليق\w*|لا\s+(?:توجد|يوجد)\s+تعليقات
       |\d+\s+تعليقا?ت?)(?:\s*[(:].{0,20})?\W*$
    | (?:إعلان|اعلان|إعلانات|اعلانات)\W*$ | (?:جميع|كافة|كل)\s+الحقوق\s+محفوظة.{0,60}$
    | [آا]خر\s+تحديث.{0,60}$ | (?:وقت|مدة)\s+القراءة.{0,30}$
    | عدد\s+(?:القراءات|المشاهدات|الزيارات|القراء).{0,30}$ | (?:المشاهدات
       |مشاهدات|قراءات)\s*[:：]?\s*[\d٠-٩,.]*\W*$
    | (?:بیشتر\s+(?:بخوانید|بدانید|ببینید)|(?:این\s+(?:را\s+)?)?(?:هم|نیز|همچنین)\s+(?:بخوانید|ببینید)|بخوانید
       |همچنین\s+بخوانید|ببینید|حتما\s+بخوانید)\s*(?:[:؛|\-–—»«….].*|\W*$)
    | (?:[آأا]خر|[أا]حدث|[أا]برز|[أا]هم)\s+ال[أا]خبار\W*$ | (?:آخرین|تازه\s*ترین)\s+(?:اخبار|خبرها)\W*$
    | (?:سایر|دیگر)\s+(?:اخبار|خبرها|مطالب|عناوین)\W*$
    | در\s+(?:همین|این)\s+(?:زمینه|باره|رابطه)\s+(?:بیشتر\s+|نیز\s+)?(?:بخوانید|ببینید)\s*(?:[:\-–—].*|\W*$)
    | (?:مطالب|اخبار|خبر\s*های|خبرهای|مقالات|گزارش\s*های|لینک\s*های|عناوین)\s*(?:مرتبط|مشابه|پیشنهادی|دیگر|منتخب
       |پربازدید)\s*(?:[:\-–—].*|\W*$)
    | (?:پربازدید|پربیننده|داغ)\s*(?:ترین)?(?:\s*(?:ها|اخبار|مطالب|عناوین))?\W*$
    | (?:برچسب|کلید\s*واژه|کلمات\s+کلیدی|تگ|هشتگ|موضوعات)(?:\s*ها)?\s*(?:[:\-–—].*|\W*$)
    | (?:اشتراک\s*گذاری|به\s+اشتراک\s+بگذارید|ارسال\s+(?:به\s+دوستان|نظر|دیدگاه)|نسخه\s+چاپی
       |کپی\s+لینک|اندازه\s+متن)(?:\s.{0,40})?\W*$
    | (?:نظرات?|نظر\s+شما|دیدگاه(?:\s*ها(?:ی)?)?(?:\s+شما)?|نظرات\s+(?:شما|کاربران|بینندگان)|ثبت\s+(?:نظر
       |دیدگاه)|بدون\s+دیدگاه)(?:\s*[(:].{0,20})?\W*$
    | (?:لینک|پیوند|نشانی)\s+کوتاه.{0,80}$ | کد\s*(?:خبر|مطلب|نوشته)\s*[:：]?\s*[\d۰-۹]*.{0,20}$ | شناسه\s+(?:خبر
       |مطلب).{0,30}$
    | (?:انتهای\s+(?:پیام|خبر|گزارش)|پایان\s+(?:پیام|خبر|گزارش))(?:\s*/.{0,20}|.{0,6})$
    | (?:چاپ|ذخیره)\W*$ | (?:تبلیغات|آگهی|رپرتاژ)\W*$ | (?:تمامی|کلیه|همه)\s*(?:ی)?\s*حقوق.{0,100}محفوظ.{0,20}$
       | زمان\s+مطالعه.{0,30}$ | (?:تعداد\s+)?بازدید\s*[:：].{0,20}$
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# An appeal to the reader: short, and it says so at its start or by two of its words.
_APPEAL = re.compile(
    r"""^\W*+(?:
    (?:please\ )?(?:sign\ up|subscribe\b|click\ here|tap\ here|download\ (?:our|the)\ app|follow\ (?:us|him|her|me
       |them|our|[@A-Z]\w+)\b)
    | (?:get|receive)\ .{0,90}\b(?:inbox|newsletter|delivered|subscription|e-?mail|whatsapp)
    | (?:stay|keep)\ (?:up\ to\ date|informed|connected)\b | (?:have|got)\ a\ (?:tip|story|confidential)\b
    | (?:do\ you\ have\ a\ story|get\ in\ touch|reach\ (?:the\ reporters?|him|her)|e-?mail\s+[\w. ]{3,40}\s+at
       |contact\ .{0,60}@)\b
    | (?:you\ can\ )?(?:read|find|see)\ (?:more|all)\ .{0,40}\bhere\W*$ | support\ (?:our|independent)\ journalism
    | (?:log\ in|register|create\ an\ account|already\ a\ subscriber|enjoying\ our\ latest)\b
    | (?:\(?(?:additional\ )?(?:reporting|writing|editing)\ by\b).* | thank\ you\ for\ (?:visiting|subscribing
       |reading|signing)\b
    | (?:start|begin)\ your\ day\ with\b | there['’]s\ plenty\ more\ where | in\ the\ meantime,\ to\ ensure
    | (?:للاشتراك|اشترك(?:وا)?|انضم(?:وا)?|تابعو?ا?نا|تابعو?ا?\s+(?:قناتنا|صفحتنا|حسابنا|آخر|اخر)
       |(?:لقراءة|لمعرفة)\s+المزيد|لمتابعة\s+(?:آخر|اخر|قناتنا|المزيد|أهم)|حمّ?ل(?:وا)?\s+تطبيق|اضغط(?:وا)?\s+هنا|سجل\s+(?:الدخول
       |بريدك))(?=\s|\W*$)
    | (?:ما\s+را\s+(?:در\s+)?.{0,60}(?:دنبال|همراهی)|به\s+(?:کانال|صفحه|گروه).{0,60}(?:بپیوندید|ملحق\s+شوید)
       |(?:در|با)\s+عضویت\s+در.{0,80}|در\s+خبرنامه.{0,60}|برای\s+(?:دریافت|عضویت|مشاهده|پیگیری).{0,80}(?:کلیک
       |عضو|کانال|خبرنامه))
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# Behind such a line nothing of the article comes any more.
_END = re.compile(
    r"""^\W*+(?:
    about\ (?:the\ author|us)\b.{0,40} | about\ [A-Z]\S+(?:\ [A-Z]\S+){0,3} | author\ bio | (?:media
       |press)\ contacts?.{0,40} | forward-looking\ statements?
    | related\ (?:articles?|stories|posts?|news|content) | (?:you\ (?:may|might)\ also\ like).{0,20}
    | (?:comments?|leave\ a\ (?:comment|reply)) | (?:tags?|keywords)
    | (?:مواضيع|[أا]خبار|مقالات|موضوعات)\s+(?:ذات\s+(?:صلة|علاقة)|متعلقة|مشابهة) | التعليقات.{0,10}
    | الكلمات\s+(?:المفتاحية|الدلالية) | الوسوم | وسوم | قد\s+يهمك\s+أيضا?ً?
    | انتهای\s+(?:پیام|خبر|گزارش).{0,12} | (?:مطالب|اخبار|خبرهای)\s+(?:مرتبط|مشابه|پیشنهادی) | (?:نظرات?
       |دیدگاه\s*ها|دیدگاه‌ها)(?:\s+(?:شما|کاربران))? | برچسب(?:\s*|‌)ها
    )\W*$""",
    re.VERBOSE | re.IGNORECASE,
)
# Joiners part words here: as themselves, and as the letter that carries them through trafilatura (see article.py).
_JOINERS = str.maketrans("\u200c\ua66e", "  ")
_PERSIAN = str.maketrans("يك", "یک")  # typed on an Arabic keyboard
# A full sentence is a pointer only where it has a colon, or claims rights.
_NAMES_ITSELF = re.compile(r"[:：؛|©]|rights|copyright|حقوق", re.IGNORECASE)
_DATELINE = re.compile(
    r"(?<!\d)[12١٢۱۲]\d{3}(?!\d).*(?<!\d)\d\d?[:h.٫]\d\d(?!\d)|(?<!\d)\d\d?:\d\d.*(?<!\d)[12١٢۱۲]\d{3}(?!\d)"
)
# An agency's last line: «انتهى/م.ع», the initials of who edited it.
_SIGNATURE = re.compile(r"^\W*(?:(?:انتهى|إنتهى|انتهي|تم)\W*)?(?:(?:[^\W\d_]\s?[./]\s?){1,3}[^\W\d_]?)?\W*$")
_RULE = frozenset("|-: ")  # of a table in plain text
_BAR = re.compile(r"(?<=\w)\s+[|•]\s+(?=\w)")
ENDS = (".", "!", "?", "…", ":", "؟", "۔", "。", '"', "”", "»")


def without_boilerplate(text: str) -> str:
    """`text`, a paragraph a line, without pointers, appeals and what comes behind an end heading."""
    lines = _before_end([line for line in text.split("\n") if line.strip()])
    kept = [line for at, line in enumerate(lines) if not is_boilerplate(line) and not (at < 3 and is_dateline(line))]
    while len(kept) > 1 and len(kept[-1]) <= SIGNATURE_MAX and _SIGNATURE.match(kept[-1]):
        del kept[-1]
    return "\n".join(kept) if kept else text


def is_pointer(line: str) -> bool:
    """Whether a line points to another article, or is a control."""
    return _POINTER.match(line) is not None


def is_boilerplate(line: str) -> bool:
    """Whether a line is a pointer, an appeal, or a bar of controls."""
    words = len(line.split())
    if words > APPEAL_WORDS or len(line) > LONGEST:
        return False
    spaced = line.strip().translate(_JOINERS)
    if set(spaced) <= _RULE:
        return True
    return any(_is_one(said, words) for said in dict.fromkeys((spaced, spaced.translate(_PERSIAN))))


def is_dateline(line: str) -> bool:
    """Whether a line is only a date with an hour, in whatever language it is."""
    return len(line) <= DATELINE and not line.endswith((".", "؟", "?")) and _DATELINE.search(line) is not None


def _is_one(line: str, words: int) -> bool:
    sentence = words >= SENTENCE_WORDS and line.endswith(ENDS) and not _NAMES_ITSELF.search(line)
    if words <= POINTER_WORDS and not sentence and all(_POINTER.match(part) for part in _BAR.split(line)):
        return True
    return _APPEAL.match(line) is not None


def _before_end(lines: list[str]) -> list[str]:
    total = sum(map(len, lines))
    said = 0
    for number, line in enumerate(lines):
        if number and (total - said) <= total * TAIL_SHARE and _ends(line):
            return lines[:number]
        said += len(line)
    return lines


def _ends(line: str) -> bool:
    spaced = line.translate(_JOINERS)
    return len(line) <= LONGEST and any(_END.match(said) for said in (spaced, spaced.translate(_PERSIAN)))
