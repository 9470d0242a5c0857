"""Where a promise repeats what a fan wrote."""

from hearback.trust.erasure import Going, forgets, take_out

WRITTEN = [
    (
        "select id, words from promise where company = $1",
        "update promise set words = without_parts(words, $3) where company = $1 and id = $2",
    ),
    (
        "select id, why as words from promise where company = $1 and why <> ''",
        "update promise set why = without_parts(why, $3) where company = $1 and id = $2",
    ),
]


@forgets("promises")
async def forget(going: Going) -> None:
    for select, update in WRITTEN:
        await take_out(going, select, update)
