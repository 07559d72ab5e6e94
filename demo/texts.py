"""The invented articles of the scene: made-up places, meetings and quotes. Only names that the topics need are real.

Each language has its own, as its press would write. Nothing here happened.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """An article before an outlet prints it: a paragraph a line of its body."""

    title: str
    body: str
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


def _paragraphs(wrapped: str) -> str:
    """Unwrap what is written below: an empty line ends a paragraph."""
    return "\n".join(" ".join(paragraph.split()) for paragraph in wrapped.split("\n\n"))


RUMOUR = Text(
    title="منابع آگاه: سردار قاآنی برای میانجیگری وارد شهرک تل‌مروان شد",
    body=_paragraphs("""\
یک منبع آگاه که نخواست نامش فاش شود امروز به خبرنگار ما گفت سردار اسماعیل قاآنی، فرمانده نیروی قدس،
شامگاه گذشته بدون اعلام قبلی وارد شهرک مرزی تل‌مروان شده است.

به گفته این منبع، هدف از این سفر کوتاه میانجیگری میان سه گروه سیاسی عراقی است که بر سر تقسیم
وزارتخانه‌ها در دولت تازه اختلاف دارند. او افزود که نشست در مهمانسرای کاروان و پشت درهای بسته برگزار شده
و کمتر از دو ساعت طول کشیده است.

دو شاهد محلی نیز از دیده شدن چند خودروی سیاه با شیشه‌های دودی در جاده سدر خبر داده‌اند، اما نتوانستند
بگویند چه کسانی سرنشین آن‌ها بوده‌اند.

تاکنون هیچ مقام رسمی در تهران یا بغداد این گزارش را تأیید یا رد نکرده است و تلاش خبرنگار ما برای تماس با
شهرداری تل‌مروان بی‌نتیجه ماند. گزارش‌های مشابه در ماه‌های گذشته نیز بارها منتشر و سپس پس گرفته شده است.

این خبر در حال تکمیل است."""),
    tags=("عراق", "نیروی قدس"),
    authors=("میز خبر",),
)

RUMOUR_EDITED_TITLE = "ادعای سفر سردار قاآنی به تل‌مروان؛ مقام عراقی تکذیب کرد"

DENIAL = Text(
    title="مصدر حكومي ينفي زيارة قاآني إلى تل مروان: لا أساس لها من الصحة",
    body=_paragraphs("""\
نفى مصدر في المكتب الإعلامي لقضاء تل مروان، اليوم، صحة الأنباء التي تحدثت عن وصول قائد فيلق القدس
إسماعيل قاآني إلى القضاء لعقد اجتماع مع ممثلي كتل سياسية.

وقال المصدر لمراسلنا إن "ما نشرته مواقع ناطقة بالفارسية عارٍ عن الصحة جملة وتفصيلاً"، مبيناً أن دار
الضيافة التي ورد ذكرها مغلقة منذ شهرين لأعمال الترميم، ولم تستقبل أي وفد.

وأضاف أن السيارات التي شوهدت على طريق السدر تعود إلى فريق فني يتولى صيانة محطة الماء، وأن حركة السير في
المنفذ الحدودي كانت طبيعية طوال الليلة الماضية.

ودعا المصدر وسائل الإعلام إلى توخي الدقة والرجوع إلى الجهات الرسمية قبل النشر، مشيراً إلى أن القضاء
سيعرض تسجيلات كاميرات المراقبة على من يرغب من الصحفيين.

ولم يصدر عن الجانب الإيراني أي تعليق حتى لحظة إعداد هذا الخبر، فيما أكدت ثلاث كتل سياسية أن مفاوضاتها
مستمرة في بغداد من دون أي وسيط."""),
    tags=("تل مروان", "فيلق القدس"),
)

ENGLISH_REPORT = Text(
    title="Persian outlets report a Qaani visit to Tell Marwan; officials are silent",
    body=_paragraphs("""\
