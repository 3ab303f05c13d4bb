"""What `/openapi.json` promises, held against a real service by schemathesis: no 5xx, no response outside its schema.

`NAVO_QA_FUZZ=500` makes it 500 cases for each operation.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis, a development dependency, is not installed")

from schemathesis import checks  # noqa: E402
from schemathesis.config import SchemathesisConfig  # noqa: E402
from schemathesis.generation import GenerationMode  # noqa: E402
from schemathesis.schemas import BaseSchema  # noqa: E402

CASES = int(os.environ.get("NAVO_QA_FUZZ", "6"))
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.negative_data_rejection,
]
# Ids that are there, in place of most of those that chance makes.
KNOWN = {"document_id": ("brief", "verslag-ifmm-antalya-2025"), "number": (1, 2)}


@pytest.fixture(scope="module")
def api(server: str) -> BaseSchema:
    """The description that a service gives of itself."""
    rejected = {"negative_data_rejection": {"expected-statuses": ["400", "403", "404", "405", "413", "422"]}}
    config = SchemathesisConfig.from_dict({"checks": rejected})
    return schemathesis.openapi.from_url(f"{server}/openapi.json", config=config)


@pytest.mark.timeout(0 if CASES >= 50 else 240)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_every_response_is_as_described(api: BaseSchema, mode: GenerationMode) -> None:
    """Whatever is asked: a documented status, media type, body and headers, and no 2xx for what breaks the schema."""
    asked: Counter[str] = Counter()
    for found in api.get_all_operations():
        operation = found.ok()
        cases = operation.as_strategy(generation_mode=mode)

        @settings(
            max_examples=CASES,
            deadline=None,
            database=None,
            derandomize=CASES < 100,
            suppress_health_check=[*HealthCheck],
        )
        @given(case=cases)
        def ask(case: schemathesis.Case) -> None:
            if mode is GenerationMode.POSITIVE:
                _known(case)
            asked[case.operation.label] += 1
            case.call_and_validate(checks=CHECKS, timeout=60)

        with suppress(Unsatisfiable):  # nothing could be wrong in a request without parameters
            ask()
    print(f"{asked.total()} cases of {len(asked)} operations")  # noqa: T201 - shown by pytest -s
    assert len(asked) >= 12 and asked.total() >= 12 * CASES


def _known(case: schemathesis.Case) -> None:
    for name, value in list(case.path_parameters.items()):
        chosen = KNOWN.get(name, ())
        if chosen and len(str(value)) % 3:
            case.path_parameters[name] = chosen[len(str(value)) % len(chosen)]
