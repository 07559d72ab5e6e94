"""Numbers as texts write them, in digits or in words of three languages. Pure; words are folded.

Only what is a number wherever it stands: Persian «یک» and English "one" are articles and pronouns as well.
"""

from core.text import fold

_WORDS = {
    2: "اثنان اثنين اثنتان اثنتين دو two",
    3: "ثلاثة ثلاث سه three",
    4: "أربعة أربع چهار four",
    5: "خمسة خمس پنج five",
    6: "ستة ست شش six",
    7: "سبعة سبع هفت seven",
    8: "ثمانية ثمان ثماني هشت eight",
    9: "تسعة تسع نه‌تا nine",
    10: "عشرة عشر ده ten",
    11: "یازده eleven",
    12: "دوازده twelve",
    13: "سیزده thirteen",
    14: "چهارده fourteen",
    15: "پانزده fifteen",
    16: "شانزده sixteen",
    17: "هفده seventeen",
    18: "هجده هیجده eighteen",
    19: "نوزده nineteen",
    20: "عشرون عشرين بیست twenty",
    30: "ثلاثون ثلاثين سی thirty",
    40: "أربعون أربعين چهل forty",
    50: "خمسون خمسين پنجاه fifty",
    60: "ستون ستين شصت sixty",
    70: "سبعون سبعين هفتاد seventy",
    80: "ثمانون ثمانين هشتاد eighty",
    90: "تسعون تسعين نود ninety",
    100: "مئة مائة صد hundred",
    200: "مئتان مئتين مائتين دویست",
    300: "ثلاثمئة ثلاثمائة سیصد",
    1000: "ألف هزار thousand",
}
_ORDINALS = {
    2: "دوم دومین second",
    3: "الثالث الثالثة ثالث سوم سومین third",
    4: "الرابع الرابعة رابع چهارم چهارمین fourth",
    5: "الخامس الخامسة خامس پنجم پنجمین fifth",
    6: "السادس السادسة سادس ششم ششمین sixth",
    7: "السابع السابعة سابع هفتم هفتمین seventh",
    8: "الثامن الثامنة ثامن هشتم هشتمین eighth",
    9: "التاسع التاسعة تاسع نهم نهمین ninth",
    10: "العاشر العاشرة عاشر دهم دهمین tenth",
}
_VALUES = {
    fold(word): value for table in (_WORDS, _ORDINALS) for value, words in table.items() for word in words.split()
}


def number(word: str) -> int | None:
    """The number that a folded word is, or None. What has more than 12 digits is an address, not a number."""
    if word.isdecimal():
        return int(word) if len(word) <= 12 else None
    return _VALUES.get(word)


def is_numeral(word: str) -> bool:
    """Whether a folded word is written in digits, or begins with one: 12, 5g, 2nd."""
    return "0" <= word[0] <= "9"
