"""Charlie asks every service for what is Alice's, by its very numbers and keys, and gets nothing.

Each public method that takes a person is a case here, or named with the tests that try it on two people; a new one
without either fails.
"""

import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

import pytest
from stage import GOOD, MARK, Stage, said, staged

import core.bootstrap
from core.analytics import counting, discovery, playlist_overlap, playlist_songs
from core.bootstrap import Playprint
from core.domain.deletions import OneListen
from core.domain.errors import NotFound, PlayprintError
from core.domain.filters import Filters
from core.domain.lens import Exclusion, Lens
from core.domain.people import Refused
from core.domain.period import Period
from core.domain.recommending import suggestion_key
from core.domain.rules import IdentityRule
from core.repositories.database import Database
from core.services.importing import Upload

ROOT = Path(__file__).resolve().parents[2]
LENS = Lens()
Case = Callable[[Stage], object]


def by_kinds(method: str, **more: object) -> Case:
    """Return the case of a figure, for artists, albums and tracks."""
    kinds = ("artist", "album", "track")
    return lambda s: [getattr(s.playing.listening, method)(s.charlie, by=kind, lens=LENS, **more) for kind in kinds]


def figure(method: str, **more: object) -> Case:
    """Return the case of a figure."""
    return lambda s: getattr(s.playing.listening, method)(s.charlie, lens=LENS, **more)


def of_ids(method: str) -> Case:
    """Return the case of a figure of given artists, albums and tracks: Alice's."""
    return lambda s: [
        getattr(s.playing.listening, method)(s.charlie, by=kind, ids=[id], lens=LENS)
        for kind, id in (("artist", s.artist_id), ("album", s.album_id), ("track", s.track_id))
    ]


def items(s: Stage) -> object:
    """Ask for Alice's artist, album and track."""
    kinds = (("artist", s.artist_id), ("album", s.album_id), ("track", s.track_id))
    refused = []
    for kind, id in kinds:
        with pytest.raises(NotFound) as caught:
            s.playing.listening.item(s.charlie, kind=kind, id=id, lens=LENS)  # type: ignore[arg-type]
        refused.append(caught.value.message)
    return refused


def alices_key(s: Stage) -> str:
    """Return the key of a session of Alice's."""
    return s.playing.sessions.list(s.alice)[0].key


def an_invitation(s: Stage) -> str:
    """Return the key of an invitation."""
    return s.playing.invitations.list(s.alice)[0].key


def alices_deletion(s: Stage) -> int:
    """Return the number of a deletion of Alice's."""
    return s.playing.deleting.deletions(s.alice)[0].id


def alices_listen(s: Stage) -> OneListen:
    """Return a listen of Alice's."""
    return OneListen(datetime(2024, 3, 1, 12, tzinfo=UTC), s.track_id, 200_000)


def alices_range(s: Stage) -> str:
    """Return the name of a range of Alice's."""
    return s.playing.ranges.all(s.alice)[0].name


def alices_list(s: Stage) -> str:
    """Return the key of a playlist of Alice's."""
    return s.playing.playlists.heads(s.alice)[0].key


