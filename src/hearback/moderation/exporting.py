"""What was decided about an answer, for its fan; who is at the desk reads it there."""

from hearback.trust.export import keeps

keeps(
    "cover",
    """select jsonb_build_object(
           'covered', substr(coalesce(a.own_words, a.words), v.starts + 1, v.ends - v.starts), 'as', v.heard_as,
           'rule', v.rule, 'reason', v.reason, 'by', m.name, 'on', (v."at" at time zone c.timezone)::date) as told
       from cover v join company c on c.id = v.company join answer a on a.company = v.company and a.id = v.answer
       left join member m on m.company = v.company and m.id = v.by
       where v.company = $1 and v.response = $2 order by v."at", v.starts""",
)
keeps(
    "second_look",
    """select jsonb_build_object(
           'about', l.about, 'your_words', l.words, 'asked_on', l.asked_on, 'outcome', l.outcome, 'answer', l.answer,
           'by', m.name, 'decided_on', (l."at" at time zone c.timezone)::date) as told
       from second_look l join company c on c.id = l.company left join member m on m.company = l.company and m.id = l.by
       where l.company = $1 and l.response = $2 order by l.asked_on, l.id""",
)
keeps(
    "moderated",
    """select jsonb_build_object('heard_as', heard_as, 'waits_for_a_decision', waits) as told
       from moderated where company = $1 and response = $2""",
)
keeps(
    "trusted",
    """select jsonb_build_object('trusted_on', (t."at" at time zone c.timezone)::date) as told
       from trusted t join company c on c.id = t.company where t.company = $1 and t.response = $2""",
)
