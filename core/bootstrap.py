"""Puts the parts together: one ``Playprint`` per process, its services made when first asked for.

Services are imported where they are made: the worker must not pay for the frames the pages compute on.
"""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.domain.errors import Unavailable
from core.repositories.database import Database
from core.repositories.migrating import ensure_current, instance_id
from core.settings import Settings, listed, settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.cache import Cache
    from core.domain.playlists import ListedSong
    from core.embedded.servers import Attachment
    from core.queue import Queue
    from core.services.accounts import Accounts
    from core.services.chart_files import ChartFiles
    from core.services.community import Community
    from core.services.connecting import Connecting
    from core.services.credentials import Credentials
    from core.services.crowd import Crowd
    from core.services.crowd_asking import CrowdAsking
    from core.services.deleting import Deleting
    from core.services.demo import Demo
    from core.services.demo_charts import DemoCharts
    from core.services.enriching import Enriching
    from core.services.events import Events
    from core.services.facts import Facts
    from core.services.feedback import Tastes
    from core.services.genres import Genres
    from core.services.identities import Identities
    from core.services.importing import Importing
    from core.services.invitations import Invitations
    from core.services.leaving import Leaving
    from core.services.limits import Limits
    from core.services.list_songs import ListSongs
    from core.services.listening import Listening
    from core.services.mail import Mail
    from core.services.people import People
    from core.services.playlist_writing import PlaylistWriting
    from core.services.playlists import Playlists
    from core.services.profiles import Profiles
    from core.services.ranges import Ranges
    from core.services.recommending import Recommending
    from core.services.second_factor import SecondFactor
    from core.services.sessions import Sessions
    from core.services.spotify_calls import Calls
    from core.services.syncing import Syncing
    from core.services.taking import Taking
    from core.services.training import Training
    from core.services.trend_refreshing import TrendRefreshing
    from core.services.trends import Reference, Trends
    from core.services.vault import Vault


