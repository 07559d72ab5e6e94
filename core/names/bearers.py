"""Who bears a surname, as far as the words directly before it tell: a rank, a title, somebody's first name.

Knowledge of three languages and nothing of any one name. All lists are folded.
"""

import re
from collections.abc import Collection

from core.clitics import ARTICLE, lookups
from core.rules.lexicon import Document, Mention
from core.text import ARTICLES, fold, glued


def _words(text: str) -> frozenset[str]:
    return frozenset(map(fold, text.split()))


RANKS = _words("""
اللواء لواء الفريق فريق العميد عميد الجنرال جنرال ژنرال المشير العقيد سرهنگ الحاج حاج حاجي الحاجي الشيخ شيخ
السيد سيد القائد قائد القيادي الزعيم المجاهد سردار سرلشكر سرلشگر سرتيپ سپهبد فرمانده شهيد الشهيد gen general
brig brigadier maj lt col colonel commander cmdr haj hajj haji hajji sheikh shaikh sheik shaykh sayyid sayyed
seyyed seyed sayed sardar
""")
"""Ranks and titles that make a bare surname a person's who has one."""

_BETWEEN_RANK = _words("الركن الدكتور دكتور دكتر پاسدار ستاد الأول دوم dr general gen")

_SERVANT = _words("عبد")
_KUNYAS = _words("أبو أبا أبي Abu Abo Abou")
_SHORTEST_DRESSED = 4  # letters up to which و ب ل belong to the word: وليد
_VERBS = _words("Said")
_MIDDLE = _words(
    "الحسيني حسيني الموسوي موسوي بن ابن سيد السيد Hosseini Husseini Hussaini Hossein bin ibn "
    "Sayyid Sayyed Sayed Seyyed Seyed"
)

