import base64

import openai
import pytest

from support import GEMINI, user

PDF = base64.b64encode(b"%PDF-1.4\n" + bytes(range(256)) * 40).decode()
DATA = f"data:application/pdf;base64,{PDF}"


def question(**file):
    return user([{"type": "text", "text": "What is this?"}, {"type": "file", "file": file}])


@pytest.mark.parametrize("model", [GEMINI, "google/gemini-2.5-flash"])
@pytest.mark.parametrize("file", [{"filename": "a.pdf", "file_data": DATA}, {"file_data": DATA}])
def test_a_pdf_travels_inside_the_request(client, model, file):
    answer = client.chat.completions.create(model=model, messages=question(**file))
    assert "What is this? (with 1 attachment)" in answer.choices[0].message.content


@pytest.mark.parametrize("stream", [False, True])
def test_a_pdf_and_an_image_travel_together(client, stream):
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PDF}"}}
    messages = question(filename="a.pdf", file_data=DATA)
    messages[0]["content"].append(image)
    answer = client.chat.completions.create(model=GEMINI, messages=messages, stream=stream)
    text = ("".join(chunk.choices[0].delta.content or "" for chunk in answer if chunk.choices)
            if stream else answer.choices[0].message.content)
    assert "(with 2 attachments)" in text


def test_a_file_that_lies_at_openai_is_refused_with_the_way_out(client):
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(model=GEMINI, messages=question(file_id="file-abc"))
    assert "file_data" in refused.value.message
