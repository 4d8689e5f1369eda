"""What the titles, headings and other lines of a page say of what stands under them: "FAQ", "Glossary", "See also"."""

import re
from functools import cache

from ankiexport.words import FIRST_UNSPACED, asks, is_question, word_lists, words_of

_LONGEST_HEADING = 14  # words
_SHORT_HEADING = 4
_LONGEST_OPENING = 5
_FEW_WORDS = 2
_BEGINNING = 80  # characters in which an answer has more words than "to be written"
_SHORT_UNSPACED = 4  # characters where no spaces are set
# What a template or a vault says to its author only: "{# … #}", "{{/* … */}}", "%% … %%", "{% comment %}"
_REMARK = re.compile(r"\{#[^#]*#\}|\{\{/\*[^*]*\*/\}\}|%%[^%]*%%|\[(?:TODO|TBD)[^\]]*\]|(?:TODO|FIXME)\s*:[^.\n]{0,60}")


def _says(text: str, phrases: frozenset[str]) -> bool:
    """Does a text hold one of these phrases, as whole words but in a script that sets no spaces?"""
    words = words_of(text)
    if text.isascii() and _first_words(phrases).isdisjoint(words):
        return False  # as nearly all
    joined = f" {' '.join(words)} "
    bare = joined.replace(" ", "")
    return any(f" {phrase} " in joined or (phrase[0] >= FIRST_UNSPACED and phrase in bare) for phrase in phrases)


@cache
def _first_words(phrases: frozenset[str]) -> frozenset[str]:
    return frozenset(phrase.partition(" ")[0] for phrase in phrases)


def says_faq(heading: str) -> bool:
    """Does a title or heading say that what follows are questions with their answers?"""
    lists = word_lists()["faq"]
    if asks(heading) or not lists["about"].isdisjoint(words_of(heading)):
        return False
    return len(words_of(heading)) <= _LONGEST_HEADING and _says(heading, lists["phrases"])


def says_glossary(heading: str) -> bool:
    """Does a title or heading say that what follows are terms with what they mean?"""
    words = words_of(heading)
    if asks(heading) or len(words) > _LONGEST_HEADING:
        return False
    lists = word_lists()["glossary"]
    words = [part for word in words for part in word.split("-")]
    last = len(words) <= _SHORT_HEADING and bool(words) and words[-1] in lists["alone"]
    return _says(heading.replace("-", " "), lists["phrases"]) or " ".join(words) in lists["alone"] or last


def is_described(title: str) -> bool:
    """Does a title say that a page lists people, settings or the like, and defines nothing?"""
    return not word_lists()["glossary"]["described"].isdisjoint(words_of(title))


def is_legal(title: str) -> bool:
    """Is this the title of a contract or of a site's terms?"""
    return _says(title, word_lists()["glossary"]["legal"])


def heads_setup(heading: str) -> bool:
    """Does a heading say that a thing is got or begun with here: "Installation"?"""
    return " ".join(words_of(heading)) in word_lists()["closing"]["setup"]


def leads_away(heading: str) -> bool:
    """Is this the heading of what neither asks nor defines: "See also", "Still have questions?"?"""
    words = words_of(heading.lstrip("0123456789. "))
    starts = {" ".join(words[:count]) for count in range(1, _LONGEST_OPENING + 1)}
    lists = word_lists()["closing"]
    return " ".join(words) in lists["headings"] or not starts.isdisjoint(lists["openings"])


def heads_article(heading: str) -> bool:
    return " ".join(words_of(heading)) in word_lists()["closing"]["article"]


def tells_of_article(text: str) -> bool:
    """Does a paragraph speak of the article or the lesson that it stands in?"""
    return _says(text, word_lists()["closing"]["tells"])


def leads_to_top(link: str) -> bool:
    return " ".join(words_of(link)) in word_lists()["closing"]["back"]


def heads_terms(first: str, second: str) -> bool:
    """Are these the heads of a table's columns with terms and what they mean?"""
    lists = word_lists()["glossary"]
    return " ".join(words_of(first)) in lists["term_heads"] and " ".join(words_of(second)) in lists["definition_heads"]


def are_languages(first: str, second: str) -> bool:
    """Are these the heads of the columns of a vocabulary: two languages, or one and what it means?"""
    lists = word_lists()["glossary"]
    names = [" ".join(words_of(head)) for head in (first, second)]
    is_second = names[1] in lists["languages"] | lists["translation_heads"] | lists["definition_heads"]
    return names[0] != names[1] and names[0] in lists["languages"] | lists["translation_heads"] and is_second


def is_fact(term: str) -> bool:
    """Does a list with this term describe something, rather than define it: "Author", "Returns"?"""
    return " ".join(words_of(term)) in word_lists()["glossary"]["facts"]


def is_remark(term: str) -> bool:
    """Is this bold word no term, but the name of a remark: "Note"?"""
    return " ".join(words_of(term)) in word_lists()["glossary"]["remarks"]


def says_nothing(answer: str) -> bool:
    """Does an answer only say that it is still to be written: "TODO", "{# to come #}"?"""
    return _says_it_is_missing(answer) or bool(_REMARK.fullmatch(answer.strip()))


def _says_it_is_missing(answer: str) -> bool:
    if len(words_of(answer[:_BEGINNING])) > _most_words_of_missing() + 1:  # the last may be cut
        return False  # as nearly all, which then need not be taken apart
    return " ".join(words_of(answer)) in word_lists()["faq"]["missing"]


@cache
def _most_words_of_missing() -> int:
    return max(len(phrase.split()) for phrase in word_lists()["faq"]["missing"])


def is_answer_label(text: str) -> bool:
    return " ".join(words_of(text)) in word_lists()["faq"]["answers"]


def is_question_label(text: str) -> bool:
    """Is this what stands before a question: "Q3", "Question 2"?"""
    bare = re.sub(r"[\s\d.]+$", "", text).lower()
    return bare == "q" or bare in word_lists()["faq"]["questions"]


def has_question_mark(text: str) -> bool:
    """Does a line end in a question mark, whatever closes after it: "Why (and when)?", “What is ‘it’?”"""
    return is_question(text.rstrip(" *_)）"))


def asks_clearly(text: str) -> bool:
    """Does a heading or a line ask: with its mark, or by how three words or more begin?"""
    is_long = len(words_of(text)) > _FEW_WORDS or (text[:1] >= FIRST_UNSPACED and len(text) > _SHORT_UNSPACED)
    return has_question_mark(text) or (is_long and asks(text))


def offers_to_show(summary: str) -> bool:
    """Does a summary say what a click does, rather than name a question: "Show the log"?"""
    first = words_of(summary)[:1]
    return bool(first) and first[0] in word_lists()["summary"]["verbs"]
