import pytest
from compose_spec import PyCompose

from compose import filled

MINE = {"HOME": "/home/me", "GOOGLE_CLOUD_PROJECT": "mine", "UID": "1001", "GID": "1002"}


@pytest.fixture
def text():
    return filled(MINE)


@pytest.fixture
def services(text):
    return PyCompose.from_yaml(text).to_dict()["services"]


def test_the_file_is_as_the_compose_specification_has_it(text):
    PyCompose.from_yaml(text).validate()


@pytest.mark.parametrize("right, wrong, where", [
    ("read_only: true\n    cap_drop", "read_only: perhaps\n    cap_drop", "relay.read_only"),
    ("condition: service_healthy", "condition: service_well", "app.depends_on"),
    ("stop_grace_period: 70s", "stop_grace_period: soon", "relay.stop_grace_period"),
    ("cap_drop: [ALL]", "cap_drop: ALL", "relay.cap_drop"),
])
def test_a_wrong_file_is_noticed(text, right, wrong, where):
    assert text.count(right) == 1
    with pytest.raises(ValueError, match=f"services.{where}"):
        PyCompose.from_yaml(text.replace(right, wrong)).validate()


def test_without_a_project_it_says_what_is_missing():
    with pytest.raises(AssertionError, match="the Google Cloud project to ask"):
        filled({"HOME": "/home/me"})


def test_only_the_app_reaches_the_relay(services):
    """One network namespace and no published port, so no key is needed."""
    relay, app = services["relay"], services["app"]
    assert app["network_mode"] == "service:relay" and "network_mode" not in relay
    assert not relay.get("ports") and not app.get("ports")


def test_the_relay_reads_my_login_and_can_change_nothing(services):
    relay = services["relay"]
    login, = relay["volumes"]
    assert login["source"] == "/home/me/.config/gcloud/application_default_credentials.json"
    assert login["target"] == relay["environment"]["GOOGLE_APPLICATION_CREDENTIALS"]
    assert relay["user"] == "1001:1002" and login["read_only"] and relay["read_only"]
    assert relay["cap_drop"] == ["ALL"]
