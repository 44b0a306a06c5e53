"""The sandbox spoken to in plain HTTP, without the adapter."""

import json
from typing import Any

import httpx

from claims.providers.sandbox_server import SandboxServer
from tests.claims.providers.parties import (
    NOON,
    REFERENCE,
)

PAYMENT = {
    "our_reference": REFERENCE,
    "amount_minor": 40_000,
    "currency": "USD",
    "payee_name": "Dana <b>Reyes</b>",
    "payee_account": "GB00SAND0001",
    "purpose_text": "Claim RC-7K3M-92PX",
}
VIEW = PAYMENT | {
    "provider_reference": "SBX-000001",
    "key": "key-1",
    "status": "CONFIRMED",
    "status_at": NOON.isoformat(),
    "accepted_at": NOON.isoformat(),
}


def call(
    server: SandboxServer, method: str, path: str, *, content: Any = None, **headers: str | bytes
) -> httpx.Response:
    body = content if isinstance(content, bytes | None) else json.dumps(content).encode()
    sent: dict[str, str | bytes] = {"Authorization": f"Bearer {server.key}"}
    sent |= {"Idempotency-Key": "key-1"} | headers
    kept = [(name.encode(), _bytes(value)) for name, value in sent.items() if value]
    return httpx.request(method, server.url + path, content=body, headers=kept, trust_env=False)


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


def pay(server: SandboxServer, **changes: Any) -> httpx.Response:
    return call(server, "POST", "/payments", content=PAYMENT | changes)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]
