"""What this room keeps of an answer, for its fan: what was replied to them, how they took it, what they said back."""

from hearback.trust.export import keeps

keeps(
    "reply",
    """select jsonb_build_object('from', m.name, 'sent_at', y.sent_at, 'feeling', y.feeling, 'fact', y.fact,
                                'next_step', y.next_step, 'next_by', y.next_by, 'why_corrected', y.why,
                                'words_gone_on', y.words_gone_on) as told
       from reply y join member m on m.company = y.company and m.id = y.writer
       where y.company = $1 and y.response = $2 and y.state = 'sent' order by y.sent_at, y.id""",
)
keeps(
    "reply_cosign",
    """select jsonb_build_object('reply_of', y.sent_at, 'by', m.name) as told
       from reply_cosign s
       join reply y on y.company = s.company and y.id = s.reply
       join member m on m.company = s.company and m.id = s.member
       where s.company = $1 and y.response = $2 order by s.at""",
)
keeps(
    "reply_voice",
    """select jsonb_build_object('reply_of', y.sent_at, 'heard', v.heard, 'answered', v.answered, 'on', v."on") as told
       from reply_voice v join reply y on y.company = v.company and y.id = v.reply
       where v.company = $1 and v.response = $2 order by y.sent_at, y.id""",
)
keeps(
    "word_back",
    """select jsonb_build_object('to_reply_of', y.sent_at, 'words', b.words, 'on', b."on") as told
       from word_back b join reply y on y.company = b.company and y.id = b.reply
       where b.company = $1 and b.response = $2 order by y.sent_at, b.nth""",
)
