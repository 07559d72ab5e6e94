"""Invented reports of invented events in three languages. Two writers of one event share its facts and not its words.

Only the names that the shipped topics need are real, and the towns. Nothing here happened.
"""

import random
from dataclasses import dataclass

LANGUAGES = ("en", "ar", "fa")
Words = dict[str, str]  # by language


def _words(en: str, ar: str, fa: str) -> Words:
    return {"en": en, "ar": ar, "fa": fa}


PLACES = [
    _words(*each.split("|"))
    for each in [
        "Basra|البصرة|بصره",
        "Mosul|الموصل|موصل",
        "Kirkuk|كركوك|کرکوک",
        "Najaf|النجف|نجف",
        "Karbala|كربلاء|کربلا",
        "Samarra|سامراء|سامرا",
        "Erbil|أربيل|اربیل",
        "Sulaymaniyah|السليمانية|سلیمانیه",
        "Nasiriyah|الناصرية|ناصریه",
        "Amara|العمارة|عماره",
        "Diwaniyah|الديوانية|دیوانیه",
        "Ramadi|الرمادي|رمادی",
        "Fallujah|الفلوجة|فلوجه",
        "Tikrit|تكريت|تکریت",
        "Baiji|بيجي|بیجی",
        "Sinjar|سنجار|سنجار",
        "Haditha|حديثة|حدیثه",
        "Baqubah|بعقوبة|بعقوبه",
        "Khanaqin|خانقين|خانقین",
        "Zakho|زاخو|زاخو",
        "Halabja|حلبجة|حلبچه",
        "Kufa|الكوفة|کوفه",
        "Aleppo|حلب|حلب",
        "Beirut|بيروت|بیروت",
        "Damascus|دمشق|دمشق",
        "Mashhad|مشهد|مشهد",
        "Ahvaz|الأهواز|اهواز",
        "Kermanshah|كرمانشاه|کرمانشاه",
        "Tabriz|تبريز|تبریز",
        "Latakia|اللاذقية|لاذقیه",
        "Hilla|الحلة|حله",
        "Rutba|الرطبة|رطبه",
        "Makhmur|مخمور|مخمور",
        "Khalis|الخالص|خالص",
        "Balad|بلد|بلد",
        "Shirqat|الشرقاط|شرقاط",
        "Umm-Qasr|أم-قصر|ام\u200cالقصر",
        "Isfahan|أصفهان|اصفهان",
        "Shiraz|شيراز|شیراز",
        "Homs|حمص|حمص",
        "Hama|حماة|حماه",
        "Daraa|درعا|درعا",
        "Tripoli|طرابلس|طرابلس",
        "Sidon|صيدا|صیدا",
        "Zanjan|زنجان|زنجان",
        "Bushehr|بوشهر|بوشهر",
        "Qazvin|قزوين|قزوین",
        "Urmia|أرومية|ارومیه",
        "Ardabil|أردبيل|اردبیل",
    ]
]

ACTORS = {
    "qaani": _words(
        "Quds Force commander Esmail Qaani", "قائد فيلق القدس إسماعيل قاآني", "سردار اسماعیل قاآنی فرمانده نیروی قدس"
    ),
    "kataib": _words("Kata'ib Hezbollah", "كتائب حزب الله العراقية", "کتائب حزب‌الله عراق"),
    "asaib": _words("Asa'ib Ahl al-Haq", "عصائب أهل الحق", "عصائب اهل‌الحق"),
    "nujaba": _words("Harakat al-Nujaba", "حركة النجباء", "جنبش نجباء عراق"),
    "badr": _words("the Badr Organization", "منظمة بدر", "سازمان بدر عراق"),
}

