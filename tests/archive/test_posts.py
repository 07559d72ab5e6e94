"""What is kept of a channel's posts beside their text."""

from dataclasses import replace

from archive import posts
from core.lines import CSV_COLUMNS, EXPORT_COLUMNS, POST_COLUMNS, article_record, csv_record
from core.model import Article, KeptPost, Post
from tests.archive.scene import START, Scene

SEEN = Post(
    8,
    10,
    950,
    forwarded_from="قناة البحيرة",
    forwarded_url="https://t.me/lake/5",
    links=("https://lake.example/1",),
    media=("photo",),
)


def posted(scene: Scene, post: Post = SEEN, **known: str) -> Article:
    return scene.publishes("karun", known.get("title", ""), "وصل الوفد إلى بغداد صباح اليوم والتقى عدداً.", post=post)


def test_the_first_sight_is_kept_whole(scene: Scene) -> None:
    assert posted(scene).post == KeptPost(
        number=8,
        last=10,
        views_first=950,
        views=950,
        views_at=START,
        edited=None,
        forwarded_from="قناة البحيرة",
        forwarded_url="https://t.me/lake/5",
        links=("https://lake.example/1",),
        media=("photo",),
    )
    assert scene.publishes().post is None


def test_views_rise_and_the_first_ones_stay(scene: Scene) -> None:
    article = posted(scene)
    for views in (950, 1_200, None):
        scene.later(minutes=10)
        scene.write(posts.sight, {article.id: replace(SEEN, views=views)}, scene.now)
    post = scene.article(article.url).post
    assert post is not None
    assert (post.views_first, post.views) == (950, 1_200)
    assert (post.views_at - START).total_seconds() == 20 * 60


def test_an_edit_is_dated_by_its_first_sight_and_stays(scene: Scene) -> None:
    article = posted(scene)
    first = scene.later(minutes=5)
    for seen in (replace(SEEN, edited=True, media=()), replace(SEEN, edited=True), SEEN):
        scene.write(posts.sight, {article.id: seen}, scene.now)
        scene.later(hours=1)
    post = scene.article(article.url).post
    assert post is not None
    assert (post.edited, post.media) == (first, ("photo",))


def test_what_is_archived_of_the_post_passed_on_is_found(scene: Scene) -> None:
    original = scene.publishes("tigris", text="وصل الوفد صباح اليوم إلى المدينة القديمة.", url="https://t.me/lake/5")
    copy = posted(scene)
    elsewhere = posted(scene, replace(SEEN, forwarded_url="https://t.me/sea/5"), title="أخرى")
    nowhere = posted(scene, replace(SEEN, forwarded_url=None), title="ثالثة")
    ids = [copy.id, elsewhere.id, nowhere.id, original.id]
    assert scene.ask(posts.origins, ids) == {copy.id: original.id}


def test_an_export_has_a_key_and_a_column_for_each(scene: Scene) -> None:
    article = posted(scene)
    line = article_record(article)
    assert tuple(line) == EXPORT_COLUMNS
    assert tuple(line["post"]) == POST_COLUMNS
    row = csv_record(article)
    assert tuple(row) == CSV_COLUMNS
    assert (row["post_views"], row["post_forwarded_from"], row["post_media"]) == ("950", "قناة البحيرة", "photo")
    assert set(csv_record(scene.publishes())) == set(CSV_COLUMNS)
