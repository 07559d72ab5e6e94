"""What goes from among an article's paragraphs, and what must stay."""

import time

import pytest

from spiders.readers.body import body
from spiders.readers.boilerplate import is_boilerplate, is_dateline, without_boilerplate
from spiders.readers.markup import parse
from spiders.readers.pruning import prune

PROSE = (
    "The council of the district met on Tuesday and asked the ministry for a clear plan of the road to the north.",
    "Two members said that the money for the bridge had been promised in spring, and that nothing had come of it.",
    "The ministry answered in the evening that the first part would be paid before the end of the year.",
    "Work on the second part of the road begins in April, when the water of the river is low enough.",
)


@pytest.mark.parametrize(
    "line",
    [
        "Read more: The bridge is late again",
        "Related:",
        "DON'T MISS",
        "Most read in politics",
        "Share this article on Facebook",
        "Comments (12)",
        "Advertisement",
        "Sign up for our daily newsletter and never miss a story",
        "Follow us on Telegram",
        "Have a tip? Write to the newsroom",
        "© 2026 The Paper. All rights reserved.",
        "اقرأ أيضاً: خطة لتوسعة الطرق",
        "إقرأ المزيد",
        "مواضيع ذات صلة",
        "قد يهمك أيضاً",
        "الكلمات المفتاحية: جسر، نهر",
        "شارك الخبر على فيسبوك",
        "تابعوا قناتنا على تلغرام",
        "جميع الحقوق محفوظة",
        "طباعة | أرسل لصديق",
        "بیشتر بخوانید: بازسازی پل",
        "همچنین بخوانید",
        "اخبار مرتبط",
        "برچسب‌ها: پل، رود",
        "انتهای پیام/",
        "بيشتر بخوانيد: بازسازي پل",
        "لینک کوتاه: https://x.example/1",
        "کد خبر: ۱۲۳۴۵",
        "برای دریافت خبرها در کانال ما عضو شوید",
        "دیدگاه‌ها (۳)",
    ],
)
def test_lines_that_are_no_part_of_an_article(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        *PROSE,
        "Read the letter aloud, the judge told him, and he did.",
        "Related claims were dismissed by the court in June.",
        "Comments by the minister caused anger in the south.",
        "Like it or not, the council has to pay for the bridge.",
        "More in the north than in the south voted for the plan.",
        "ذخیره آب سدهای استان بیشتر شد",
        "Share prices fell by a tenth on Monday.",
        "Subscribers of the network lost their line for two days",
        "اقرأ الرسالة بصوت عال، قال القاضي للشاهد.",
        "شارك الوزير في اجتماع اللجنة العليا صباح اليوم.",
        "تابع رئيس الوزراء سير العمل في المشروع.",
        "نظر شما را درباره این طرح پرسیدیم و پاسخ‌ها را نوشتیم.",
        "چاپ کتاب‌های درسی از مهر آغاز می‌شود.",
        "انتهای جاده به گذرگاه مرزی می‌رسد.",
    ],
)
def test_prose_that_begins_like_one_stays(line: str) -> None:
    assert not is_boilerplate(line)


def test_behind_an_end_heading_nothing_comes_but_only_at_the_end() -> None:
    tail = ["مواضيع ذات صلة", "جسر جديد في الجنوب", "أمطار في الشمال"]
    assert without_boilerplate("\n".join([*PROSE, *tail])) == "\n".join(PROSE)
    early = [PROSE[0], "Comments", *PROSE[1:]]
    assert without_boilerplate("\n".join(early)) == "\n".join(PROSE)


@pytest.mark.parametrize(
    "line",
    [
        "الثلاثاء 24 تشرين الثاني 2026 - 10:30",
        "سه‌شنبه ۳ آذر ۱۴۰۵ - ۱۴:۲۰",
        "November 20, 2026 - 11:28 AM",
        "10:30 24/11/2026",
    ],
)
def test_a_dateline_above_the_text_goes(line: str) -> None:
    assert without_boilerplate("\n".join([line, *PROSE])) == "\n".join(PROSE)
    assert is_dateline("In 2026 the council met at 10:30 in the town hall.") is False


def test_of_nothing_but_boilerplate_something_stays() -> None:
    assert without_boilerplate("Related:\nRead more: x") == "Related:\nRead more: x"


@pytest.mark.parametrize(
    "line", ["— " * 200 + "x", "-" * 50_000 + "x", "شارك " * 30, "((((" * 50, "Read more" + " " * 400 + "x"]
)
def test_a_line_made_to_be_slow_is_not(line: str) -> None:
    begun = time.process_time()
    is_boilerplate(line)
    without_boilerplate(f"x\n{line}")
    assert time.process_time() - begun < 0.5