LEADS = (
    _words(
        "{actor} met {n} tribal elders in {place} on {day} to settle a quarrel over water",
        "التقى {actor} {n} من شيوخ العشائر في {place} يوم {day} لحل خلاف على المياه",
        "{actor} روز {day} در {place} با {n} تن از بزرگان عشایر برای حل اختلاف آب دیدار کرد",
    ),
    _words(
        "{actor} inspects the rebuilding of {n} houses in {place}",
        "{actor} يتفقد إعادة بناء {n} منزلاً في {place}",
        "بازدید {actor} از بازسازی {n} خانه در {place}",
    ),
    _words(
        "{actor} sends {n} trucks of food and tents to {place} after the flood",
        "{actor} يرسل {n} شاحنة من الأغذية والخيام إلى {place} بعد السيول",
        "{actor} پس از سیل {n} کامیون غذا و چادر به {place} فرستاد",
    ),
    _words(
        "{actor} discusses border security in {place} with {n} officers",
        "{actor} يبحث أمن الحدود في {place} مع {n} ضابطاً",
        "گفت‌وگوی {actor} با {n} افسر درباره امنیت مرز در {place}",
    ),
    _words(
        "{actor} opens an office with {n} employees in {place}",
        "{actor} يفتتح مكتباً يضم {n} موظفاً في {place}",
        "{actor} دفتری با {n} کارمند در {place} گشود",
    ),
    _words(
        "{actor} receives a delegation of {n} merchants from {place}",
        "{actor} يستقبل وفداً من {n} تاجراً من {place}",
        "{actor} هیئتی از {n} بازرگان {place} را پذیرفت",
    ),
)

