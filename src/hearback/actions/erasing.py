"""Where an action repeats what a fan wrote."""

from hearback.trust.erasure import Going, forgets, take_out

WRITTEN = [
    (
        "select id, title as words from action where company = $1",
        "update action set title = without_parts(title, $3) where company = $1 and id = $2",
    ),
    (
        "select id, why as words from action where company = $1 and why <> ''",
        "update action set why = without_parts(why, $3) where company = $1 and id = $2",
    ),
    (
        "select id, decline_reason as words from action where company = $1 and decline_reason <> ''",
        "update action set decline_reason = without_parts(decline_reason, $3) where company = $1 and id = $2",
    ),
]


@forgets("actions")
async def forget(going: Going) -> None:
    for select, update in WRITTEN:
        await take_out(going, select, update)
