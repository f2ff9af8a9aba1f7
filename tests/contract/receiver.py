"""What the other side of a delivery is in tests: a web server and a mail server on this machine."""

import threading
from asyncio import Server
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from standardwebhooks import Webhook

if TYPE_CHECKING:
    from email.message import EmailMessage

KEY = "whsec_" + "c2lnbmluZyBrZXkgb2YgdGhlIHRlc3RzIG9ubHkh"
OLD_KEY = "whsec_" + "dGhlIGtleSBiZWZvcmUgdGhpcyBvbmUsIG9ubHkh"


class Receiver:
    """Answers as told, then with 204; keeps what came: headers and body."""

    def __init__(self, *answers: int | tuple[int, dict[str, str]]) -> None:
        self.answers = list(answers)
        self.requests: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.requests.append((dict(self.headers), self.rfile.read(int(self.headers["content-length"]))))
                answer = receiver.answers.pop(0) if receiver.answers else 204
                status, headers = answer if isinstance(answer, tuple) else (answer, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of http.server
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.requests]

    def verified(self, key: str = KEY) -> list[dict[str, Any]]:
        """Return the bodies, each checked as a receiver does."""
        return [Webhook(key).verify(body, headers) for headers, body in self.requests]


class AnyPort(Controller):
    """A controller that asks for port 0 and learns which one it got before it knocks on it."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Mailbox:
    """Takes mail, after refusing as often as told; with a certificate it offers TLS."""

    def __init__(self, *refusals: str, tls: Any = None, at_once: bool = False, password: str = "") -> None:
        self.refusals = list(refusals)
        self.messages: list[EmailMessage] = []
        options: dict[str, Any] = {}
        if password:
            options = {
                "authenticator": lambda _server, _session, _envelope, _kind, data: AuthResult(
                    success=data.password.decode() == password, handled=False
                ),
                "auth_required": True,
            }
        if at_once:
            options["ssl_context"] = tls
        elif tls:
            options |= {"tls_context": tls, "require_starttls": True}
        self._controller = AnyPort(self, hostname="127.0.0.1", port=0, **options)

    async def handle_RCPT(self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if self.refusals:
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802 - names of aiosmtpd
        message = message_from_bytes(envelope.content, policy=policy.default)
        message["X-Envelope"] = f"{envelope.mail_from} -> {', '.join(envelope.rcpt_tos)}"
        self.messages.append(message)
        return "250 OK"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self._controller.port}"