@dataclass(frozen=True)
class Playprint:
    """Everything a page, a route, a task or a command may ask; safe to share between threads.

    ``attachment`` holds the embedded servers, where they are used.
    """

    settings: Settings
    db: Database
    redis_url: str
    attachment: "Attachment | None" = None

    @property
    def uploads(self) -> Path:
        """The folder of uploaded files waiting for their import."""
        return self.settings.home / "uploads"

    @cached_property
    def secret(self) -> bytes:
        """The key of keyed hashes, the same in every process of this instance."""
        return instance_secret(self.settings)

    @cached_property
    def vault(self) -> "Vault":
        """What encrypts Spotify tokens and second factors."""
        from core.services.vault import KeyFile, Vault

        keys = [key for part in self.settings.token_keys.get_secret_value().split(",") if (key := part.strip())]
        return Vault(keys) if keys else Vault(file=KeyFile(self.settings.home / "token-keys", write_once=_write_once))

    @cached_property
    def cache(self) -> "Cache":
        """What is computed once and kept in Redis."""
        from core.cache import Cache

        return Cache(self.redis_url, namespace=instance_id(self.db))

    @cached_property
    def queue(self) -> "Queue":
        """Work for the worker."""
        from core.queue import Queue

        return Queue(self.db.url)

    @cached_property
    def spotify_calls(self) -> "Calls":
        """The gate every call to Spotify goes through."""
        from core.services.spotify_calls import Calls

        most, most_by_endpoint = self.settings.spotify_daily_calls, self.settings.spotify_endpoint_calls
        return Calls(self.db, self.cache, most=most, most_by_endpoint=most_by_endpoint)

    @cached_property
    def connecting(self) -> "Connecting":
        """The ways to Spotify and back, and everybody's connections."""
        from core.services.connecting import Connecting
        from core.spotify.oauth import OAuth

        app = OAuth(
            client_id=self.settings.spotify_client_id,
            client_secret=self.settings.spotify_client_secret.get_secret_value(),
            accounts_url=self.settings.spotify_accounts_url,
            redirect_uri=self.settings.redirect_uri,
        )
        return Connecting(
            self.db,
            self.cache,
            vault=self.vault,
            calls=self.spotify_calls,
            oauth=app,
            api_url=self.settings.spotify_api_url,
            secret=self.secret,
            public_url=self.settings.public_url,
            host=self.settings.host,
        )

    @cached_property
    def syncing(self) -> "Syncing":
        """What Spotify's API tells of people, kept up to date."""
        from core.services.syncing import Syncing

        return Syncing(self.db, self.connecting, self.spotify_calls)

    @cached_property
    def accounts(self) -> "Accounts":
        """People, their links, passwords and sessions."""
        from core.services.accounts import Accounts

        return Accounts(self.db, self.cache, uploads=self.uploads, secret=self.secret, second_factor=self.second_factor)

    @cached_property
    def sessions(self) -> "Sessions":
        """Who is signed in where."""
        from core.services.sessions import Sessions

        return Sessions(self.db, self.cache)

    @cached_property
    def events(self) -> "Events":
        """What happened to accounts."""
        from core.services.events import Events

        return Events(self.db, secret=self.secret)

    @cached_property
    def limits(self) -> "Limits":
        """How often things may be asked for."""
        from core.services.limits import Limits

        return Limits(self.cache, secret=self.secret)

    @cached_property
    def second_factor(self) -> "SecondFactor":
        """Codes that follow a password."""
        from core.services.second_factor import SecondFactor

        return SecondFactor(self.db, self.cache, vault=self.vault, secret=self.secret)

    @cached_property
    def credentials(self) -> "Credentials":
        """How people prove themselves, and how they change it."""
        from core.services.credentials import Credentials

        return Credentials(
            self.db,
            self.cache,
            sessions=self.sessions,
            second_factor=self.second_factor,
            events=self.events,
            secret=self.secret,
        )

    @cached_property
    def people(self) -> "People":
        """What owner and admins do for others."""
        from core.services.people import People

        return People(
            self.db,
            accounts=self.accounts,
            sessions=self.sessions,
            second_factor=self.second_factor,
            events=self.events,
        )

    @cached_property
    def invitations(self) -> "Invitations":
        """The doors for new people."""
        from core.services.invitations import Invitations

        return Invitations(
            self.db,
            registration=self.settings.registration,
            accounts=self.accounts,
            limits=self.limits,
            events=self.events,
        )

    @cached_property
    def mail(self) -> "Mail":
        """Links that go out by mail."""
        from core.services.mail import Mail, sender_of

        return Mail(
            self.db,
            url=self.settings.smtp_url.get_secret_value(),
            sender=sender_of(self.settings.mail_from, self.settings.address),
            address=self.settings.address,
            accounts=self.accounts,
            limits=self.limits,
            events=self.events,
            jobs=self.queue,
        )

    @cached_property
    def leaving(self) -> "Leaving":
        """The way out."""
        from core.services.leaving import Leaving

        return Leaving(
            self.db,
            accounts=self.accounts,
            credentials=self.credentials,
            second_factor=self.second_factor,
            events=self.events,
            secret=self.secret,
        )

    @cached_property
    def profiles(self) -> "Profiles":
        """What people set for themselves."""
        from core.services.profiles import Profiles

        return Profiles(self.db, counts_api=self.settings.spotify_counts)

    @cached_property
    def importing(self) -> "Importing":
        """Foreign files to listens."""
        from core.services.importing import Importing, Limits

        limits = Limits(
            total_bytes=self.settings.max_unpacked_mb * 1_000_000,
            file_bytes=self.settings.max_file_mb * 1_000_000,
            files=self.settings.max_files,
        )
        return Importing(self.db, limits=limits, secret=self.secret)

    @cached_property
    def listening(self) -> "Listening":
        """Figures about a person's listening."""
        from core.services.listening import Listening

        set_ = self.settings
        return Listening(
            self.db,
            self.cache,
            memory_bytes=set_.library_cache_mb * 1_000_000,
            genre_tags=set_.genre_tags,
            public=self._everybody,
        )

    def _everybody(self) -> "Reference | None":
        """Return what everybody plays; charts are opened once somebody compares with them."""
        return self.trends.reference()

    @cached_property
    def trends(self) -> "Trends":
        """Public charts."""
        from core.services.trends import Trends

        set_ = self.settings
        return Trends(self.db, self.cache, enabled=set_.charts_from, genre_tags=set_.genre_tags)

    @cached_property
    def genres(self) -> "Genres":
        """Genres of artists, and people's corrections of them."""
        from core.services.genres import Genres

        return Genres(self.db, self.listening)

    @cached_property
    def deleting(self) -> "Deleting":
        """What people delete of their own listens."""
        from core.services.deleting import Deleting

        return Deleting(self.db, self.listening, self.events)

    @cached_property
    def crowd(self) -> "Crowd":
        """What listeners elsewhere play beside an artist."""
        from core.services.crowd import Crowd

        return Crowd(self.db)

    @cached_property
    def crowd_asking(self) -> "CrowdAsking":
        """Asking what listeners elsewhere play beside the artists people here play."""
        from core.services.crowd_asking import CrowdAsking, Places

        set_ = self.settings
        places = Places(
            set_.labs_url,
            set_.listenbrainz_url,
            contact=set_.operator or set_.public_url,
            token=set_.listenbrainz_token.get_secret_value(),
        )
        return CrowdAsking(self.db, places, enabled=set_.facts and set_.similar)

    @cached_property
    def playlists(self) -> "Playlists":
        """Playlists, their versions, and their songs beside a library."""
        from core.services.playlists import Playlists

        return Playlists(self.db, self.listening, counts_api=self.settings.spotify_counts)

    @cached_property
    def tastes(self) -> "Tastes":
        """What people said to suggestions."""
        from core.services.feedback import Tastes

        return Tastes(self.db)

    @cached_property
    def recommending(self) -> "Recommending":
        """What to hear next."""
        from core.services.recommending import Recommending
        from core.services.suggest_charts import ChartVoice
        from core.services.suggest_crowd import CrowdVoice
        from core.services.suggest_people import PeopleVoice
        from core.services.suggest_shelf import ShelfVoice

        return Recommending(
            self.listening,
            self.tastes,
            people=PeopleVoice(self.training, self.listening),
            crowd=CrowdVoice(self.crowd),
            charts=ChartVoice(self.db, lambda: self.trends.version),
            shelf=ShelfVoice(self.playlists),
            playlists=self.playlists,
        )

    @cached_property
    def taking(self) -> "Taking":
        """Suggestions on their way into other programs."""
        from core.services.taking import Taking

        return Taking(self.recommending)

    @cached_property
    def playlist_writing(self) -> "PlaylistWriting":
        """Lists of songs to new playlists at Spotify."""
        from core.services.playlist_writing import PlaylistWriting

        def songs_of(user_id: int, what: str, asked: "Mapping[str, str]") -> "tuple[str, tuple[ListedSong, ...]]":
            return self.list_songs.songs(user_id, what, asked)

        on = bool(self.settings.spotify_client_id)
        return PlaylistWriting(self.connecting, self.cache, self.limits, songs_of=songs_of, on=on)

    @cached_property
    def list_songs(self) -> "ListSongs":
        """Songs of playlists and suggestions on their way into other programs."""
        from core.services.list_songs import ListSongs

        return ListSongs(self.playlists, self.taking, self.profiles.lens)

    @cached_property
    def ranges(self) -> "Ranges":
        """Ranges with a name."""
        from core.services.ranges import Ranges

        return Ranges(self.db)

    @cached_property
    def identities(self) -> "Identities":
        """What belongs together, by people's own hand."""
        from core.services.identities import Identities

        return Identities(self.db, self.listening, self.profiles)

    @cached_property
    def facts(self) -> "Facts":
        """What is known about music from open sources."""
        from core.services.facts import Facts

        return Facts(self.db)

    @cached_property
    def enriching(self) -> "Enriching":
        """Asking open sources about the music people here listen to."""
        from core.services.enriching import Enriching, Places

        set_ = self.settings
        places = Places(
            set_.musicbrainz_url,
            set_.listenbrainz_url,
            contact=set_.operator or set_.public_url,
            token=set_.listenbrainz_token.get_secret_value(),
        )
        return Enriching(self.db, places, enabled=set_.facts)

    @cached_property
    def community(self) -> "Community":
        """Charts of this instance's own members."""
        from core.services.community import Community

        set_ = self.settings
        return Community(self.db, self.events, listeners=set_.community_listeners, members=set_.community_members)

    @cached_property
    def training(self) -> "Training":
        """Models from the listening of people who agreed."""
        from core.services.training import Training

        return Training(self.db, self.events, genre_tags=self.settings.genre_tags)

    @cached_property
    def chart_files(self) -> "ChartFiles":
        """Chart files to public charts; the folder an operator drops them into."""
        from core.services.chart_files import ChartFiles

        return ChartFiles(self.db, self.settings.home / "charts")

    @cached_property
    def trend_refreshing(self) -> "TrendRefreshing":
        """Asking open sources for public charts."""
        from core.services.trend_refreshing import TrendRefreshing
        from core.services.trend_sources import Places

        set_ = self.settings
        places = Places(
            set_.charts_from,
            {
                "listenbrainz": set_.listenbrainz_url,
                "lastfm": set_.lastfm_url,
                "deezer": set_.deezer_url,
                "apple": set_.apple_url,
            },
            countries=listed(set_.chart_countries),
            contact=set_.operator or set_.public_url,
            lastfm_key=set_.lastfm_key.get_secret_value(),
        )
        return TrendRefreshing(self.db, places, genre_tags=set_.genre_tags)

    @cached_property
    def demo(self) -> "Demo":
        """The built-in profile to look at."""
        from core.services.demo import Demo

        return Demo(self.db, self.importing)

    @cached_property
    def demo_charts(self) -> "DemoCharts":
        """Invented charts, as long as there are no real ones."""
        from core.services.demo_charts import DemoCharts

        return DemoCharts(self.db, enabled=self.settings.demo)

    def close(self) -> None:
        """Close connections and let go of the embedded servers."""
        if "queue" in self.__dict__:
            self.queue.close()
        self.db.dispose()
        if self.attachment:
            self.attachment.close()


