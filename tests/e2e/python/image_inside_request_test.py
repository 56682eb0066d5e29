import base64

import pytest

from support import EVERY_KIND, user

PNG = base64.b64encode(bytes(range(256)) * 40).decode()


def parts(*urls):
    return [{"type": "text", "text": "What is this?"}] + [
        {"type": "image_url", "image_url": {"url": url}} for url in urls]


@pytest.mark.parametrize("model", EVERY_KIND)
def test_an_image_travels_inside_the_request(client, model):
    answer = client.chat.completions.create(
        model=model, messages=user(parts(f"data:image/png;base64,{PNG}")))
    assert "What is this? (with 1 attachment)" in answer.choices[0].message.content


def test_an_image_may_be_a_cloud_storage_address(client):
    answer = client.chat.completions.create(
        model="google/gemini-3.5-flash",
        messages=user(parts("gs://bucket/cat.jpeg", f"data:image/png;base64,{PNG}")))
    assert "(with 2 attachments)" in answer.choices[0].message.content
