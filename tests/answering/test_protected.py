"""A protected question: a proof of work counts once, for this question, within its time; without one somebody looks."""

import base64
import json
import re
from datetime import timedelta

import altcha
import pytest

from hearback.answering import public
from hearback.answering.tables import Response
from hearback.clock import now
from hearback.trust.integrity.tables import SpentProof
from tests import made

WORDS = "Rot und Grün sehen für meine Tochter gleich aus."
PATH = "/kranich/ask/geschuetzt"


@pytest.fixture
async def question(company):
    return await made.a_question(company, slug="geschuetzt", level="protected")


async def solved(fan, path: str = PATH) -> str:
    """What the page's script sends."""
    challenge = (await fan.get(f"{path}/proof")).json()
    solution = altcha.solve_challenge(altcha.Challenge.from_dict(challenge)).to_dict()
    solution.pop("time")
    return base64.b64encode(json.dumps({"challenge": challenge, "solution": solution}).encode()).decode()


async def send(fan, proof: str, words: str = WORDS, *, page: str = "", path: str = PATH):
    page = page or (await fan.get(path)).text
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
    prompt = re.search(r'<textarea[^>]* name="(p[0-9a-f]{32})"', page)[1]
    return await fan.post(
        f"{path}/answers", data={"key": key, prompt: words, "quoting": "no", "proof": proof}
    )


async def flags() -> list[tuple[str, str]]:
    rows = await Response.select(Response.state, Response.flag).order_by(Response.state)
    return [(row["state"], row["flag"]) for row in rows]


async def test_with_a_proof_it_counts_and_the_proof_is_spent(fan, question):
    page = await send(fan, await solved(fan))

    assert page.status_code == 201
    assert await flags() == [("counted", "")]
    assert await SpentProof.count() == 1


async def test_sent_twice_by_the_same_form_it_is_one_answer_that_counts(fan, question):
    page, proof = (await fan.get(PATH)).text, await solved(fan)

    first, again = [await send(fan, proof, page=page) for _ in range(2)]

    code = [re.search(r'id="code">([0-9A-Z-]+)<', one.text)[1] for one in (first, again)]
    assert code[0] == code[1]
    assert await flags() == [("counted", "")]


async def test_a_proof_that_was_used_counts_for_no_second_answer(fan, question):
    proof = await solved(fan)
    await send(fan, proof)

    page = await send(fan, proof, "Etwas ganz anderes, mit demselben Beweis.")

    assert "Rechenprobe" in page.text
    assert await flags() == [("counted", ""), ("held", "no_proof")]


async def test_proofs_of_another_question_too_old_or_put_together_count_for_nothing(
    fan, company, question, monkeypatch
):
    await made.a_question(company, slug="andere", level="protected")
    one, other = await solved(fan), await solved(fan)
    parts = [json.loads(base64.b64decode(proof)) for proof in (one, other)]
    spliced = {"challenge": parts[0]["challenge"], "solution": parts[1]["solution"]}
    foreign = await solved(fan, "/kranich/ask/andere")

    for proof in (foreign, base64.b64encode(json.dumps(spliced).encode()).decode(), "", "rubbish"):
        assert (await send(fan, proof)).status_code == 201
    monkeypatch.setattr(public, "now", lambda: now() + timedelta(minutes=6))
    await send(fan, one)

    assert await flags() == [("held", "no_proof")] * 5
    assert await SpentProof.count() == 0


async def test_without_javascript_it_is_said_before_and_after_that_somebody_looks_first(fan, question):
    page = (await fan.get(PATH)).text
    assert "Ohne JavaScript kann dein Gerät nicht mitrechnen" in page
    assert "proof.js" in page

    reply = await send(fan, "")

    assert reply.status_code == 201
    assert "Sie wartet noch auf einen Blick von uns" in reply.text


async def test_an_open_question_loads_no_script_for_it_and_gives_no_challenge(fan, company):
    await made.a_question(company, slug="offen")

    assert "proof" not in (await fan.get("/kranich/ask/offen")).text
    assert (await fan.get("/kranich/ask/offen/proof")).status_code == 404
    assert (await fan.get("/kranich/ask/gibtsnicht/proof")).status_code == 404