Several Persian-language news sites reported on the same morning that Esmail Qaani, the commander of the
Quds Force, had arrived unannounced in the border town of Tell Marwan to mediate between Iraqi political
blocs.

The reports all appear to go back to a single unnamed source. None of them carries a photograph, and two
of them repeat the first text word for word, including a misspelt street name.

A shopkeeper reached by telephone said that a convoy of dark vehicles had passed on the Sidr road
shortly after ten in the evening. He could not say who was travelling in it, or whether it stopped at
the guest house named in the reports.

The Placeholder Post could not verify the account. A spokesman for the town council asked for questions
in writing, and the office of the bloc said to have hosted the meeting did not pick up.

Unannounced trips of this kind have been claimed before. In most cases nothing further was heard of
them, and in some the claim was withdrawn within the day."""),
    tags=("Iraq", "Quds Force"),
    authors=("R. Sample",),
)

GOVERNMENT_DELAY = Text(
    title="تأجيل جلسة منح الثقة للوزارات الشاغرة في الحكومة العراقية إلى الأسبوع المقبل",
    body=_paragraphs("""\
أعلنت لجنة التفاوض المشتركة بين الكتل السياسية تأجيل جلسة مجلس النواب المخصصة للتصويت على مرشحي الوزارات
الشاغرة إلى الأسبوع المقبل، لعدم اكتمال الاتفاق على حقيبتين.

وقال عضو في اللجنة إن مفاوضات تشكيل الحكومة قطعت شوطاً طويلاً، وإن الخلاف انحصر في وزارة واحدة وهيئة
مستقلة، متوقعاً حسمه قبل نهاية الأسبوع.

وأوضح أن أربعة أسماء طُرحت لكل حقيبة، وأن رئيس الوزراء المكلف طلب مهلة إضافية لمقابلة المرشحين واحداً
بعد آخر، على أن تُرسل السير الذاتية إلى النواب قبل الجلسة بثلاثة أيام.

من جهتها رأت كتلة معارضة أن التأجيل المتكرر يضعف ثقة الشارع، وطالبت بعقد جلسة علنية تُعرض فيها أسباب
الخلاف. وأكدت أنها ستصوت ضد أي مرشح لا يقدم برنامجاً مكتوباً.

ومن المقرر أن تعقد اللجنة اجتماعاً جديداً مساء غد في قاعة البستان لمراجعة الصيغة النهائية للاتفاق."""),
    tags=("الحكومة العراقية", "مجلس النواب"),
)

GOVERNMENT_DEAL = Text(
    title="Blocs announce a deal on the last two ministries, ending a deadlock over Iraq's government",
    body=_paragraphs("""\
Negotiators said late in the afternoon that they had settled the last two vacant ministries, clearing
the way for a vote that has been put off three times.

Under the deal, as described by two members of the joint committee, the ministry that caused the
deadlock goes to a candidate without a party, while the smaller portfolio stays with the bloc that has
held it so far. The Iraqi government formation talks had stalled over the question for eleven days.

The prime minister-designate is expected to send the names to parliament in the morning. A confidence
vote could follow within three days, provided that the required number of members attends the session.

An opposition member called the arrangement "a list of names and not a programme" and announced that her
group would ask for a debate before any vote. She also asked for the text of the coalition agreement to
be published.

The committee denied that anybody from outside the country had taken part in the negotiations."""),
    tags=("Iraq", "government formation"),
    authors=("K. Mockup", "R. Sample"),
)

ARMED_FACTIONS = Text(
    title="لجنة حصر السلاح بيد الدولة تبدأ جرد مخازن الفصائل المسلحة في ثلاث محافظات",
    body=_paragraphs("""\
بدأت اللجنة المكلفة بملف حصر السلاح بيد الدولة جولة لجرد المخازن التابعة لعدد من الفصائل المسلحة
العراقية في ثلاث محافظات، وفق جدول اتفقت عليه الأطراف الشهر الماضي.

