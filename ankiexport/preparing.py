"""Items → what every build wants to know of them and their texts alone decide: normalised texts, hashes, fields."""

from collections.abc import Iterable

from ankiexport import notetype
from ankiexport.identity import answer_text, normalise, plain_text, short_hash
from ankiexport.model import Item, Page, Prepared


def prepare(item: Item) -> Prepared:
    """An item with what its texts alone decide."""
    question = normalise(item.fingerprint_text)
    texts = notetype.texts_of(item)
    return Prepared(
        item=item,
        question=None if question == item.fingerprint_text else question,
        answer=short_hash(answer_text(item)),
        context=short_hash(plain_text(item.context)) if item.context else None,
        fields={name: field for name, field in notetype.as_fields(item).items() if field != texts[name]},
    )


def prepare_all(items: Iterable[Item], prepared: Iterable[Prepared]) -> tuple[Prepared, ...]:
    """The items prepared; what was prepared of these very items is taken."""
    known = {id(one.item): one for one in prepared}
    return tuple(known.get(id(item)) or prepare(item) for item in items)


def prepared_items(page: Page) -> tuple[Prepared, ...]:
    """The items of a page prepared, in page order."""
    return prepare_all(page.items, page.prepared)
