"""A reply as one text, for a mail. No database, no web."""

from hearback.replying.queries import Reply
from hearback.replying.rules import StepKind
from hearback.words.speaking import Words


def in_one_text(reply: Reply, speak: Words) -> str:
    """Paragraphs, the next step last with who has it and by when. speak: the language of the reply."""
    step = (
        speak.say("reply.mail.step", words=reply.next_step, name=reply.owner_name, day=reply.first_due_on)
        if reply.step == StepKind.DOES
        else reply.next_step
    )
    why = speak.say("reply.mail.corrects", why=reply.why) if reply.corrects else ""
    return "\n\n".join(part for part in (why, reply.feeling, reply.fact, step) if part)