CASES: dict[str, Case] = {
    # Accounts: the person named is the person meant; nothing of anybody else comes or goes.
    "accounts.own": lambda s: s.playing.accounts.own(s.charlie),
    "accounts.enter": lambda s: s.playing.accounts.enter(s.charlie, stay=False, via="spotify").user_id,
    "accounts.link": lambda s: s.playing.accounts.linked(s.playing.accounts.link(s.charlie)),
    "accounts.sign_out_everywhere": lambda s: s.playing.accounts.sign_out_everywhere(s.charlie),
    "sessions.start": lambda s: s.playing.accounts.session(s.playing.sessions.start(s.charlie, stay=False)),
    "sessions.list": lambda s: s.playing.sessions.list(s.charlie),
    "sessions.end": lambda s: s.playing.sessions.end(s.charlie, key=alices_key(s)),
    "sessions.end_all": lambda s: s.playing.sessions.end_all(s.charlie, but=alices_key(s)),
    "sessions.refresh": lambda s: s.playing.sessions.refresh(s.charlie),
    "sessions.forget": lambda s: s.playing.sessions.forget(s.charlie, [b"x"]),
    "events.note": lambda s: s.playing.events.note(s.charlie, "signed-in", "failed"),
    "events.of": lambda s: s.playing.events.of(s.charlie, limit=10_000),
    "second_factor.load": lambda s: s.playing.second_factor.load(s.charlie),
    "second_factor.codes_left": lambda s: s.playing.second_factor.codes_left(s.charlie),
    "second_factor.begin": lambda s: s.playing.second_factor.begin(s.charlie),
    "second_factor.setup": lambda s: s.playing.second_factor.setup(s.charlie),
    "second_factor.confirm": lambda s: s.playing.second_factor.confirm(s.charlie, code="000000"),
    "second_factor.take": lambda s: s.playing.second_factor.take(s.charlie, code="000000"),
    "second_factor.off": lambda s: s.playing.second_factor.off(s.charlie),
    # With a session of his own, Charlie names Alice.
    "credentials.prove": lambda s: s.playing.credentials.prove(s.alice, password=GOOD, session=s.session(s.charlie)),
    "credentials.change_password": lambda s: s.playing.credentials.change_password(
        s.alice, current=GOOD, new="another four words", session=s.session(s.charlie)
    ),
    "credentials.set_email": lambda s: s.playing.credentials.set_email(
        s.alice, email="c@mail.example", password=GOOD, session=s.session(s.charlie)
    ),
    "credentials.begin_second_factor": lambda s: s.playing.credentials.begin_second_factor(
        s.alice, password=GOOD, session=s.session(s.charlie)
    ),
    "credentials.confirm_second_factor": lambda s: s.playing.credentials.confirm_second_factor(
        s.charlie, code="000000"
    ),
    "credentials.end_second_factor": lambda s: s.playing.credentials.end_second_factor(
        s.alice, password=GOOD, code="000000", session=s.session(s.charlie)
    ),
    "leaving.plan": lambda s: s.playing.leaving.plan(s.charlie),
    "leaving.ask": lambda s: s.playing.leaving.ask(s.alice, password=GOOD, code="", session=s.session(s.charlie)),
    "leaving.leave": lambda s: s.playing.leaving.leave(s.alice, token="x", session=s.session(s.charlie)),
    "mail.send_reset": lambda s: s.playing.mail.send_reset(s.charlie),
    # What owner and admins do.
    "people.list": lambda s: s.playing.people.list(s.charlie),
    "people.set_role": lambda s: s.playing.people.set_role(s.charlie, user_id=s.charlie, role="owner"),
    "people.reset_link": lambda s: s.playing.people.reset_link(s.charlie, user_id=s.alice),
    "people.end_sessions": lambda s: s.playing.people.end_sessions(s.charlie, user_id=s.alice),
    "people.end_second_factor": lambda s: s.playing.people.end_second_factor(s.charlie, user_id=s.alice),
    "people.delete": lambda s: s.playing.people.delete(s.charlie, user_id=s.alice, typed="Alice Owner"),
    "invitations.invite": lambda s: s.playing.invitations.invite(s.charlie),
    "invitations.list": lambda s: s.playing.invitations.list(s.charlie),
    "invitations.revoke": lambda s: s.playing.invitations.revoke(s.charlie, key=an_invitation(s)),
    # What people set for themselves.
    "profiles.lens": lambda s: s.playing.profiles.lens(s.charlie),
    "profiles.lens_and_version": lambda s: s.playing.profiles.lens_and_version(s.charlie),
    "profiles.save_lens": lambda s: s.playing.profiles.save_lens(s.charlie, lens=LENS),
    "profiles.set_timezone": lambda s: s.playing.profiles.set_timezone(s.charlie, timezone="Asia/Tokyo"),
    "profiles.rename": lambda s: s.playing.profiles.rename(s.charlie, name="alice owner"),
    "profiles.exclude": lambda s: s.playing.profiles.exclude(s.charlie, exclusion=Exclusion("artist", s.artist_id)),
    "profiles.include": lambda s: s.playing.profiles.include(s.charlie, exclusion=Exclusion("artist", s.artist_id)),
    # Imports: by the number of Alice's.
    "importing.create": lambda s: s.playing.importing.create(s.charlie, label="x", bytes_total=1) and None,
    "importing.records": lambda s: s.playing.importing.records(s.charlie),
    "importing.record": lambda s: s.playing.importing.record(s.charlie, import_id=s.import_id),
    "importing.cancel": lambda s: s.playing.importing.cancel(s.charlie, import_id=s.import_id),
    "importing.give_up": lambda s: s.playing.importing.give_up(s.charlie, import_id=s.import_id),
    "importing.undo": lambda s: s.playing.importing.undo(s.charlie, import_id=s.import_id),
    "importing.run": lambda s: s.playing.importing.run(
        s.charlie, import_id=s.import_id, uploads=[Upload(Path("/nowhere"), "x.json")]
    ),
    # Figures: by the numbers of Alice's artists, albums and tracks.
    "listening.library": lambda s: s.playing.listening.library(s.charlie),
    "listening.expect": lambda s: s.playing.listening.expect(s.charlie, version=1),
    "listening.span": figure("span"),
    "listening.until": figure("until", today=date(2026, 11, 23)),
    "listening.view": lambda s: s.playing.listening.view(s.charlie, lens=LENS),
    "listening.kept": lambda s: s.playing.listening.kept(s.charlie, "a question", lambda: "his"),
    "listening.ask": lambda s: s.playing.listening.ask(s.charlie, counting.top, lens=LENS, by="artist"),
    "listening.ask_ever": lambda s: s.playing.listening.ask_ever(
        s.charlie, discovery.discoveries, lens=LENS, by="artist"
    ),
    "listening.summary": figure("summary"),
    "listening.totals": figure("totals"),
    "listening.choices": figure("choices"),
    "listening.hours": figure("hours"),
    "listening.weekday_hours": figure("weekday_hours"),
    "listening.timeline": figure("timeline"),
    "listening.page": figure("page"),
    "listening.export": figure("export"),
    "listening.streaks": figure("streaks", today=date(2024, 3, 9)),
    "listening.search": lambda s: s.playing.listening.search(s.charlie, MARK, lens=LENS),
    "listening.item": items,
    "listening.top": by_kinds("top"),
    "listening.discoveries": by_kinds("discoveries"),
    "listening.novelty": by_kinds("novelty"),
    "listening.skips": by_kinds("skips"),
    "listening.rank_history": by_kinds("rank_history"),
    "listening.series": of_ids("series"),
    "listening.sparklines": of_ids("sparklines"),
    # Deleting: by the number of Alice's deletion, and the very listen of hers.
    "deleting.preview": lambda s: s.playing.deleting.preview(s.charlie, lens=LENS, period=Period(), filters=Filters()),
    "deleting.delete": lambda s: s.playing.deleting.delete(s.charlie, label="x", chosen=alices_listen(s)),
    "deleting.deletions": lambda s: s.playing.deleting.deletions(s.charlie),
    "deleting.undo": lambda s: s.playing.deleting.undo(s.charlie, deletion_id=alices_deletion(s)),
    "deleting.purge": lambda s: s.playing.deleting.purge(s.charlie, deletion_id=alices_deletion(s)),
    # Named ranges: by the name of Alice's.
    "ranges.all": lambda s: s.playing.ranges.all(s.charlie),
    "ranges.save": lambda s: s.playing.ranges.save(s.charlie, name=alices_range(s), period=Period.year(2024)) and None,
    "ranges.forget": lambda s: s.playing.ranges.forget(s.charlie, name=alices_range(s)),
    # Together and apart: Alice's artists, albums and tracks cannot be named, nor her decisions.
    "identities.preview": lambda s: s.playing.identities.preview(
        s.charlie, rules=[IdentityRule("artist", s.artist_id, s.artist_id)]
    ),
    "identities.merging": lambda s: s.playing.identities.merging(
        s.charlie, kind="artist", from_ids=[s.artist_id], to_id=s.artist_id
    ),
    "identities.merge": lambda s: s.playing.identities.merge(
        s.charlie, kind="album", from_ids=[s.album_id], to_id=s.album_id
    ),
    "identities.splitting": lambda s: s.playing.identities.splitting(s.charlie, track_id=s.track_id),
    "identities.split_track": lambda s: s.playing.identities.split_track(s.charlie, track_id=s.track_id),
    "identities.assigning": lambda s: s.playing.identities.assigning(
        s.charlie, kind="album", ids=[s.album_id], artist_id=s.artist_id
    ),
    "identities.assign": lambda s: s.playing.identities.assign(
        s.charlie, kind="track", ids=[s.track_id], artist_name="Somebody"
    ),
    "identities.decisions": lambda s: s.playing.identities.decisions(s.charlie),
    "identities.undo": lambda s: s.playing.identities.undo(
        s.charlie, decision=s.playing.identities.decisions(s.alice)[0].id
    ),
    "identities.now": lambda s: s.playing.identities.now(s.charlie, kind="artist", id=s.artist_id),
    "identities.suggestions": lambda s: s.playing.identities.suggestions(s.charlie),
    # Genres: by the number of an artist of Alice's.
    "genres.of": lambda s: s.playing.genres.of(s.charlie, artist_id=s.artist_id),
    "genres.correct": lambda s: s.playing.genres.correct(s.charlie, artist_id=s.artist_id, genres=["jazz"]),
    "genres.reset": lambda s: s.playing.genres.reset(s.charlie, artist_id=s.artist_id),
    "genres.corrections": lambda s: s.playing.genres.corrections(s.charlie),
    # The members' charts: each agrees for themselves.
    "community.standing": lambda s: s.playing.community.standing(s.charlie),
    "community.agree": lambda s: s.playing.community.agree(s.charlie),
    "community.leave": lambda s: s.playing.community.leave(s.charlie),
    # Models: each agrees for themselves.
    "training.standing": lambda s: s.playing.training.standing(s.charlie),
    "training.agree": lambda s: s.playing.training.agree(s.charlie),
    "training.leave": lambda s: s.playing.training.leave(s.charlie),
    # Playlists: by the key of one of Alice's.
    "playlists.library": lambda s: s.playing.playlists.library(s.charlie),
    "playlists.stamp": lambda s: s.playing.playlists.stamp(s.charlie),
    "playlists.heads": lambda s: s.playing.playlists.heads(s.charlie),
    "playlists.versions": lambda s: s.playing.playlists.versions(s.charlie, alices_list(s)),
    "playlists.listed": lambda s: s.playing.playlists.listed(s.charlie, alices_list(s)),
    "playlists.every": lambda s: s.playing.playlists.every(s.charlie),
    "playlists.saved": lambda s: s.playing.playlists.saved(s.charlie),
    "playlists.until": lambda s: s.playing.playlists.until(s.charlie, lens=LENS, today=date(2026, 11, 23)),
    "playlists.ask": lambda s: s.playing.playlists.ask(s.charlie, playlist_songs.songs, alices_list(s), lens=LENS),
    "playlists.ask_every": lambda s: s.playing.playlists.ask_every(s.charlie, playlist_overlap.in_none, lens=LENS),
    "list_songs.songs": lambda s: s.playing.list_songs.songs(s.charlie, "songs", {"list": alices_list(s)}),
    # Suggestions: made of one's own alone; Alice's songs and lists lead nowhere.
    "recommending.profile": lambda s: s.playing.recommending.profile(s.charlie, lens=LENS),
    "recommending.suggest": lambda s: [
        s.playing.recommending.suggest(s.charlie, kind=kind, lens=LENS) for kind in ("artist", "album", "track")
    ],
    "recommending.kept": lambda s: s.playing.recommending.kept(s.charlie),
    "recommending.forgotten": lambda s: s.playing.recommending.forgotten(s.charlie, lens=LENS),
    "recommending.following": lambda s: s.playing.recommending.following(s.charlie, lens=LENS, after=(s.track_id,)),
    "recommending.deep": lambda s: s.playing.recommending.deep(s.charlie, lens=LENS),
    "recommending.mixes": lambda s: s.playing.recommending.mixes(s.charlie, lens=LENS),
    "recommending.on_from": lambda s: s.playing.recommending.on_from(s.charlie, alices_list(s), lens=LENS),
    "taking.songs": lambda s: s.playing.taking.songs(s.charlie, "continue", {"list": alices_list(s)}, lens=LENS),
    "tastes.of": lambda s: s.playing.tastes.of(s.charlie),
    "tastes.say": lambda s: s.playing.tastes.say(s.charlie, kind="artist", name="Somebody", verdict="more"),
    "tastes.take_back": lambda s: s.playing.tastes.take_back(
        s.charlie, kind="artist", key=suggestion_key("artist", "Somebody")
    ),
    # Spotify: the person named is the person meant.
    "connecting.connection": lambda s: s.playing.connecting.connection(s.charlie),
    "connecting.client": lambda s: s.playing.connecting.client(s.charlie),
    "connecting.disconnect": lambda s: s.playing.connecting.disconnect(s.charlie),
    "connecting.mark": lambda s: s.playing.connecting.mark(
        s.charlie, epoch="00000000-0000-0000-0000-000000000001", state="paused"
    ),
    "syncing.begin": lambda s: s.playing.syncing.begin(s.charlie),
    "syncing.ask": lambda s: s.playing.syncing.ask(s.charlie),
    "syncing.run": lambda s: s.playing.syncing.run(s.charlie),
    "syncing.state": lambda s: s.playing.syncing.state(s.charlie),
    "syncing.parts": lambda s: s.playing.syncing.parts(s.charlie),
    "syncing.playlists": lambda s: s.playing.syncing.playlists(s.charlie),
    "syncing.latest_top": lambda s: s.playing.syncing.latest_top(s.charlie, kind="artist", time_range="short_term"),
    # Saving lists at Spotify: a form's token of Alice's opens nothing to Charlie.
    "playlist_writing.ability": lambda s: s.playing.playlist_writing.ability(s.charlie),
    "playlist_writing.draft": lambda s: s.playing.playlist_writing.draft(s.charlie, "kept", {}),
    "playlist_writing.save": lambda s: s.playing.playlist_writing.save(s.charlie, "kept", {}, once="a" * 24),
    "playlist_writing.outcome": lambda s: s.playing.playlist_writing.outcome(s.charlie, "a" * 24),
    # The parts below services.
    "cache.erase_person": lambda s: s.playing.cache.erase_person(s.charlie),
    "queue.defer_import": lambda s: s.playing.queue.defer_import(s.charlie, import_id=s.import_id, files=[]),
    "queue.defer_mail": lambda s: s.playing.queue.defer_mail(s.charlie),
    "queue.defer_sync": lambda s: s.playing.queue.defer_sync(s.charlie),
    "vault.open": lambda s: s.playing.vault.open(
        s.charlie, "totp", s.playing.vault.seal(s.alice, "totp", f"{MARK} secret")
    ),
    "vault.seal": lambda s: s.playing.vault.seal(s.charlie, "totp", "x") and None,
    "accounts.delete": lambda s: s.playing.accounts.delete(s.charlie),  # the last one: then he is gone
}
# Tried on two people elsewhere: these need more than a person to be called.
ELSEWHERE = {"connecting.connect": "test_connecting.py"}
# To the member Charlie these look as if they did not exist.
FOR_STAFF = [name for name in CASES if name.split(".")[0] in ("people", "invitations")]