GIVEN = _words("""
محمد أحمد محمود حامد حسن حسين محسن علي عليرضا رضا محمدرضا غلامرضا غلامعلي محمدعلي حسينعلي مهدي محمدمهدي هادي
جعفر محمدجعفر باقر محمدباقر صادق محمدصادق موسى عيسى إبراهيم إسماعيل إسحاق يعقوب يوسف يونس داود سليمان قاسم
أبوالقاسم مصطفى مرتضى مجتبى مسعود ميثم حميد مجيد وحيد سعيد رشيد فريد وليد خالد طارق ماجد زياد رياض تركي فيصل
سلمان سلطان بندر نايف عبدالله عبدالعزيز عبدالرحمن عبدالكريم عبدالحسين عبدالرضا عبدالأمير أمير نصر منصور ناصر
نصير كاظم كريم رحيم حليم سليم سالم سلام ياسر ياسين يحيى زكريا صالح صلاح ضياء بهاء علاء عماد إياد عمار عامر عمر
عثمان أنيس إسلام أسامة أكرم أشرف أنور أيمن باسم بدر بشار بلال تحسين ثامر جمال جواد جابر حازم حبيب حبيبالله حيدر
خليل راشد رائد رسول رعد سامي سعد سعدون شاكر شاهين شبل طاهر طالب طه عادل عارف عاصم عباس عدنان عزيز عصام غازي فارس
فاضل فاروق فؤاد فهد لطيف ليث مازن مثنى مراد مروان معتز معن منتظر منير ناظم نبيل نجم نزار نعيم نوري هاشم هاني
هيبت هشام هيثم وسام هبة هدى زينب فاطمة مريم زهرا ليلى سارة نرجس انسيه معصومه پيام پيمان پژمان پرويز بهرام بهروز
بهزاد بهنام اشكان ارش امين ايمان اميد افشين فرهاد فرشاد فرزاد فرامرز كامران كيوان مهرداد مهران مازيار مجتبا
سهراب سياوش سينا شهرام شهاب شهريار هومن يدالله رحمتالله روحالله نعمتالله فدا فداحسين عزتالله اسدالله حشمتالله
نصرالله لطفالله همايون هوشنگ داريوش فالح فلاح ستار عبدالستار عبدالجبار عبدالزهرة عبدالواحد عبدالهادي حسام همام
قصي عدي رافد مقداد علاوي مهند وائل واثق نواف مشعان جاسم لؤي قحطان نوفل Falih Faleh Falah Sattar Hussam Qusay Uday
Muhannad Wael Nawaf Mishan Jassim Jasim Qahtan Mohammed Mohammad Muhammad Mohamed Ahmad Ahmed Mahmoud Hamid Hassan Hasan
Hussein Hossein Husain Mohsen Ali Alireza Reza Mohammadreza Gholamreza Mehdi Mahdi Hadi Jafar Jaafar Baqir Baqer
Bagher Sadiq Sadegh Sadeq Musa Mousa Moussa Isa Ibrahim Ebrahim Ismail Esmail Ishaq Eshaq Yaqub Yusuf Yousef
Younis Davoud Dawood Qasim Qassem Qasem Ghasem Mustafa Mostafa Morteza Murtada Mojtaba Mujtaba Masoud Maysam
Majid Vahid Wahid Saeed Said Rashid Farid Walid Khalid Khaled Tariq Tarek Majed Ziad Riyad Riad Riyadh Turki
Faisal Faysal Salman Sultan Abdullah Abdallah Abdulaziz Abdul Abdel Karim Kareem Rahim Salim Salem Salam Yasser
Yaser Yahya Zakaria Saleh Salah Imad Iyad Ayad Ammar Amer Omar Othman Anis Anees Islam Osama Akram Ashraf Anwar
Ayman Bassem Bashar Bilal Jamal Jawad Javad Jaber Habib Habibollah Haider Haidar Khalil Rashed Raed Saad Sami
Shakir Shaheen Shibl Taher Talib Taha Adel Adil Aref Asim Abbas Adnan Aziz Issam Ghazi Fares Fadhil Farouk Fuad
Fahd Latif Laith Mazen Murad Marwan Munir Nabil Najm Nizar Nouri Nuri Hashem Hani Haibat Hisham Haitham Heba
Hiba Huda Zainab Fatima Fatemeh Maryam Mariam Zahra Leila Layla Sara Sarah Narges Ensieh Masoumeh Payam Peyman
Parviz Bahram Behrouz Behzad Arash Amin Iman Omid Afshin Farhad Farshad Farzad Kamran Keyvan Mehrdad Mehran
Siavash Sina Shahram Shahab Shadi Shahriar Ruhollah Rouhollah Sirajuddin
""")
"""First names as they stand before the surname of somebody."""

EVERYDAY = _words("""
باسم طالب صالح أشرف أكرم سلام إسلام نصر نجم پيام پيمان فارس أمير بدر جمال عمر سالم سعيد كريم رحيم رشيد فريد وحيد مجيد
ناصر منتظر عزيز حبيب لطيف رسول رضا رعد رائد شاهين شهاب شاكر حازم طاهر عادل فاضل مراد نعيم وسام هبة هدى إيمان اميد امين
سلطان تحسين بندر مهران سينا فدا همايون زياد مثنى Islam Riyadh Sina Mehran
""")
"""First names that are other words more often before a surname: «المتحدث باسم», «طالب», «لصالح», «پیام», in Riyadh."""

_HONORIFICS = _words(
    "النائب نائب الوزير الدكتور دكتر الأستاذ المهندس القاضي المحامي أمير الأمير آقاي آقا Mr Dr Prince MP"
)

_STOP = re.compile(r"[,،:;؛!?؟\n]")
_SENTENCE = re.compile(r"[.:!?؟\n«“\"]")


def titled(document: Document, mention: Mention) -> bool:
    """Whether a rank or title stands directly before the mention; quotation marks and «الدكتور» may stand between."""
    words = document.zones[mention.zone]
    at = _before(words, mention.start)
    while at >= 0 and not _is_any(words[at], RANKS) and _is_any(words[at], _BETWEEN_RANK):
        at = _before(words, at)
    return at >= 0 and _is_any(words[at], RANKS) and not _STOP.search(document.gap(mention.zone, at, mention.start))