def test_lists_of_links_and_pointers_leave_the_page() -> None:
    links = "<ul><li><a href='/1'>The bridge is late again</a></li><li><a href='/2'>Rain in the north</a></li></ul>"
    pointer = "<p>Related: <a href='/3'>What the ministry promised in spring</a></p>"
    source = "<p>The plan is in <a href='/4'>the report of the council</a>, which is 40 pages long.</p>"
    tree = parse(f"<body><article><p>{PROSE[0]}</p>{links}{pointer}{source}</article></body>")
    assert tree is not None
    prune(tree)
    text = tree.text_content()
    assert "late again" not in text
    assert "promised" not in text
    assert "40 pages" in text


def test_paragraphs_in_a_layout_table_are_an_article() -> None:
    cells = "".join(f"<p>{words}</p>" for words in PROSE)
    tree = parse(f"<table><tr><td><a href='/'>Home</a></td><td>{cells}</td></tr></table>")
    assert tree is not None
    assert body(tree, "https://news.example/1") == "\n\n".join(PROSE)


def test_of_a_page_that_goes_on_for_ever_the_first_article_is_read() -> None:
    one = "".join(f"<p>{words}</p>" for words in PROSE)
    two = "".join(f"<p>{words.replace('the', 'another')}</p>" for words in PROSE)
    tree = parse(f"<body><article><h1>One</h1>{one}</article><article><h1>Two</h1>{two}</article></body>")
    assert tree is not None
    text = body(tree, "https://news.example/1")
    assert text.endswith("\n\n".join(PROSE))
    assert "another" not in text


def test_json_ld_has_the_text_where_it_holds_the_printed_and_more() -> None:
    printed = "".join(f"<p>{words}</p>" for words in PROSE[:2])
    tree = parse(f"<body><article>{printed}</article></body>")
    assert tree is not None
    assert body(tree, "https://news.example/1", "\n\n".join(PROSE)) == "\n\n".join(PROSE)


def test_json_ld_of_another_text_is_not_believed() -> None:
    printed = "".join(f"<p>{words}</p>" for words in PROSE)
    tree = parse(f"<body><article>{printed}</article></body>")
    assert tree is not None
    said = "We bring you the news of the region every day.\n\n" * 40
    assert body(tree, "https://news.example/1", said) == "\n\n".join(PROSE)


def test_lines_parted_by_breaks_are_paragraphs() -> None:
    tree = parse(f"<body><h1>x</h1><div>{PROSE[0]}<br><b>{PROSE[1]}</b><br><br>{PROSE[2]}</div></body>")
    assert tree is not None
    prune(tree)
    assert [node.text_content() for node in tree.iter("p") if node.text_content()] == list(PROSE[:3])


def test_stories_that_follow_in_boxes_of_the_same_kind_are_others() -> None:
    one = "".join(f"<p>{words}</p>" for words in PROSE)
    boxes = f"<div class='story'><h1>One</h1>{one}</div><div class='story next'><h1>Two</h1><p>Another.</p></div>"
    tree = parse(f"<body><div class='logo'><a href='/'>News</a></div><div>{boxes}</div></body>")
    assert tree is not None
    prune(tree)
    assert "Another." not in tree.text_content()
    chapters = f"<section><h1>One</h1>{one}</section><section><h1>Two</h1><p>Another.</p></section>"
    tree = parse(f"<body><article>{chapters}</article></body>")
    assert tree is not None
    prune(tree)
    assert "Another." in tree.text_content()


def test_a_card_of_another_article_leaves_the_page_and_a_table_of_figures_stays() -> None:
    one = "".join(f"<p>{words}</p>" for words in PROSE)
    card = "<article><h3><a href='/2'>Rain in the north</a></h3><p>It rained.</p></article>"
    table = "<table><tr><td>wheat</td><td>12</td></tr><tr><td>rice</td><td>7</td></tr></table>"
    tree = parse(f"<body><article><h1>One</h1>{one}{table}</article>{card}</body>")
    assert tree is not None
    prune(tree)
    assert "It rained." not in tree.text_content()
    assert tree.find(".//table") is not None


@pytest.mark.parametrize("last", ["انتهى", "انتهى/م.ع", "م.ع", "انتهى.", "انتهای پیام/۱۱۰"])
def test_how_an_agency_signs_is_no_part_of_the_text(last: str) -> None:
    assert without_boilerplate("\n".join([*PROSE, last])) == "\n".join(PROSE)


def test_read_also_in_the_middle_does_not_end_a_text() -> None:
    assert without_boilerplate("\n".join([*PROSE[:-1], "اقرأ أيضاً :", PROSE[-1]])) == "\n".join(PROSE)


def test_the_lead_above_the_text_belongs_to_it() -> None:
    one = "".join(f"<p>{words}</p>" for words in PROSE[1:])
    tree = parse(f"<body><h1>x</h1><div class='item-lead'>{PROSE[0]}</div><div class='text'>{one}</div></body>")
    assert tree is not None
    assert body(tree, "https://news.example/1") == "\n\n".join(PROSE)