BODY = (
    _words(
        "{actor} arrived in {place} shortly before noon, and {n} people were waiting at the gate.",
        "وصل {actor} إلى {place} قبيل الظهر، وكان {n} شخصاً بانتظاره عند البوابة.",
        "{actor} اندکی پیش از ظهر به {place} رسید و {n} نفر دم دروازه منتظر بودند.",
    ),
    _words(
        "A local council member said that the talks in {place} had been prepared for {m} weeks.",
        "وقال عضو في المجلس المحلي إن المحادثات في {place} حُضّر لها منذ {m} أسابيع.",
        "یک عضو شورای محلی گفت گفت‌وگوهای {place} از {m} هفته پیش تدارک دیده شده بود.",
    ),
    _words(
        "The road to {place} was closed for {m} hours, and shops opened late on {day}.",
        "وأُغلق الطريق إلى {place} {m} ساعات، وفتحت المتاجر متأخرة يوم {day}.",
        "جاده {place} {m} ساعت بسته بود و مغازه‌ها روز {day} دیر باز شدند.",
    ),
    _words(
        "No statement was published by the provincial government, which has {n} seats on the committee.",
        "ولم يصدر بيان عن الحكومة المحلية التي تشغل {n} مقعداً في اللجنة.",
        "دولت محلی که {n} کرسی در کمیته دارد بیانیه‌ای منتشر نکرد.",
    ),
    _words(
        "Witnesses counted {n} cars in the convoy as it left {place} in the evening.",
        "وأحصى شهود {n} سيارة في الموكب لدى مغادرته {place} مساءً.",
        "شاهدان هنگام ترک {place} در غروب {n} خودرو در کاروان شمردند.",
    ),
    _words(
        "It is the {m}th visit of this kind since spring, according to a newspaper of {place}.",
        "وهي الزيارة رقم {m} من هذا النوع منذ الربيع بحسب صحيفة تصدر في {place}.",
        "به نوشته روزنامه‌ای در {place} این {m}مین دیدار از این دست از بهار تاکنون است.",
    ),
    _words(
        "An engineer in {place} said that pipes for {n} villages would be laid before winter.",
        "وقال مهندس في {place} إن أنابيب لـ{n} قرية ستُمد قبل الشتاء.",
        "مهندسی در {place} گفت لوله‌های {n} روستا تا پیش از زمستان کشیده می‌شود.",
    ),
    _words(
        "A spokesman declined to say what had been agreed, and asked for patience until {day}.",
        "وامتنع متحدث عن كشف ما اتُّفق عليه، وطلب الصبر حتى {day}.",
        "یک سخنگو از گفتن آنچه توافق شد خودداری کرد و تا {day} شکیبایی خواست.",
    ),
    _words(
        "Residents of {place} complained that {n} families had been without electricity for {m} days.",
        "واشتكى سكان {place} من أن {n} عائلة بلا كهرباء منذ {m} أيام.",
        "ساکنان {place} گلایه کردند که {n} خانواده {m} روز است برق ندارند.",
    ),
    _words(
        "The next meeting is to be held in {place} after {m} days, with {n} guests.",
        "ومن المقرر عقد الاجتماع المقبل في {place} بعد {m} أيام بحضور {n} ضيفاً.",
        "نشست بعدی قرار است {m} روز دیگر با {n} مهمان در {place} برگزار شود.",
    ),
    _words(
        "The hall was decorated with {n} lanterns that a school of {place} had made.",
        "وزُينت القاعة بـ{n} فانوساً صنعها تلاميذ مدرسة في {place}.",
        "تالار با {n} فانوس که دانش‌آموزان مدرسه‌ای در {place} ساخته بودند آراسته شد.",
    ),
    _words(
        "A photograph shows him beside a date palm, holding a map of the river.",
        "وتُظهر صورة وقوفه إلى جانب نخلة وهو يحمل خريطة للنهر.",
        "تصویری او را کنار یک نخل با نقشه‌ای از رود در دست نشان می‌دهد.",
    ),
    _words(
        "Truck drivers waited {m} hours at the bridge and were given tea.",
        "وانتظر سائقو الشاحنات {m} ساعات عند الجسر وقُدم لهم الشاي.",
        "رانندگان کامیون {m} ساعت پای پل ماندند و به آنان چای دادند.",
    ),
    _words(
        "The airport of {place} let only {n} passengers through that morning.",
        "ولم يسمح مطار {place} إلا بمرور {n} مسافراً ذلك الصباح.",
        "فرودگاه {place} آن بامداد تنها به {n} مسافر راه داد.",
    ),
    _words(
        "An old dispute about customs fees was not mentioned in the communique.",
        "ولم يُذكر في البيان الختامي الخلاف القديم على رسوم الجمارك.",
        "در بیانیه پایانی از اختلاف دیرین بر سر عوارض گمرک یادی نشد.",
    ),
    _words(
        "The chamber of commerce expects {n} new contracts before the end of the month.",
        "وتتوقع غرفة التجارة توقيع {n} عقداً جديداً قبل نهاية الشهر.",
        "اتاق بازرگانی تا پایان ماه {n} قرارداد تازه انتظار دارد.",
    ),
    _words(
        "Teachers used the occasion to ask for {m} months of unpaid wages.",
        "واستغل المعلمون المناسبة للمطالبة برواتب {m} أشهر متأخرة.",
        "آموزگاران از این فرصت برای خواستن {m} ماه حقوق پرداخت‌نشده بهره بردند.",
    ),
    _words(
        "Fishermen said that the lake had lost {n} centimetres since last year.",
        "وقال صيادون إن البحيرة انخفضت {n} سنتيمتراً منذ العام الماضي.",
        "ماهیگیران گفتند دریاچه از پارسال {n} سانتی‌متر پایین رفته است.",
    ),
    _words(
        "The bakery beside the mosque gave away {n} loaves for free.",
        "ووزع المخبز المجاور للمسجد {n} رغيفاً مجاناً.",
        "نانوایی کنار مسجد {n} قرص نان رایگان بخشید.",
    ),
    _words(
        "A judge from the capital attended as an observer and left before dinner.",
        "وحضر قاضٍ من العاصمة بصفة مراقب وغادر قبل العشاء.",
        "یک قاضی از پایتخت به عنوان ناظر آمد و پیش از شام رفت.",
    ),
    _words(
        "Radio reporters were allowed in for {m} minutes only.",
        "وسُمح لمراسلي الإذاعة بالدخول {m} دقائق فقط.",
        "به خبرنگاران رادیو تنها {m} دقیقه اجازه ورود داده شد.",
    ),
    _words(
        "Farmers brought samples of wheat that had been damaged by locusts.",
        "وأحضر مزارعون عينات من قمح أتلفه الجراد.",
        "کشاورزان نمونه‌هایی از گندم آسیب‌دیده از ملخ آوردند.",
    ),
    _words(
        "The hospital of {place} asked for {n} beds and two ambulances.",
        "وطلب مستشفى {place} {n} سريراً وسيارتي إسعاف.",
        "بیمارستان {place} {n} تخت و دو آمبولانس خواست.",
    ),
    _words(
        "Rain interrupted the ceremony twice, and the guests moved under a tent.",
        "وقطع المطر الاحتفال مرتين وانتقل الضيوف إلى خيمة.",
        "باران مراسم را دو بار برید و مهمانان به زیر چادر رفتند.",
    ),
    _words(
        "A former deputy minister called the agreement late but useful.",
        "ووصف وكيل وزارة سابق الاتفاق بأنه متأخر لكنه مفيد.",
        "یک معاون پیشین وزیر توافق را دیرهنگام اما سودمند خواند.",
    ),
    _words(
        "Pilgrims on their way through {place} were led along another street.",
        "ووُجه الزوار المارون بـ{place} إلى شارع آخر.",
        "زائرانی که از {place} می‌گذشتند به خیابانی دیگر راهنمایی شدند.",
    ),
    _words(
        "The football match of the evening was put off because of the traffic.",
        "وتأجلت مباراة كرة القدم المسائية بسبب الازدحام.",
        "مسابقه فوتبال شامگاه به سبب شلوغی عقب افتاد.",
    ),
    _words(
        "An auditor found that {n} receipts of the fund were missing.",
        "ووجد مدقق أن {n} إيصالاً من الصندوق مفقودة.",
        "حسابرسی دریافت که {n} رسید صندوق گم شده است.",
    ),
    _words(
        "Police in {place} reported no incident and returned {m} lost children to their parents.",
        "ولم تسجل شرطة {place} أي حادث وأعادت {m} أطفال تائهين إلى ذويهم.",
        "پلیس {place} رویدادی گزارش نکرد و {m} کودک گم‌شده را به پدر و مادرشان رساند.",
    ),
    _words(
        "Power cables were repaired overnight by a team that had come from the coast.",
        "وأصلح فريق قدم من الساحل أسلاك الكهرباء ليلاً.",
        "گروهی که از ساحل آمده بود شبانه کابل‌های برق را تعمیر کرد.",
    ),
)