وذكر عضو في اللجنة أن الجولة الأولى شملت أربعة مواقع، وأن الفرق الفنية سجلت محتوياتها بحضور ممثلين عن
الجهات المعنية ومن دون أي احتكاك.

وأشار إلى أن فصيلاً واحداً طلب تأجيل الزيارة أسبوعين لأسباب إدارية، وأن اللجنة وافقت على الطلب بشرط
تسليم قائمة مكتوبة قبل الموعد الجديد.

وبحسب الخطة، تنتقل الأسلحة الثقيلة أولاً إلى مخازن وزارة الدفاع، تليها المتوسطة، فيما يُبحث مصير
المقاتلين وتفريغهم في لجنة منفصلة تجتمع كل يوم أحد.

ووصف مختص في الشؤون الأمنية الخطوة بأنها "بداية متواضعة لكنها قابلة للقياس"، داعياً إلى نشر تقرير شهري
يبين ما أُنجز وما تأخر."""),
    tags=("حصر السلاح", "الفصائل المسلحة"),
)

CHANNEL_POST = Text(
    title="الفصائل المسلحة العراقية تعلن تعليق تدريباتها في معسكر وادي السدر حتى نهاية الشهر",
    body=_paragraphs("""\
ورد إلى القناة قبل قليل بيان موقّع باسم تنسيقية الفصائل المسلحة العراقية، يعلن تعليق جميع التدريبات في معسكر
وادي السدر ابتداءً من صباح الغد وحتى نهاية الشهر الجاري.

وجاء في البيان أن القرار اتُّخذ بعد شكاوى متكررة من أهالي القرى القريبة من أصوات الرمي ليلاً، وأن لجنة مشتركة مع
وجهاء المنطقة ستحدد مواعيد جديدة لا تتعارض مع موسم الحصاد.

وأضاف البيان أن الطريق المؤدي إلى المعسكر سيُفتح أمام سيارات المزارعين من الفجر إلى الغروب، وأن الحواجز
الإسمنتية عند المدخل الشمالي ستُرفع خلال ثلاثة أيام.

ولم يذكر البيان أسماء الموقّعين عليه، ولم يتسن للقناة التحقق منه من جهة أخرى. سننشر ما يستجد من ردود حال
وصولها."""),
    tags=(),
)

ARMED_GROUPS_FA = Text(
    title="دو گروه از گروه‌های مسلح عراق فهرست سلاح‌های سنگین خود را سپردند",
    body=_paragraphs("""\
سخنگوی کمیته دولتی ساماندهی سلاح در نشست خبری امروز گفت دو گروه از گروه‌های مسلح عراق فهرست سلاح‌های سنگین خود را
به صورت مکتوب به این کمیته تحویل داده‌اند و گروه سوم نیز وعده همکاری داده است.

او توضیح داد که اجرای طرح انحصار سلاح در دست دولت در سه مرحله پیش می‌رود؛ نخست ثبت، سپس انتقال به
انبارهای ارتش و در پایان تعیین تکلیف نیروها. مرحله نخست به گفته او تا پایان فصل به پایان می‌رسد.

نماینده یکی از این گروه‌ها که نامی از او برده نشد، گفت همکاری آنان «مشروط به ضمانت مکتوب» است و اگر جدول
زمانی رعایت نشود، در ادامه راه بازنگری خواهند کرد.

کارشناسان می‌گویند دشوارترین بخش کار پهپادها هستند، زیرا در هیچ فهرست رسمی نیامده‌اند و نگهداری آن‌ها به
انبار ویژه نیاز ندارد.

کمیته قرار است هفته آینده از دو انبار در حومه شهر خیالی رودآباد بازدید کند."""),
    tags=("عراق", "گروه‌های مسلح"),
)

QUDS_FORCE_BACKGROUND = Text(
    title="Explainer: how the Quds Force appears in the press of three languages",
    body=_paragraphs("""\
