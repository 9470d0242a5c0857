"""Every room that keeps a fan's words, or what was made of them: importing this registers what each erases, and what
it keeps for the fan to see."""

from hearback.actions import erasing as actions  # noqa: F401
from hearback.answering import erasing as answering  # noqa: F401
from hearback.answering import exporting as answers_kept  # noqa: F401
from hearback.asking import erasing as asking  # noqa: F401
from hearback.changenotes import erasing as changenotes  # noqa: F401
from hearback.changenotes import exporting as quotes_kept  # noqa: F401
from hearback.fediverse import erasing as fediverse  # noqa: F401
from hearback.fediverse import exporting as heard_kept  # noqa: F401
from hearback.moderation import erasing as moderation  # noqa: F401
from hearback.moderation import exporting as decisions_kept  # noqa: F401
from hearback.notifying import erasing as notifying  # noqa: F401
from hearback.notifying import exporting as followers_kept  # noqa: F401
from hearback.promises import erasing as promises  # noqa: F401
from hearback.receipts import erasing as receipts  # noqa: F401
from hearback.receipts import exporting as words_back_kept  # noqa: F401
from hearback.replying import erasing as replying  # noqa: F401
from hearback.replying import exporting as replies_kept  # noqa: F401
from hearback.themes import erasing as themes  # noqa: F401
from hearback.themes import exporting as points_kept  # noqa: F401