def build(
    settings: Settings, *, database_url: str, redis_url: str, attachment: "Attachment | None" = None
) -> Playprint:
    """Return the parts put together for these servers, the database brought to the newest schema.

    Raises:
        Unavailable: the database cannot be reached.
    """
    db = Database(database_url)
    ensure_current(db)
    return Playprint(settings, db, redis_url, attachment)


def open_playprint(settings: Settings, *, watch: bool = False) -> Playprint:
    """Return ``build`` on the servers the settings name, embedded ones where they name none; close it after use.

    ``watch`` brings the embedded servers back should somebody kill their supervisor: for processes that live long.
    """
    database_url, redis_url = settings.database_url.get_secret_value(), settings.redis_url.get_secret_value()
    attachment = None
    if not (database_url and redis_url):
        from core.embedded.servers import attach

        attachment = attach(settings.home, watch=watch)
        database_url, redis_url = database_url or attachment.urls.database, redis_url or attachment.urls.redis
    try:
        return build(settings, database_url=database_url, redis_url=redis_url, attachment=attachment)
    except BaseException:
        if attachment:
            attachment.close()
        raise


@lru_cache(maxsize=1)
def playprint() -> Playprint:
    """Return this process's ``Playprint``, held until the process ends."""
    return open_playprint(settings(), watch=True)


def instance_secret(settings: Settings) -> bytes:
    """Return ``PLAYPRINT_SECRET_KEY``, or the random key kept in the home folder, made once.

    Raises:
        Unavailable: the home folder cannot be written.
    """
    configured = settings.secret_key.get_secret_value()
    if configured:
        return configured.encode()
    path = settings.home / "secret"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _write_once(path, secrets.token_hex(32).encode())
        return path.read_bytes()
    except OSError as error:
        raise Unavailable(
            f"{path} cannot be used: {error.strerror}; set PLAYPRINT_HOME or PLAYPRINT_SECRET_KEY."
        ) from error


def _write_once(path: Path, content: bytes) -> None:
    """Write a private file that appears whole; of several processes that try at once, the first one's stays."""
    half = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        path.hardlink_to(half)
    half.unlink()
