"""A mail server of about sixty lines: real sockets, one connection at a time, every mail kept in a list."""

import base64
import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class MailServer:
    """What a server was sent: mails, who signed in, and whether the last connection was encrypted."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    signed_in: list[tuple[str, str]] = field(default_factory=list)
    encrypted: bool = False
    refuses: bool = False
    came: threading.Event = field(default_factory=threading.Event)


@contextmanager
def mail_server(
    tls: Literal["", "starttls", "at once"] = "", *, certificate: Path | None = None
) -> Iterator[MailServer]:
    """Serve on a free port of 127.0.0.1 until the block ends."""
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = MailServer(listening.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(listening, server, tls, context), daemon=True)
        thread.start()
        yield server
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def _serve(listening: socket.socket, server: MailServer, tls: str, context: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        try:
            if tls == "at once" and context:
                connection = context.wrap_socket(connection, server_side=True)
            with connection:
                _talk(connection, server, context if tls == "starttls" else None)
        except OSError:
            connection.close()  # the other side hung up, as over a certificate it does not trust


def _talk(connection: socket.socket, server: MailServer, context: ssl.SSLContext | None, *, greet: bool = True) -> None:
    """Hold one conversation; after STARTTLS it goes on over the encrypted connection."""

    def say(words: str) -> None:
        connection.sendall(f"{words}\r\n".encode())

    server.encrypted = isinstance(connection, ssl.SSLSocket)
    lines = connection.makefile("rb", buffering=0)
    if greet:
        say("220 here")
    while command := lines.readline().decode().strip():
        word, _, rest = command.partition(" ")
        if word.upper() == "EHLO":
            say("250-here\r\n250-AUTH PLAIN" + ("\r\n250-STARTTLS" if context else "") + "\r\n250 8BITMIME")
        elif word.upper() == "STARTTLS" and context:
            say("220 go on")
            lines.close()
            with context.wrap_socket(connection, server_side=True) as encrypted:
                _talk(encrypted, server, None, greet=False)
            return
        elif word.upper() == "AUTH":
            _, user, password = base64.b64decode(rest.split()[-1]).decode().split("\0")
            server.signed_in.append((user, password))
            say("235 welcome")
        elif word.upper() == "RCPT" and server.refuses:
            say("451 later")
        elif word.upper() == "RCPT":
            server.recipients.append(rest.partition(":")[2].strip("<> "))
            say("250 yes")
        elif word.upper() == "DATA":
            say("354 go on")
            body = b"".join(iter(lines.readline, b".\r\n")).replace(b"\r\n..", b"\r\n.")
            server.mails.append(message_from_bytes(body, policy=policy.default))  # type: ignore[arg-type]
            server.came.set()
            say("250 kept")
        elif word.upper() == "QUIT":
            say("221 bye")
            return
        else:
            say("250 yes")


def own_certificate(path: Path) -> Path:
    """Write a certificate for 127.0.0.1 with its key, signed by itself, and return its path."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "here")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    text = serialization.Encoding.PEM
    private = key.private_bytes(text, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(text))
    return path
