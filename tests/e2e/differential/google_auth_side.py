"""The google-auth library, in this process, pointed at the scripted servers."""

import contextlib
import os
import types
import warnings
from collections.abc import Iterator
from typing import Any
from unittest import mock

import google.auth
import google.auth.transport.requests
from google.auth import (_exponential_backoff, _helpers, external_account, iam,
                         impersonated_credentials)
from google.auth.compute_engine import _metadata
from google.oauth2 import credentials as user_credentials

from case import CLOUD_PLATFORM, Case
from outcome import Outcome
from token_servers import TokenServers


@contextlib.contextmanager
def surroundings(case: Case, servers: TokenServers) -> Iterator[None]:
    """What the library has built in or reads once, and no waiting between its tries."""
    metadata = case.environment.get("GCE_METADATA_HOST", "metadata.google.internal")
    iam_path = "/v1/projects/-/serviceAccounts/{}:generateAccessToken"
    with contextlib.ExitStack() as stack:
        def replace(where: types.ModuleType, name: str, value: object) -> None:
            stack.enter_context(mock.patch.object(where, name, value))
        replace(user_credentials, "_GOOGLE_OAUTH2_TOKEN_ENDPOINT", servers.url("oauth", "/token"))
        replace(iam, "_IAM_ENDPOINT", servers.url("iam", iam_path))
        replace(external_account, "_CLOUD_RESOURCE_MANAGER",
                servers.url("projects", "/v1/projects/"))
        replace(_metadata, "_GCE_METADATA_HOST", metadata)
        replace(_metadata, "_NO_GCE_CHECK", case.environment.get("NO_GCE_CHECK") == "true")
        replace(_exponential_backoff, "time", types.SimpleNamespace(sleep=lambda _: None))
        stack.enter_context(mock.patch.dict(os.environ, case.environment, clear=True))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        yield


def run(case: Case, servers: TokenServers, authority: str) -> Outcome:
    with servers.playing(case) as seen, surroundings(case, servers):
        with mock.patch.dict(os.environ, {"REQUESTS_CA_BUNDLE": authority}):
            outcome = fetch(case)
    outcome.requests = list(seen)
    return outcome


def load(case: Case) -> tuple[Any, str | None]:
    if case.kind != "nested impersonation" or case.fault.startswith("file "):
        return google.auth.default(scopes=[CLOUD_PLATFORM])
    # It reads no such file, but can do what the file asks for.
    inner, _ = google.auth.load_credentials_from_dict(case.document["source_credentials"])
    target = case.document["service_account_impersonation_url"].rpartition("/")[2].partition(":")[0]
    found = impersonated_credentials.Credentials(
        inner, target, [CLOUD_PLATFORM], quota_project_id=case.document.get("quota_project_id"))
    project = os.environ.get("GOOGLE_CLOUD_PROJECT") or os.environ.get("GCLOUD_PROJECT")
    return found.with_quota_project_from_environment(), project


def fetch(case: Case) -> Outcome:
    try:
        found, project = load(case)
        if found.token is None:  # else it was needed to look up the project
            found.refresh(google.auth.transport.requests.Request())
    except Exception as error:  # it also lets KeyError and its kind through: a failure all the same
        return Outcome(failure=f"{type(error).__name__}: {error}")
    lifetime = (found.expiry - _helpers.utcnow()).total_seconds() if found.expiry else None
    return Outcome(token=found.token, lifetime=lifetime, project=project,
                   quota_project=found.quota_project_id)
