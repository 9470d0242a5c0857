"""Remarks under the fields of a reply that is being written."""

STOCK = {"feeling": "Wir nehmen Ihr Anliegen sehr ernst.", "fact": "", "next_step": "Lena ruft am 3. Mai an."}


async def test_while_somebody_writes_remarks_come_under_the_field_and_no_field_changes(desk):
    reply = await desk.post("/replies/remarks", STOCK | {"language": "de"}, headers={"HX-Request": "true"})

    feeling = reply.text[
        reply.text.index('<div id="remarks-feeling"') : reply.text.index('<div id="remarks-fact"')
    ]
    assert reply.status_code == 200
    assert 'hx-swap-oob="true"' in feeling
    assert "<b>Floskel.</b> <q>nehmen Ihr Anliegen sehr ernst</q>" in feeling.replace("\xa0", " ")
    assert reply.text.count("<b>") == 1
    assert "<textarea" not in reply.text


async def test_a_language_that_nobody_knows_is_not_read(desk):
    reply = await desk.post("/replies/remarks", STOCK | {"language": "xx"}, headers={"HX-Request": "true"})

    assert reply.status_code == 200
    assert "<b>" not in reply.text