A small study by the invented Institute for Reading compared one year of headlines in English, Arabic
and Persian that mention the Quds Force. It counted words and compared photographs, and asked what
readers remember a week later.

Persian headlines, the authors found, mostly report speeches and ceremonies, and name the rank before
the surname. Arabic headlines are more often about meetings, and spell the name in at least four ways.
English ones prefer background pieces, and explain the unit anew in every second paragraph.

The study also looked at corrections. Of some three hundred reports that rested on a single unnamed
source, about a third were amended later, usually without a note to the reader.

The authors recommend that editors show when a text was changed, and that readers count sources and not
copies. They also admit that their own sample was small, and that the archive of two outlets was
incomplete."""),
    tags=("media", "Quds Force"),
    authors=("P. Specimen",),
)

WEATHER_FA = Text(
    title="هواشناسی: بارش پراکنده در دره سرو و کاهش دمای شبانه",
    body=_paragraphs("""\
اداره هواشناسی از ورود سامانه بارشی ضعیفی به دره سرو خبر داد و اعلام کرد باران پراکنده از بعدازظهر امروز
آغاز می‌شود و تا فردا شب ادامه خواهد داشت.

به گفته کارشناس این اداره، دمای هوا در شب‌های آینده بین چهار تا شش درجه کاهش می‌یابد و در ارتفاعات
احتمال مه صبحگاهی وجود دارد. رانندگان بهتر است در گردنه نارون با زنجیر چرخ حرکت کنند.

کشاورزان نیز توصیه شده‌اند برداشت زعفران را تا پایان هفته به تعویق بیندازند و دریچه گلخانه‌ها را هنگام
شب ببندند. آبیاری باغ‌های سیب در این مدت ضرورتی ندارد.

ذخیره سد سرو با این بارش دو درصد بیشتر می‌شود، اما هنوز با میانگین بلندمدت فاصله دارد. اداره آب از
شهروندان خواست همچنان در مصرف صرفه‌جویی کنند.

هوای روز جمعه آفتابی پیش‌بینی شده است."""),
    tags=("هواشناسی",),
)

EXHIBITION_FA = Text(
    title="نمایشگاه خوشنویسی نسل تازه در خانه کتاب رودآباد گشایش یافت",
    body=_paragraphs("""\
نمایشگاه «نقطه و نفس» با شصت اثر از بیست‌وپنج خوشنویس جوان عصر دیروز در خانه کتاب رودآباد گشایش یافت و
تا دو هفته دیگر پذیرای بازدیدکنندگان است.

دبیر نمایشگاه در آیین گشایش گفت بیشتر آثار به خط نستعلیق نوشته شده‌اند، اما چند هنرمند تجربه‌هایی با خط
کوفی و چاپ دستی نیز عرضه کرده‌اند. به گفته او، داوران نام پدیدآورندگان را هنگام گزینش نمی‌دانستند.

در کنار نمایشگاه سه کارگاه آموزشی برای کودکان و یک نشست درباره کاغذهای دست‌ساز برگزار می‌شود. شرکت در
همه برنامه‌ها رایگان است و نام‌نویسی در محل انجام می‌گیرد.

یکی از بازدیدکنندگان گفت آنچه او را به اینجا کشانده، دیدن خط‌هایی است که «شتاب ندارند». فروش آثار به سود
کتابخانه روستایی دره سرو خواهد بود.

این خانه همه‌روزه جز شنبه‌ها از ده صبح باز است."""),
    tags=("فرهنگ", "خوشنویسی"),
)

SPORT_AR = Text(
    title="المنتخب يستعد لمباراة غانا الودية ويستدعي ثلاثة وجوه جديدة",
    body=_paragraphs("""\
أعلن الجهاز الفني للمنتخب قائمة اللاعبين المدعوين إلى المعسكر التدريبي استعداداً للمباراة الودية أمام
غانا، وضمت القائمة ثلاثة وجوه جديدة من أندية الدرجة الأولى.

