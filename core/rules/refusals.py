"""What can be wrong with a rule or a search, in the words of three languages. Knows neither rules nor readers.

Whoever refuses names a code and its values; the English words are the error's own, a page or a bot asks for others.
"""

from core.errors import InputError, QueryError
from core.rules.syntax import START, Place
from core.text import GLUE
from core.tongue import LANGUAGES, RIGHT_TO_LEFT, digits

_WORDS = {  # code → English, Arabic, Persian
    "length": (
        "a rule of {length} characters; {most} are the limit",
        "عدد الأحرف {length}، والحد الأقصى {most}",
        "{length} نویسه دارد؛ بیشترین اندازه {most} است",
    ),
    "depth": (
        "nested more than {most} deep",
        "التداخل أعمق من {most} مستوى",
        "تودرتویی بیش از {most} سطح است",
    ),
    "brackets": (
        "more than {most} brackets inside one another",
        "أكثر من {most} قوس متداخل",
        "بیش از {most} پرانتز تودرتو",
    ),
    "misplaced": ("'{text}' does not belong here", "«{text}» في غير موضعه", "جای «{text}» اینجا نیست"),
    "empty": ("an empty rule", "لا شيء مكتوب", "چیزی نوشته نشده است"),
    "bracket": ("a bracket is never closed", "قوس لم يُغلق", "پرانتزی بسته نشده است"),
    "unfinished": (
        "the rule ends too early: a word is missing after its last operator",
        "النص ناقص: تنقص كلمة بعد آخر معامل",
        "ناتمام است: پس از آخرین عملگر واژه‌ای کم است",
    ),
    "unclosed": ("this {text} is never closed", "العلامة {text} لم تُغلق", "نشانهٔ {text} بسته نشده است"),
    "field": ("'{text}' is no field", "«{text}» ليس اسم حقل", "«{text}» نام هیچ فیلدی نیست"),
    "number": (
        "a number is missing after NEAR/, or a stray slash",
        "ينقص رقم بعد NEAR/، أو الشرطة المائلة زائدة",
        "پس از NEAR/ عددی کم است، یا ممیز زیادی است",
    ),
    "letter": ("'{text}' has no meaning here", "لا معنى للعلامة «{text}» هنا", "نشانهٔ «{text}» اینجا معنایی ندارد"),
    "distance": (
        "{text}: {most} words are the limit",
        "{text}: الحد الأقصى {most} كلمة",
        "{text}: بیشترین فاصله {most} واژه است",
    ),
    "not inside near": (
        "NOT inside {text} has no place",
        "لا مكان للنفي داخل {text}",
        "نفی درون {text} جایی ندارد",
    ),
    "at least": (
        "ATLEAST/{count} of {parts} parts",
        "ATLEAST/{count} مع أن عدد الأجزاء {parts}",
        "ATLEAST/{count}، اما شمار بخش‌ها {parts} است",
    ),
    "no word in phrase": ("a phrase without a word", "عبارة بلا كلمات", "عبارتی بی‌واژه"),
    "no word in braces": ("nothing between the braces", "لا شيء بين القوسين {{ }}", "میان دو ابرو {{ }} چیزی نیست"),
    "no word": ("'{text}' is not a word", "«{text}» ليست كلمة", "«{text}» واژه نیست"),
    "negative": (
        "only says what must not occur; add what must",
        "لا يذكر إلا ما يجب ألا يرد؛ أضف ما يجب أن يرد",
        "تنها می‌گوید چه نباید بیاید؛ آنچه باید بیاید را هم بنویسید",
    ),
    "holds no word": ("'{text}' holds no word", "لا كلمة في «{text}»", "در «{text}» واژه‌ای نیست"),
    "value": (
        "{text}: takes a word or a quoted text",
        "بعد {text}: تأتي كلمة أو نص بين علامتي اقتباس",
        "پس از {text}: یک واژه یا متنی در گیومه می‌آید",
    ),
    "topic in a circle": (
        "topic {text} refers to itself",
        "الموضوع {text} يحيل إلى نفسه",
        "موضوع {text} به خودش برمی‌گردد",
    ),
    "names in a circle": (
        "names contain one another: {text}",
        "أسماء يحوي بعضها بعضاً: {text}",
        "نام‌هایی که یکدیگر را در بر دارند: {text}",
    ),
    "story": (
        "story: takes a number, not '{text}'",
        "بعد story: يأتي رقم، لا «{text}»",
        "پس از story: یک عدد می‌آید، نه «{text}»",
    ),
    "no date": (
        "'{text}' is no date: write 2026-05-14, 2026-05, 2026 or ۱۴۰۵/۰۴",
        "«{text}» ليس تاريخاً: اكتب 2026-05-14 أو 2026-05 أو 2026 أو 1448-02",
        "«{text}» تاریخ نیست: بنویسید ۱۴۰۵/۰۴/۱۲، ۱۴۰۵/۰۴، ۱۴۰۵ یا 2026-05-14",
    ),
    "no day": (
        "'{text}' is no day of the calendar",
        "«{text}» ليس يوماً في التقويم",
        "«{text}» روزی در تقویم نیست",
    ),
    "backwards": (
        "'{text}' ends before it begins",
        "«{text}» ينتهي قبل أن يبدأ",
        "«{text}» پیش از آغازش پایان می‌یابد",
    ),
    "wildcard": (
        "'{text}': a wildcard needs {count} letters beside it",
        "«{text}»: يلزم {count} أحرف بجوار النجمة أو علامة الاستفهام",
        "«{text}»: کنار ستاره یا علامت پرسش {count} حرف لازم است",
    ),
    "wildcard before": (
        "'{text}': a wildcard needs {count} letters before it",
        "«{text}»: يلزم {count} أحرف قبل النجمة أو علامة الاستفهام",
        "«{text}»: پیش از ستاره یا علامت پرسش {count} حرف لازم است",
    ),
    "no name": ("there is no name @{text}", "لا يوجد اسم @{text}", "نامی به شکل @{text} نیست"),
    "writings": (
        "'{text}' stands for more than {most} spellings",
        "«{text}» يعني أكثر من {most} صيغة",
        "«{text}» بیش از {most} شکل دارد",
    ),
    "no choice": ("there is no {field} '{text}'", "لا قيمة «{text}» في {field}", "در {field} مقدار «{text}» نیست"),
    "cursor": (
        "'{text}' is no place to go on from; begin the search anew",
        "لا يمكن المتابعة من «{text}»؛ ابدأ البحث من جديد",
        "از «{text}» نمی‌توان ادامه داد؛ جستجو را از نو آغاز کنید",
    ),
}
_HINT = ("(did you mean {text}?)", "(أتقصد {text}؟)", "(منظورتان {text} است؟)")
_PLACE = ("line {line}, column {column}: ", "السطر {line}، الحرف {column}: ", "سطر {line}، نویسهٔ {column}: ")


