import glob
import os

import kubernetes_validate
import pytest
import yaml

from conftest import ROOT

FOLDER = os.path.join(ROOT, "docker", "kubernetes")


def objects():
    for path in sorted(glob.glob(os.path.join(FOLDER, "*.yaml"))):
        with open(path) as file:
            for one in yaml.safe_load_all(file):
                yield pytest.param(one, id=f"{os.path.basename(path)}-{one['kind']}")


@pytest.mark.parametrize("one", list(objects()))
def test_an_object_is_as_kubernetes_has_it(one):
    kubernetes_validate.validate(one, "1.33", strict=True)


def test_a_wrong_object_is_noticed():
    with open(os.path.join(FOLDER, "sidecar.yaml")) as file:
        one = next(each for each in yaml.safe_load_all(file) if each["kind"] == "Deployment")
    one["spec"]["template"]["spec"]["initContainers"][0]["restartPolicies"] = "Always"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(one, "1.33", strict=True)
