"""An OpenID Connect provider on loopback: whoever comes is who the test says they are.

Speaks discovery, the authorization code flow and JWKS (OpenID Connect Core 1.0), as
far as a relying party asks for them. It checks client and code, and signs properly.
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID = "niannian"
CLIENT_SECRET = "a-secret-between-app-and-provider"


@dataclass
class Provider:
    """``person`` are the claims of whoever signs in next."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, tuple[dict[str, Any], str]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))

    def discovery(self) -> dict[str, Any]:
        """What ``server_metadata_url`` leads to."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes next: back, with a code."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = (dict(self.person), asked.get("nonce", ""))
        back = urlencode({"code": code, "state": asked["state"]})
        return f"{asked['redirect_uri']}?{back}"

    def token(self, asked: dict[str, str]) -> dict[str, Any]:
        """An identity token for a code, once."""
        claims, nonce = self.codes.pop(asked["code"])
        now = int(time.time())
        signed = jwt.encode(
            {"alg": "RS256", "kid": "1"},
            {
                **claims,
                "iss": self.url,
                "aud": CLIENT_ID,
                "iat": now,
                "exp": now + 3600,
                "nonce": nonce,
            },
            self.key,
        )
        return {
            "access_token": "x",
            "token_type": "Bearer",
            "expires_in": 3600,
            "id_token": signed,
        }

    def secrets_toml(self, app_url: str) -> str:
        """What the app's ``secrets.toml`` says about this provider."""
        return "\n".join(
            (
                "[auth]",
                f'redirect_uri = "{app_url}/oauth2callback"',
                f'cookie_secret = "{secrets.token_hex(16)}"',
                f'client_id = "{CLIENT_ID}"',
                f'client_secret = "{CLIENT_SECRET}"',
                f'server_metadata_url = "{self.url}/.well-known/openid-configuration"',
            )
        )


@contextmanager
def oidc_provider() -> Iterator[Provider]:
    """A running provider."""
    provider = Provider()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.url = f"http://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            asked = {key: values[0] for key, values in parse_qs(address.query).items()}
            if address.path == "/authorize":
                self.send_response(302)
                self.send_header("location", provider.authorize(asked))
                self.end_headers()
            elif address.path == "/jwks":
                self._json({"keys": [provider.key.as_dict(private=False)]})
            else:
                self._json(provider.discovery())

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"])).decode()
            asked = {key: values[0] for key, values in parse_qs(raw).items()}
            said = self.headers.get("authorization", "").removeprefix("Basic ")
            expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
            if said != expected or asked["code"] not in provider.codes:
                self._json({"error": "invalid_grant"}, 400)
            else:
                self._json(provider.token(asked))

        def _json(self, body: Any, status: int = 200) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    return Handler
