"""Who stands behind an outlet: the fixed vocabulary, and how messages and the page name each in a reader's language."""

AFFILIATIONS = ("state", "party", "faction-linked", "private", "exile", "foreign state", "unknown")

WORDS = {
    "en": {
        "affiliation.state": "state",
        "affiliation.party": "party",
        "affiliation.faction-linked": "faction-linked",
        "affiliation.private": "private",
        "affiliation.exile": "exile",
        "affiliation.foreign state": "foreign state",
        "affiliation.unknown": "affiliation unknown",
    },
    "ar": {
        "affiliation.state": "رسمية",
        "affiliation.party": "حزبية",
        "affiliation.faction-linked": "مقرّبة من فصيل",
        "affiliation.private": "ملكية خاصة",
        "affiliation.exile": "تصدر من الخارج",
        "affiliation.foreign state": "تابعة لدولة أجنبية",
        "affiliation.unknown": "تبعيتها غير معروفة",
    },
    "fa": {
        "affiliation.state": "دولتی",
        "affiliation.party": "حزبی",
        "affiliation.faction-linked": "نزدیک به یک گروه مسلح",
        "affiliation.private": "خصوصی",
        "affiliation.exile": "برون‌مرزی",
        "affiliation.foreign state": "وابسته به دولت خارجی",
        "affiliation.unknown": "وابستگی نامعلوم",
    },
}
