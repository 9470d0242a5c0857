"""What this room keeps of an answer, for its fan: its points, where they lie, and who in the house was shown them."""

from hearback.trust.export import keeps

keeps(
    "excerpt",
    """select jsonb_build_object(
           'words', substr(a.words, e.starts + 1, e.ends - e.starts), 'language', e.language, 'wording', e.wording,
           'marks', e.marks, 'vector', encode(e.vector, 'base64'), 'second', encode(e.second, 'base64')) as told
       from excerpt e left join answer a on a.company = e.company and a.id = e.answer
       where e.company = $1 and e.response = $2 order by e.starts""",
)
keeps(
    "placement",
    """select jsonb_build_object('theme', theme_called(h.name, h.terms, h.terms_in, ''), 'by', p.by,
                                'confidence', p.confidence, 'on', p."on") as told
       from excerpt e
       join placement p on p.company = e.company and p.excerpt = e.id
       left join theme t on t.company = p.company and t.id = p.theme
       left join theme h on h.company = t.company and h.id = t.heir
       where e.company = $1 and e.response = $2 order by e.starts""",
)
keeps(
    "close_theme",
    """select jsonb_build_object('theme', theme_called(h.name, h.terms, h.terms_in, ''), 'nearness', c.nearness) as told
       from excerpt e
       join close_theme c on c.company = e.company and c.excerpt = e.id
       join theme t on t.company = c.company and t.id = c.theme
       join theme h on h.company = t.company and h.id = t.heir and h.state = 'named'
       where e.company = $1 and e.response = $2 order by e.starts, c.nearness desc""",
)
keeps(
    "kept_apart",
    """select jsonb_build_object('theme', theme_called(h.name, h.terms, h.terms_in, ''), 'on', k."on") as told
       from excerpt e
       join kept_apart k on k.company = e.company and k.excerpt = e.id
       join theme t on t.company = k.company and t.id = k.theme
       join theme h on h.company = t.company and h.id = t.heir
       where e.company = $1 and e.response = $2 order by e.starts""",
)
keeps(
    "spot",
    """select jsonb_build_object('x', s.x, 'y', s.y) as told
       from excerpt e join spot s on s.company = e.company and s.excerpt = e.id
       where e.company = $1 and e.response = $2""",
)
keeps(
    "passed_on",
    """select jsonb_build_object('on', (p.at at time zone c.timezone)::date, 'to', m.name) as told
       from excerpt e
       join company c on c.id = e.company
       join passed_on p on p.company = e.company and p.excerpt = e.id
       join member m on m.company = p.company and m.id = p.member
       where e.company = $1 and e.response = $2""",
)
keeps(
    "voice_shown",
    """select jsonb_build_object('on', v."on", 'to', m.name) as told
       from excerpt e
       join voice_shown v on v.company = e.company and v.excerpt = e.id
       join member m on m.company = v.company and m.id = v.member
       where e.company = $1 and e.response = $2""",
)
