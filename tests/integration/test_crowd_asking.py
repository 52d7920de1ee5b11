"""Open lists of similar artists: who is asked about, when again, and what each way of failing leaves."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import pytest
from enriched import TOKEN, Instance, instance
from fakes.openmusic import mbid_of

from core.domain.facts import Outcome
from core.repositories.database import Database
from core.services.crowd import Crowd
from core.services.crowd_asking import CrowdAsking, Places

WEEK = timedelta(days=7)


@pytest.fixture
def here(fresh_db: Database) -> Iterator[Instance]:
    with instance(fresh_db) as made:
        yield made


def asking(here: Instance, *, token: str = TOKEN, **options: Any) -> CrowdAsking:
    places = Places(here.listenbrainz.url, here.listenbrainz.url, "me@example.org", token)
    return CrowdAsking(here.db, places, **({"now": here.clock, "sleep": here.clock.sleep} | options))


def ask(here: Instance, **options: Any) -> Outcome:
    return asking(here, **options).run(seconds=3_000)


def artist(number: int) -> UUID:
    return UUID(mbid_of("artist", f"Artist {number:02}"))


def hear(here: Instance, count: int, *, role: str = "member", first: int = 0) -> int:
    """Let somebody hear so many artists whose ids get known, each less than the one before; return who."""
    user = here.person(role)
    for number in range(first, first + count):
        here.music.add(f"Artist {number:02}", [("Song", "Album")], tags=[("rock", 3, True)])
        here.play(user, f"Artist {number:02}", "Song", times=first + count - number)
    here.run()
    here.forget_requests()
    return user


def asked_for(here: Instance) -> list[UUID]:
    """Return the artists whose lists were asked for, in order."""
    paths = [each for each in here.listenbrainz.requests if each.path == "/similar-artists/json"]
    return [UUID(parse_qs(each.query)["artist_mbids"][0]) for each in paths]


class TestRounds:
    def test_lists_and_listeners_of_the_most_played_come_first_and_are_kept(self, here: Instance) -> None:
        hear(here, 4)
        other = UUID(mbid_of("artist", "Other"))
        here.listenbrainz.crowd.lists[str(artist(0))] = [
            ("Other", str(other), 40), ("Artist 03", str(artist(3)), 90), ("Artist 00", str(artist(0)), 99)
        ]  # fmt: skip
        here.listenbrainz.crowd.listeners[str(other)] = 1_234
        here.listenbrainz.crowd.listeners[str(artist(3))] = None
        assert ask(here) == "done"
        assert asked_for(here) == [artist(number) for number in range(4)]
        crowd = Crowd(here.db)
        (found,) = crowd.known([artist(0)]).values()
        assert (found.mbids, found.names, found.scores) == ((artist(3), other), ("Artist 03", "Other"), (90, 40))
        assert crowd.listeners([other, artist(3)]) == {other: 1_234, artist(3): None}
        assert here.listenbrainz.calls == {"similar": 4, "popularity": 1}

    def test_everybodys_favourites_are_asked_about_before_anybodys_rest(self, here: Instance) -> None:
        hear(here, 3)
        hear(here, 2, first=3)
        ask(here)
        assert {*asked_for(here)[:2]} == {artist(0), artist(3)}
        assert len(asked_for(here)) == 5

    def test_plays_of_the_last_year_go_before_more_plays_long_ago(self, here: Instance) -> None:
        user = hear(here, 2)
        here.query(
            "update listens set ended_at = ended_at - interval '5 years', began_at = ended_at - interval '5 years' "
            "where user_id = :user and track_id in (select t.id from tracks t join artists a on a.id = t.artist_id "
            "where a.name = 'Artist 00')",
            user=user,
        )
        here.clock.now -= timedelta(days=400)  # in reach of the plays at the beginning of 2025
        ask(here)
        assert asked_for(here) == [artist(1), artist(0)]

    def test_a_round_that_was_stopped_goes_on_where_it_was(self, here: Instance) -> None:
        hear(here, 5)
        stops = iter([False, False, False, True])
        assert asking(here).run(stop=lambda: next(stops, True)) == "stopped"
        first = asked_for(here)
        assert 0 < len(first) < 5
        here.forget_requests()
        assert ask(here) == "done"
        assert [*first, *asked_for(here)] == [artist(number) for number in range(5)]

    def test_a_new_artist_is_asked_about_once_plays_are_counted_again(self, here: Instance) -> None:
        hear(here, 1)
        rounds = asking(here)
        rounds.run()
        hear(here, 1, first=1)
        rounds.run()
        assert asked_for(here) == []
        here.later(minutes=11)
        rounds.run()
        assert asked_for(here) == [artist(1)]

    def test_switched_off_or_with_nothing_heard_nobody_is_asked(self, here: Instance) -> None:
        assert ask(here) == "done"
        hear(here, 1)
        assert ask(here, enabled=False) == "off"
        assert here.listenbrainz.calls == {}


class TestRenewal:
    def test_lists_and_listeners_are_renewed_after_a_week(self, here: Instance) -> None:
        hear(here, 2)
        ask(here)
        here.forget_requests()
        here.later(days=6, hours=23)
        ask(here)
        assert here.listenbrainz.calls == {}
        here.listenbrainz.crowd.lists[str(artist(0))] = [("Newcomer", mbid_of("artist", "Newcomer"), 7)]
        here.later(hours=2)
        ask(here)
        assert here.listenbrainz.calls == {"similar": 2, "popularity": 1}
        assert Crowd(here.db).known([artist(0)])[artist(0)].names == ("Newcomer",)

    def test_unknown_artists_are_asked_about_again_after_a_month(self, here: Instance) -> None:
        hear(here, 1)
        here.listenbrainz.crowd.lists[str(artist(0))] = []
        ask(here)
        assert Crowd(here.db).known([artist(0)]) == {}
        here.forget_requests()
        here.later(days=29)
        ask(here)
        assert asked_for(here) == []
        here.later(days=2)
        ask(here)
        assert asked_for(here) == [artist(0)]

    def test_lists_that_are_empty_for_a_while_and_numbers_not_told_lose_nothing(self, here: Instance) -> None:
        hear(here, 2)
        ask(here)
        crowd = Crowd(here.db)
        before = crowd.known([artist(0), artist(1)]), crowd.listeners([artist(0), artist(1)])
        here.later(days=8)
        here.listenbrainz.crowd.empty = True
        here.listenbrainz.crowd.listeners |= {str(artist(0)): None, str(artist(1)): 5}
        ask(here)
        assert crowd.known([artist(0), artist(1)]) == before[0]
        assert crowd.listeners([artist(0), artist(1)]) == {artist(0): before[1][artist(0)], artist(1): 5}


class TestFaults:
    @pytest.mark.parametrize("kind", ["server", "html", "broken", "cut", "redirect", "long"])
    def test_useless_answers_lose_nothing_and_end_the_round_after_three(self, here: Instance, kind: Any) -> None:
        hear(here, 6)
        ask(here)
        before = Crowd(here.db).known([artist(number) for number in range(6)])
        here.forget_requests()
        here.later(days=8)
        here.listenbrainz.break_down(kind, "similar", count=None)
        assert ask(here) == "trouble"
        assert here.listenbrainz.calls == {"similar": 3}
        assert Crowd(here.db).known(list(before)) == before
        here.listenbrainz.faults.clear()
        here.later(minutes=29)
        assert ask(here) == "pause"
        here.later(minutes=2)
        here.forget_requests()
        assert ask(here) == "done"
        assert {*asked_for(here)} == {*before}

    def test_a_failed_list_is_asked_for_later_and_later(self, here: Instance) -> None:
        hear(here, 1)
        here.listenbrainz.break_down("server", "similar", count=None)
        waits = []
        for _ in range(4):
            ask(here)
            (again,) = here.query("select again_at from similar_artists")[0]
            waits.append(round((again - here.clock()).total_seconds() / 60))
            here.clock.now = again + timedelta(hours=1)
        assert waits == [5, 10, 20, 40]

    @pytest.mark.parametrize("status", [429, 503])
    def test_a_pause_they_want_is_kept(self, here: Instance, status: int) -> None:
        hear(here, 3)
        here.listenbrainz.break_down("status", "similar", skip=1, status=status, headers={"Retry-After": "600"})
        assert ask(here) == "pause"
        assert here.listenbrainz.calls == {"similar": 2}
        here.later(seconds=580)
        assert ask(here) == "pause"
        assert here.listenbrainz.calls == {"similar": 2}
        here.later(seconds=20)
        assert ask(here) == "done"
        assert asked_for(here) == [artist(0), artist(1), artist(1), artist(2)]

    def test_lists_that_are_refused_leave_the_numbers_to_be_asked_for(self, here: Instance) -> None:
        hear(here, 3)
        ask(here)
        before = Crowd(here.db).known([artist(0)])
        here.later(days=8)
        here.forget_requests()
        here.listenbrainz.break_down("status", "similar", status=401, count=None)
        assert ask(here) == "done"
        assert here.listenbrainz.calls == {"similar": 1, "popularity": 1}
        assert Crowd(here.db).known([artist(0)]) == before
        here.later(hours=25)
        here.listenbrainz.faults.clear()
        ask(here)
        assert len(asked_for(here)) == 4

    def test_the_calls_of_a_day_are_not_more_than_were_set(self, here: Instance) -> None:
        hear(here, 5)
        assert ask(here, most=3) == "pause"
        assert here.listenbrainz.calls["similar"] == 3
        here.later(hours=23)
        assert ask(here, most=3) == "pause"
        assert here.listenbrainz.calls["similar"] == 3
        here.later(hours=2)
        assert ask(here, most=3) == "done"
        assert here.listenbrainz.calls["similar"] == 5

    def test_questions_are_a_second_apart(self, here: Instance) -> None:
        hear(here, 4)
        ask(here)
        moments = [each.at for each in here.listenbrainz.requests if each.path == "/similar-artists/json"]
        assert all(b - a >= timedelta(seconds=0.99) for a, b in pairwise(moments))


class TestWhatLeaves:
    def test_nothing_but_ids_of_artists_and_who_runs_this_leaves(self, here: Instance) -> None:
        hear(here, 3)
        here.play(here.person(), "Unknown Friend", "Our Song")
        ask(here)
        ids = {str(artist(number)) for number in range(3)}
        for each in here.listenbrainz.requests:
            assert each.headers["user-agent"].endswith("( me@example.org )")
            if each.path == "/similar-artists/json":
                query = parse_qs(each.query)
                assert query.keys() == {"artist_mbids", "algorithm"}
                assert query["artist_mbids"][0] in ids
                assert each.body == ""
            else:
                assert (each.path, each.query) == ("/1/popularity/artist", "")
                assert json.loads(each.body).keys() == {"artist_mbids"}
            headers = {"host", "user-agent", "accept", "accept-encoding", "connection", "authorization"}
            assert {*each.headers} <= headers | {"content-type", "content-length"}

    def test_the_demo_persons_artists_are_not_asked_about(self, here: Instance) -> None:
        hear(here, 2)
        demo = here.person("demo")
        here.music.add("Artist 09", [("Song", "Album")])
        here.play(demo, "Artist 09", "Song", times=50)
        here.query(
            "insert into artist_facts (artist_id, mbid, state, ask_again_at, plays) "
            "values (:id, :mbid, 'found', :now, 1) on conflict (artist_id) do update set mbid = excluded.mbid",
            id=here.id_of("Artist 09"),
            mbid=artist(9),
            now=here.clock(),
        )
        ask(here)
        assert asked_for(here) == [artist(0), artist(1)]

    def test_lists_say_nothing_of_who_listens(self, here: Instance) -> None:
        hear(here, 1)
        columns = here.query(
            "select column_name from information_schema.columns "
            "where table_name in ('similar_artists', 'artist_listeners')"
        )
        assert not {"user_id", "plays", "artist_id"} & {row[0] for row in columns}
