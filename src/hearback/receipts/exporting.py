"""What a fan said back, for the fan."""

from hearback.trust.export import keeps

keeps(
    "hearback",
    """select jsonb_build_object('note', n.slug, 'verdict', b.verdict, 'words', b.words, 'on', b."on") as told
       from hearback b join note n on n.company = b.company and n.id = b.note
       where b.company = $1 and b.response = $2 order by b."on\"""",
)