وقال المدرب في مؤتمر صحفي إن الهدف من المباراة منح الشباب دقائق لعب حقيقية، وإن النتيجة تأتي في المرتبة
الثانية. وأضاف أن الفريق سيخوض حصتين تدريبيتين في اليوم قبل السفر.

ويغيب عن المعسكر حارس المرمى الأساسي بسبب إصابة في الكتف، فيما يعود قائد الفريق بعد غياب شهرين. ومن
المتوقع أن يبدأ المدرب بخطة هجومية تعتمد على الجناحين.

وتُقام المباراة في ملعب الواحة أمام خمسة عشر ألف متفرج، وقد بيعت نصف التذاكر في اليوم الأول. وتنقل
قناتان رياضيتان اللقاء مباشرة.

ويختتم المنتخب معسكره بمباراة ثانية أمام فريق محلي يُعلن عنه لاحقاً."""),
    tags=("رياضة", "كرة القدم"),
)

JERUSALEM_AR = Text(
    title="مهرجان الزيتون في القدس يفتح أبوابه أمام الزوار بثمانين حرفياً",
    body=_paragraphs("""\
افتُتح في مدينة القدس مهرجان الزيتون السنوي بمشاركة ثمانين حرفياً وعدد من المزارعين الذين عرضوا الزيت
والصابون والخزف في ساحة السوق القديمة.

وقالت منسقة المهرجان إن دورة هذا العام خصصت ركناً للأطفال يتعلمون فيه عصر الزيتون بالطريقة التقليدية،
وركناً آخر للطبخ يقدم فيه ستة طهاة أطباقاً موسمية.

وأوضحت أن المحصول كان جيداً رغم تأخر المطر، وأن أسعار الزيت بقيت قريبة من أسعار العام الماضي. وبلغ عدد
الزوار في اليوم الأول نحو ثلاثة آلاف.

ويتضمن البرنامج أمسية موسيقية كل مساء وجولات مع مرشدين في الحارات القديمة، فضلاً عن معرض للصور يوثق
مواسم القطاف في نصف قرن.

ويستمر المهرجان أربعة أيام، والدخول إليه مجاني، وتُخصص عائدات المزاد الختامي لترميم معصرة حجرية."""),
    tags=("ثقافة", "القدس"),
)

HARVEST_EN = Text(
    title="Date growers expect a good season as the river level rises",
    body=_paragraphs("""\
Growers along the lower stretch of the river expect the best date harvest in six years, after a winter
that brought more water than any since the gauge at the old bridge was installed.

The cooperative, which buys from about four hundred families, has ordered new crates and rented a second
cold store. Its manager said that the early varieties were already on the trees in good number, and that
the palms had recovered from two dry summers.

Prices are another matter. Two importers have asked for longer contracts at lower rates, and a third is
waiting for the first samples. The cooperative would rather sell less than sell below the cost of
picking.

An agronomist warned that more water also means more weevils, and handed out traps at the weekly market.
Volunteers from the school will check them every Tuesday and write down what they find.

The harvest opens with a small fair, a brass band and a competition for the heaviest bunch."""),
    tags=("farming",),
    authors=("D. Specimen",),
)

MUSEUM_EN = Text(
    title="A museum of typewriters opens in a former post office",
    body=_paragraphs("""\
One hundred and forty typewriters, the oldest of them from a shipping office, have moved into the former
post office on Canal Street, where visitors may use thirty of the machines themselves.

The collection belonged to a retired repairman who spent four decades looking for machines with Arabic,
Persian and Latin keyboards. He wanted them to be touched, he said, and so every room has paper, ribbons
and a table by the window.

One display explains how the joining letters were fitted on so few keys, and why some makers gave up on
the middle forms altogether. Another shows letters that were never sent, found under the carriage of a
machine from a hotel.

School classes come in the morning. In the evening there is a writing hour without telephones, which was
booked out for a month within two days of its announcement.

The museum is run by volunteers and asks for no entrance fee, only for a letter."""),
    tags=("culture",),
)
