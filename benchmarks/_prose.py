"""Invented articles in any number for measurements: every one differs from all others. The same for the same seed."""

import random
from dataclasses import dataclass

WORDS = {
    "en": "council bridge harvest committee river school market report station road engineer budget village clinic "
    "project water mayor journal harbour museum garden survey winter library railway orchard valley festival",
    "ar": "المجلس الجسر الموسم اللجنة النهر المدرسة السوق التقرير المحطة الطريق المهندس الموازنة القرية المستشفى "
    "المشروع الماء البلدية الصحيفة الميناء المتحف الحديقة المسح الشتاء المكتبة القطار البستان الوادي المهرجان",
    "fa": "شورا پل برداشت کمیته رودخانه مدرسه بازار گزارش ایستگاه جاده مهندس بودجه روستا درمانگاه طرح آب شهردار "
    "روزنامه بندر موزه باغ پژوهش زمستان کتابخانه راه‌آهن بوستان دره جشنواره",
}
WATCHED = {"en": "the Quds Force", "ar": "فيلق القدس", "fa": "نیروی قدس"}


@dataclass(frozen=True, slots=True)
class Prose:
    title: str
    body: str


class Writer:
    """Writes articles one after another; one in `watched_every` names a watched organisation."""

    def __init__(self, seed: int = 1, *, watched_every: int = 10) -> None:
        self._random = random.Random(seed)
        self._count = 0
        self._watched_every = watched_every

    def article(self, language: str, *, paragraphs: int = 5, sentences: int = 3) -> Prose:
        """An article of about `paragraphs` × `sentences` × 12 words; its number makes title and text its own."""
        self._count += 1
        subject = f" {WATCHED[language]}" if self._count % self._watched_every == 0 else ""
        title = f"{self._words(language, 6)}{subject} {self._count}"
        lines = [
            " ".join(f"{self._words(language, 11)} {self._count}." for _ in range(sentences)) for _ in range(paragraphs)
        ]
        return Prose(title, "\n".join(lines))

    def _words(self, language: str, count: int) -> str:
        return " ".join(self._random.choices(WORDS[language].split(), k=count)).capitalize()
