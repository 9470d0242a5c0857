"""Which notes quote an answer, for its fan; drafts are the house's own."""

from hearback.trust.export import keeps

keeps(
    "note_quote",
    """select jsonb_build_object(
           'note', n.slug, 'words', substr(a.words, e.starts + 1, e.ends - e.starts)) as told
       from excerpt e
       join note_quote q on q.company = e.company and q.excerpt = e.id
       join note n on n.company = q.company and n.id = q.note and n.state <> 'draft'
       left join answer a on a.company = e.company and a.id = e.answer
       where e.company = $1 and e.response = $2""",
)