def services() -> dict[str, type]:
    """Return service → class, of everything a ``Playprint`` holds."""
    imported = re.findall(r"from (core\.\S+) import (\w+)", inspect.getsource(core.bootstrap))
    homes = {name: module for module, name in imported}
    found = {}
    for name, part in vars(Playprint).items():
        if isinstance(part, cached_property):
            made = str(part.func.__annotations__["return"]).strip('"')
            if made in homes:
                found[name] = getattr(importlib.import_module(homes[made]), made)
    return found


def about_people() -> set[str]:
    """Return every public method of a service that takes a person."""
    return {
        f"{service}.{name}"
        for service, cls in services().items()
        for name, method in inspect.getmembers(cls, inspect.isfunction)
        if not name.startswith("_") and {"user_id", "actor_id"} & set(inspect.signature(method).parameters)
    }


@pytest.fixture(scope="module")
def stage(
    another_db: Callable[[], AbstractContextManager[Database]], redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    with another_db() as db, staged(db, redis_url, tmp_path_factory.mktemp("stage")) as made:
        made.playing.invitations.invite(made.alice)
        yield made


def test_every_method_about_people_is_a_case() -> None:
    assert len(about_people()) > 60
    assert about_people() == set(CASES) | set(ELSEWHERE)
    for file in ELSEWHERE.values():
        assert "charlie" in (ROOT / "tests" / "integration" / file).read_text().lower()


def test_every_part_is_looked_at() -> None:
    parts = {name for name, part in vars(Playprint).items() if isinstance(part, cached_property)}
    assert parts - set(services()) == {"secret"}


@pytest.mark.parametrize("method", CASES)
def test_charlie_gets_nothing_of_alices(stage: Stage, method: str) -> None:
    if stage.playing.accounts.session(stage.tokens[stage.charlie]) is None:
        stage.tokens[stage.charlie] = stage.playing.sessions.start(stage.charlie, stay=False)
    before = stage.of_alice()
    try:
        answer = said(CASES[method](stage))
    except PlayprintError as error:
        answer = str(error)
    assert stage.of_alice() == before
    assert MARK not in answer
    assert "alice@mail.example" not in answer
    assert stage.playing.accounts.session(stage.tokens[stage.alice])


@pytest.mark.parametrize("method", FOR_STAFF)
@pytest.mark.parametrize("actor", ["charlie", "nobody", "demo"])
def test_what_is_for_staff_does_not_exist_for_others(stage: Stage, method: str, actor: str) -> None:
    ids = {"charlie": 2**31 - 2, "nobody": 0, "demo": stage.playing.accounts.demo().id}
    member = stage.playing.accounts.add("Another Member")[0].id if actor == "charlie" else ids[actor]
    asking = Stage(stage.playing, stage.alice, stage.bob, member, stage.tokens, stage.import_id)
    before = stage.of_alice()
    try:
        with pytest.raises(NotFound):
            CASES[method](asking)
    finally:
        if actor == "charlie":
            stage.playing.accounts.delete(member)
    assert stage.of_alice() == before


@pytest.mark.parametrize("method", [name for name in FOR_STAFF if name.startswith("people.") and name != "people.list"])
def test_bob_the_admin_gets_nowhere_with_alice_the_owner(stage: Stage, method: str) -> None:
    before = stage.of_alice()
    works = {
        "people.set_role": lambda: stage.playing.people.set_role(stage.bob, user_id=stage.alice, role="member"),
        "people.reset_link": lambda: stage.playing.people.reset_link(stage.bob, user_id=stage.alice),
        "people.end_sessions": lambda: stage.playing.people.end_sessions(stage.bob, user_id=stage.alice),
        "people.end_second_factor": lambda: stage.playing.people.end_second_factor(stage.bob, user_id=stage.alice),
        "people.delete": lambda: stage.playing.people.delete(stage.bob, user_id=stage.alice, typed="Alice Owner"),
    }
    with pytest.raises(NotFound):
        works[method]()
    assert stage.of_alice() == before


def test_bob_cannot_raise_himself(stage: Stage) -> None:
    with pytest.raises(NotFound):
        stage.playing.people.set_role(stage.bob, user_id=stage.bob, role="owner")
    with pytest.raises(Refused):
        stage.playing.invitations.invite(stage.bob, role="admin")


def test_staff_see_no_listening_and_no_mail_address(stage: Stage) -> None:
    """A role looks after accounts; what somebody listened to stays theirs."""
    seen = said(stage.playing.people.list(stage.bob)) + said(stage.playing.invitations.list(stage.bob))
    assert MARK not in seen
    assert "@" not in seen


def test_the_search_for_leaks_finds_them(stage: Stage) -> None:
    """What the matrix asks as Charlie holds Alice's mark when Alice asks it."""
    alice = Stage(stage.playing, stage.alice, stage.bob, stage.alice, stage.tokens, stage.import_id)
    found = {}
    for method in ("listening.search", "importing.record", "syncing.playlists", "accounts.own"):
        try:
            found[method] = said(CASES[method](alice))
        except Exception as error:  # what ``fill`` stored need not make sense to every service
            found[method] = repr(error)
    assert MARK in found["listening.search"]
    assert MARK in found["importing.record"]
    assert "alice@mail.example" in found["accounts.own"]
