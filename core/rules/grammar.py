"""The rule grammar as lark reads it. The words of the language are decided here and nowhere else.

Operators stand in capitals, or as their Arabic or Persian word in square brackets: «و» alone is a common word, so
[و] is the operator and و the word.
"""

from core.text import APOSTROPHES, GLUE, INVISIBLE, MARKS

FIELDS = ("title", "lead", "body", "text", "source", "lang", "author", "url", "tag", "topic", "name", "story", "date")
"""title, lead and body are the parts of an article; text is lead or body; the others compare what is known of it."""

_TEMPLATE = r"""
start: or_

?or_: and_ (_OR and_)*
?and_: not_ (_AND? not_)*
?not_: _NOT not_ -> negation
     | near
?near: unit (near_op unit)*
near_op: NEAR | ONEAR | NOTNEAR | SENT
?unit: FIELD unit -> fielded
     | primary
?primary: "(" or_ ")" -> group
        | ATLEAST "(" or_ ("," or_)* ")" -> at_least
        | SCORE "(" weighted ("," weighted)* ")" -> score
        | "=" exactly -> exact
        | PHRASE -> phrase
        | CASED -> cased
        | NAME -> name
        | TERM -> term
?exactly: PHRASE -> phrase
        | TERM -> term
weighted: or_ WEIGHT

_OR.3: /OR(?![^\W_])|\||\[(أو|او|یا)\]/
_AND.3: /AND(?![^\W_])|&|\[و\]/
_NOT.3: /NOT(?![^\W_])|-|!|\[(ليس|لیس|نه)\]/
NEAR.3: /NEAR(\/\d+)?(?![^\W_])|\[(قرب|نزدیک)(\/\d+)?\]/
ONEAR.3: /ONEAR(\/\d+)?(?![^\W_])|\[(ثم|سپس)(\/\d+)?\]/
NOTNEAR.3: /NOTNEAR(\/\d+)?(?![^\W_])|\[(بعيد|بعید|دور)(\/\d+)?\]/
SENT.3: /SENT(?![^\W_])|\[(جملة|جمله)\]/
ATLEAST.3: /ATLEAST\/\d+(?=\s*\()|\[(الأقل|الاقل|دست‌کم|دستکم)\/\d+\](?=\s*\()/
SCORE.3: /SCORE\/\d+(?=\s*\()|\[(نقاط|امتیاز)\/\d+\](?=\s*\()/
FIELD.2: /(%FIELDS%)\s*:/
NAME: /@[A-Za-z0-9_-]+/
PHRASE: /("[^"]*"|«[^»]*»|“[^”]*”)(~\d+)?/
CASED: /\{[^{}]*\}/
WEIGHT: /\^-?\d+(x\d+)?/
TERM: /(?!(AND|OR|NOT|NEAR|ONEAR|NOTNEAR|SENT|ATLEAST|SCORE)(?![^\W_]))[\w*?]%INNER%*([-._\/]{1,2}(?=[\w*?])%INNER%+)*/

COMMENT: /#[^\n]*/
%ignore COMMENT
%ignore /[\s%INVISIBLE%]+/
"""

GRAMMAR = (
    _TEMPLATE.replace("%FIELDS%", "|".join(FIELDS))
    .replace("%INNER%", f"[\\w*?{MARKS}{APOSTROPHES}{INVISIBLE}{GLUE}]")
    .replace("%INVISIBLE%", f"{INVISIBLE}{GLUE}")
)
