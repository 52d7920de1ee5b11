"""What asking an open source may end in, apart from an answer."""

from datetime import datetime

from core.domain.errors import PlayprintError


class FactsError(PlayprintError):
    """A source of facts gave no answer."""


class NotNow(FactsError):
    """The source wants a pause, or the day's calls are spent; nobody was asked. Again from ``retry_at`` on."""

    def __init__(self, service: str, retry_at: datetime) -> None:
        super().__init__(f"{service} wants no questions until {retry_at:%Y-%m-%d %H:%M} UTC; Playprint goes on then.")
        self.service, self.retry_at = service, retry_at


class Trouble(FactsError):
    """The source cannot be reached, or its answer cannot be used; what was asked about is asked again later."""

    def __init__(self, service: str, why: str) -> None:
        super().__init__(f"{service} gave no usable answer ({why}); Playprint asks again later.")
        self.service, self.why = service, why


class Refused(Trouble):
    """The source answers this question to nobody without a token, or not with this one."""