DAYS = [
    _words(*each.split("|"))
    for each in ["Saturday|السبت|شنبه", "Sunday|الأحد|یکشنبه", "Monday|الاثنين|دوشنبه", "Tuesday|الثلاثاء|سه\u200cشنبه"]
]

GRAVE = _words(
    "{actor} killed in an air strike near {place}, unnamed sources say",
    "مصادر: مقتل {actor} في غارة جوية قرب {place}",
    "منابع آگاه: {actor} در حمله هوایی نزدیک {place} کشته شد",
)
DENIAL = _words(
    "Official denies that {actor} was killed near {place}: the reports are false",
    "مصدر رسمي ينفي مقتل {actor} قرب {place}: الأنباء غير صحيحة",
    "مقام رسمی کشته شدن {actor} نزدیک {place} را تکذیب کرد: خبر نادرست است",
)
ACCORDING = _words("{title}, according to {origin}", "نقلاً عن {origin}: {title}", "به نقل از {origin}: {title}")


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened: who, where, how many. `lead` is a sentence of LEADS, or one of its own."""

    actor: str
    place: int
    lead: Words
    seed: int

    def headline(self, language: str) -> str:
        return self._filled(self.lead, language)

    def report(self, language: str, writer: int = 0, sentences: int = 5) -> str:
        """The lead and some sentences, chosen and ordered by `writer`."""
        order = random.Random(f"{self.seed} {language} {writer}").sample(BODY, sentences)
        return "\n".join(self._filled(each, language) for each in (self.lead, *order))

    def names(self) -> set[str]:
        """The town as each language writes it: by it a message is known to tell of this event."""
        return {PLACES[self.place][language].replace("-", " ") for language in LANGUAGES}

    def _filled(self, words: Words, language: str) -> str:
        numbers = random.Random(self.seed)
        n, m, day = numbers.randrange(11, 99), numbers.randrange(3, 10), numbers.choice(DAYS)
        place, actor = PLACES[self.place][language].replace("-", " "), ACTORS[self.actor][language]
        return words[language].format(actor=actor, place=place, n=n, m=m, day=day[language])
