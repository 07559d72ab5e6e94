"""What stands among an article's paragraphs and is none of it: pointers, share bars, appeals. Pure; knows no site.

Two passes. `prune` takes from the tree what its shape gives away; `without_boilerplate` drops lines
by what they say, in the languages that Rasad reads. Both are careful: a paragraph of prose is never dropped
for one word in it.
"""

import re

from lxml.html import HtmlElement

LINKS_ONLY = 0.95  # share of a block's letters that stand in links
POINTER_WORDS = 40  # longest line that a pointer ("Read also: …") may be
APPEAL_WORDS = 60
LONGEST = 600  # characters of a line that can be either
CELL_MAX = 400  # characters in a cell of a table that holds data
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
       |الموضوع|على|عبر|الرابط|مع|لصديق|إلى)\b.{0,60})?\W*$
    | (?:التعليقات?|[أا]ضف\s+تعليق\w*|اترك\s+(?:تعليق|رد)\w*|اكتب\s+تعليق\w*|لا\s+(?:توجد|يوجد)\s+تعليقات
       |\d+\s+تعليقا?ت?)(?:\s*[(:].{0,20})?\W*$
    | (?:إعلان|اعلان|إعلانات|اعلانات)\W*$ | (?:جميع|كافة|كل)\s+الحقوق\s+محفوظة.{0,60}$
    | (?:وقت|مدة)\s+القراءة.{0,30}$ | عدد\s+(?:القراءات|المشاهدات|الزيارات|القراء).{0,30}$ | (?:المشاهدات
       |مشاهدات|قراءات)\s*[:：]?\s*[\d٠-٩,.]*\W*$
    | (?:بیشتر\s+(?:بخوانید|بدانید|ببینید)|(?:این\s+(?:را\s+)?)?(?:هم|نیز|همچنین)\s+(?:بخوانید|ببینید)|بخوانید
       |همچنین\s+بخوانید|ببینید|حتما\s+بخوانید)\s*(?:[:؛|\-–—»«….].*|\W*$)
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
       |لمتابعة\s+(?:آخر|اخر|قناتنا|المزيد|أهم)|حمّ?ل(?:وا)?\s+تطبيق|اضغط(?:وا)?\s+هنا|سجل\s+(?:الدخول
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
    | (?:مواضيع|[أا]خبار|مقالات|موضوعات)\s+(?:ذات\s+(?:صلة|علاقة)|متعلقة|مشابهة) | التعليقات.{0,10} | (?:اقرأ
       |إقرأ|اقرا)\s+[أا]يض[اًا]* | الكلمات\s+(?:المفتاحية|الدلالية) | الوسوم | وسوم | قد\s+يهمك\s+أيضا?ً?
    | انتهای\s+(?:پیام|خبر|گزارش).{0,12} | (?:مطالب|اخبار|خبرهای)\s+(?:مرتبط|مشابه|پیشنهادی) | (?:نظرات?
       |دیدگاه\s*ها|دیدگاه‌ها)(?:\s+(?:شما|کاربران))? | برچسب(?:\s*|‌)ها | بیشتر\s+بخوانید
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
_BAR = re.compile(r"(?<=\w)\s+[|•]\s+(?=\w)")
_BLOCKS = frozenset({"p", "li", "h2", "h3", "h4", "h5", "h6", "div"})
_INLINE = frozenset({"a", "b", "strong", "em", "i", "u", "span", "br", "font", "small", "sup", "sub", "img", "svg"})
_LISTS = frozenset({"ul", "ol"})
_CUT = frozenset({"aside", "nav", "form", "button", "select", "textarea"})
_ENDS = (".", "!", "?", "…", ":", "؟", "۔", "。", '"', "”", "»")


def prune(tree: HtmlElement) -> None:
    """Takes out what cannot be an article's text by its shape. What holds much of the page's prose stays."""
    for later in _articles(tree)[1:]:
        _drop(later)
    _without_layout_tables(tree)
    prose = _prose(tree)
    for node in list(tree.iter()):
        if not isinstance(node.tag, str) or node.tag in ("html", "body", "article", "main") or node.getparent() is None:
            continue
        if node.tag in _CUT:
            if _prose(node) * 5 <= prose:
                _drop(node)
        elif node.tag in _LISTS:
            if _is_link_list(node):
                _drop(node)
        elif node.tag in _BLOCKS and _is_pointer(node):
            _drop(node)


def _articles(tree: HtmlElement) -> list[HtmlElement]:
    """The page's articles with a headline each: a page that goes on for ever appends others to its own."""
    return [
        node for node in tree.iter("article") if node.find(".//h1") is not None and node.find(".//article//h1") is None
    ]


def _without_layout_tables(tree: HtmlElement) -> None:
    """Tables that only place things become plain boxes: those with a table in them, or with paragraphs in a cell."""
    for table in [each for each in tree.iter("table") if each.find(".//th") is None]:
        cells = [cell for row in table.iter("tr") for cell in row.iterchildren("td")]
        if table.find(".//table") is not None or any(len(cell.text_content()) > CELL_MAX for cell in cells):
            for part in [table, *table.iter("tbody", "tr", "td")]:
                part.tag = "div"


def _drop(node: HtmlElement) -> None:
    """`drop_tree`, unless an ancestor went before it."""
    if node.getparent() is not None:
        node.drop_tree()


def _prose(node: HtmlElement) -> int:
    """Characters in its paragraphs."""
    return sum(len(paragraph.text_content()) for paragraph in node.iter("p"))


def _is_link_list(node: HtmlElement) -> bool:
    items = [item for item in node if item.tag == "li"]
    return len(items) >= 2 and all(_linked_share(item) >= LINKS_ONLY for item in items)


def _is_pointer(node: HtmlElement) -> bool:
    """A block of nothing but a link, or of a label and a link: "Related: …". Not where a sentence ends in it."""
    if node.find(".//a") is None or any(child.tag not in _INLINE for child in node.iter() if child is not node):
        return False
    text = " ".join(node.text_content().split())
    words = len(text.split())
    if words > POINTER_WORDS or not text:
        return False
    if _POINTER.match(text):
        return True
    return node.tag == "p" and words >= 4 and _linked_share(node) >= LINKS_ONLY and not text.endswith(_ENDS)


def _linked_share(node: HtmlElement) -> float:
    total = len("".join(node.text_content().split()))
    links = sum(len("".join(link.text_content().split())) for link in node.iter("a"))
    return links / total if total else 0.0


def without_boilerplate(text: str) -> str:
    """`text`, a paragraph a line, without pointers, appeals and what comes behind an end heading."""
    lines = _before_end([line for line in text.split("\n") if line.strip()])
    kept = [line for at, line in enumerate(lines) if not is_boilerplate(line) and not (at < 3 and is_dateline(line))]
    return "\n".join(kept) if kept else text


def is_boilerplate(line: str) -> bool:
    """Whether a line is a pointer, an appeal, or a bar of controls."""
    words = len(line.split())
    if words > APPEAL_WORDS or len(line) > LONGEST:
        return False
    spaced = line.strip().translate(_JOINERS)
    return any(_is_one(said, words) for said in dict.fromkeys((spaced, spaced.translate(_PERSIAN))))


def is_dateline(line: str) -> bool:
    """Whether a line is only a date with an hour, in whatever language it is."""
    return len(line) <= DATELINE and not line.endswith((".", "؟", "?")) and _DATELINE.search(line) is not None


def _is_one(line: str, words: int) -> bool:
    sentence = words >= SENTENCE_WORDS and line.endswith(_ENDS) and not _NAMES_ITSELF.search(line)
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