def is_anothers(document: Document, mention: Mention, own: Collection[str]) -> bool:
    """Whether somebody else's first name stands directly before the mention: none of `own`, the words of the name.

    Of several names (his own, his father's, his grandfather's) the first is his: «قيس هادي حسن الخزعلي» is Qais.
    """
    words = document.zones[mention.zone]
    at = _before_middle(words, mention.start)
    if at < 0 or not (given := _given_at(words, at)) or given & set(own):
        return False
    if at and _is_any(words[at - 1], _KUNYAS):
        return False
    gap = document.gap(mention.zone, at, mention.start)
    if _STOP.search(gap) or "." in gap or not _is_meant_as_name(document, mention, at, given):
        return False
    return not _first_of_chain(document, mention.zone, at) & set(own)


def _before_middle(words: list[str], at: int) -> int:
    """The place of the word before, passing over what stands between a first name and a surname."""
    at = _before(words, at)
    while at >= 0 and _is_any(words[at], _MIDDLE):
        at = _before(words, at)
    return at


def _first_of_chain(document: Document, zone: int, at: int) -> set[str]:
    """The first of the names that stand one after the other up to a place."""
    words = document.zones[zone]
    first = _given_at(words, at)
    while (at := _before_middle(words, last := at)) >= 0 and (given := _given_at(words, at)):
        if _STOP.search(gap := document.gap(zone, at, last)) or "." in gap:
            break
        first = given
    return first


def _is_meant_as_name(document: Document, mention: Mention, at: int, given: set[str]) -> bool:
    """Whether the first name before a mention is one in this place, and not the everyday word that it also is."""
    words = document.zones[mention.zone]
    if words[at].isascii():
        small = words[at][0].islower() and not words[mention.start][0].islower()
        if small or (given & _VERBS and _begins_sentence(document, mention.zone, at)):
            return False
    return not given <= EVERYDAY or _is_introduced(document, mention.zone, at)


def _begins_sentence(document: Document, zone: int, at: int) -> bool:
    """Or stands in capitals, which tell nothing."""
    return at == 0 or document.zones[zone][at].isupper() or bool(_SENTENCE.search(document.gap(zone, at - 1, at)))


def _is_introduced(document: Document, zone: int, at: int) -> bool:
    """Whether a rank, an honorific or another first name stands directly before a word."""
    words = document.zones[zone]
    before = _before(words, at)
    if before < 0 or _STOP.search(document.gap(zone, before, at)):
        return False
    return _is_any(words[before], RANKS | _HONORIFICS) or bool(_given(words[before]) - EVERYDAY)


def is_compound(document: Document, mention: Mention) -> bool:
    """Whether a half-space ties the mention to the word before it: بنی‌صدر is no Sadr."""
    return mention.start > 0 and glued(document.zones[mention.zone][mention.start - 1])


def _before(words: list[str], at: int) -> int:
    """The place of the word before, passing over al- in Latin letters; -1 when there is none."""
    at -= 1
    while at >= 0 and fold(words[at]) in ARTICLES:
        at -= 1
    return at


def _given_at(words: list[str], at: int) -> set[str]:
    """The first names that the word at a place may be; «عبد الكريم» is one of two words."""
    form = fold(words[at])
    if at and form.startswith(ARTICLE) and _is_any(words[at - 1], _SERVANT):
        return {fold(words[at - 1]) + form}
    return _given(words[at])


def _given(word: str) -> set[str]:
    """The first names that a word may be: بمحمد, سیدمجتبی. None has an article or a plural (الإسلام, عليها)."""
    form = fold(word)
    forms = {form, form.removeprefix("سید")}
    if len(form) > _SHORTEST_DRESSED and form[0] in "وبل":
        forms.add(form[1:])
    return forms & GIVEN


def _is_any(word: str, forms: frozenset[str]) -> bool:
    return any(form in forms for form in lookups(fold(word)))