def refused(code: str, at: Place = START, suggestion: str | None = None, **values: str | int) -> QueryError:
    """The error of a rule or query, to be raised. `at` is where in its text; KeyError for a code that has no words."""
    message = _filled(_WORDS[code], "en", values)
    return QueryError(message, line=at[0], column=at[1], suggestion=suggestion, code=code, values=values)


def unplaced(code: str, **values: str | int) -> InputError:
    """The error of what was chosen beside the text of a query."""
    return InputError(_filled(_WORDS[code], "en", values), code=code, values=values)


def told(language: str, error: InputError) -> str:
    """What is wrong, in the language; in English where the error is not one of these."""
    if not error.code:
        return error.message
    hint = error.suggestion if isinstance(error, QueryError) else None
    said = _filled(_WORDS[error.code], language, error.values)
    return f"{said} {_filled(_HINT, language, {'text': hint})}" if hint else said


def told_with_place(language: str, error: InputError) -> str:
    """The same behind the line and column, where the error has one."""
    if not (error.code and isinstance(error, QueryError)):
        return str(error)
    return _filled(_PLACE, language, {"line": error.line, "column": error.column}) + told(language, error)


def _filled(words: tuple[str, str, str], language: str, values: dict[str, str | int]) -> str:
    template = words[LANGUAGES.index(language)]
    return template.format(**{name: _shown(value, language) for name, value in values.items()})


def _shown(value: str | int, language: str) -> str:
    """A number in the language's digits; a text on one line, and one direction of its own beside ours."""
    if isinstance(value, int):
        return digits(language, f"{value:,}".replace(",", "٬") if language == "fa" else f"{value:,}")
    plain = "".join(letter if letter.isprintable() or letter in GLUE else " " for letter in value)
    return f"\u2068{plain}\u2069" if language in RIGHT_TO_LEFT else plain
