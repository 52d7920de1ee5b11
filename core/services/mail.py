"""Mail: links for a new password, sent by the worker to people who have given an address."""

import ipaddress
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from typing import Protocol
from urllib.parse import unquote, urlsplit

from core.domain.errors import InvalidInput, NotFound, Unavailable
from core.domain.people import Refused
from core.repositories.database import Database
from core.repositories.users import Users
from core.services.accounts import Accounts
from core.services.events import Events
from core.services.limits import Limits
from core.services.naming import name_key

TIMEOUT_SECONDS = 20.0
_PORTS = {"smtp": 587, "smtps": 465}
_MOST_AT_ONCE = 5  # accounts that share one mail address
_SUBJECT = "A new password for Playprint"
_TEXT = """Somebody, we hope you, asked for a new password of {name} on
{address}

Choose it here within two hours:
{link}

If it was not you, do nothing: the password stays as it is.
"""


class Jobs(Protocol):
    """What is used of ``core.queue.Queue``."""

    def defer_mail(self, user_id: int) -> None:
        """Ask for a link to be mailed to a person."""


@dataclass(frozen=True)
class MailServer:
    """Where mail goes out; ``secure`` speaks TLS from the first byte, otherwise as soon as the server offers it."""

    host: str
    port: int
    user: str
    password: str
    secure: bool

    @property
    def near(self) -> bool:
        """Return whether the server is on this very machine."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @contextmanager
    def opened(self) -> Iterator[smtplib.SMTP]:
        """Yield a connection that is signed in; a password never travels in the clear to another machine."""
        context = ssl.create_default_context()
        if self.secure:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        with connection:
            connection.ehlo()
            if not self.secure and connection.has_extn("starttls"):
                connection.starttls(context=context)
                connection.ehlo()
            elif not self.secure and self.user and not self.near:
                raise smtplib.SMTPNotSupportedError("the server offers no TLS to send a password through")
            if self.user:
                connection.login(self.user, self.password)
            yield connection


def mail_server(url: str) -> MailServer:
    """Return the server of an address like ``smtps://user:password@mail.example:465``; raises ``InvalidInput``."""
    parts = urlsplit(url)
    try:
        port = parts.port or _PORTS[parts.scheme]
    except (KeyError, ValueError):
        port = 0
    if not parts.hostname or not port:
        raise InvalidInput("PLAYPRINT_SMTP_URL has to look like smtps://user:password@mail.example:465.")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port, user, password, parts.scheme == "smtps")


def sender_of(configured: str, address: str) -> str:
    """Return whom mail comes from: as set, or playprint@ and the host people reach this instance at."""
    return configured or f"playprint@{urlsplit(address).hostname or 'localhost'}"


class Mail:
    """What is mailed, to whom, and when it is asked for."""

    def __init__(
        self,
        db: Database,
        *,
        url: str,
        sender: str,
        address: str,
        accounts: Accounts,
        limits: Limits,
        events: Events,
        jobs: Jobs,
    ) -> None:
        """Send through the server at ``url`` (blank: not at all), with links that begin with ``address``."""
        self._users, self._url, self._sender, self._address = Users(db), url, sender, address
        self._accounts, self._limits, self._events, self._jobs = accounts, limits, events, jobs

    def ask(self, person: str, *, address: str) -> None:
        """Ask for a link for whoever goes by this name or mail address; nobody learns whether there is anybody.

        The same is done for everybody, nobody included; what differs happens later, in the worker.

        Raises:
            Refused: ``no-mail`` where no mail server is set.
            SlowDown: asked for too often from this address or for this name.
        """
        if not self._url:
            raise Refused("no-mail")
        key = name_key(person)[:300].replace("\0", "")
        self._limits.take("forgot-address", address)
        self._limits.take("forgot-name", key)
        for user_id in self._users.reachable(name_key=key, email=key)[:_MOST_AT_ONCE] or [0]:
            self._jobs.defer_mail(user_id)

    def send_reset(self, user_id: int) -> bool:
        """Mail a person a link for a new password and return True; False when they are gone or have no address.

        Raises:
            Unavailable: the mail server does not take it.
        """
        user = self._users.get(user_id)
        try:
            recipient = self._users.email(user_id)
        except NotFound:
            return False
        if user is None or not recipient:
            return False
        link = f"{self._address}/welcome?link={self._accounts.link(user_id, mailed=True)}"
        try:
            with mail_server(self._url).opened() as connection:
                connection.send_message(self._message(recipient, user.name, link))
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(f"The mail server does not take mail ({type(error).__name__}).") from error
        self._events.note(user_id, "reset-asked")
        return True

    def _message(self, recipient: str, name: str, link: str) -> EmailMessage:
        message = EmailMessage()
        message["Subject"], message["From"], message["To"] = _SUBJECT, self._sender, recipient
        host = parseaddr(self._sender)[1].rpartition("@")[2]
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=host)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(_TEXT.format(name=name, address=self._address, link=link))
        return message
