"""The fake's controls over HTTP, for tests that run in another process."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .clock import moment_of, written
from .music import Album, Artist
from .people import Person
from .world import Mode, World

SWITCHES = ("allowed", "owner_premium", "quota", "refresh_returns", "refresh_scope", "withheld_scopes", "redirect_uris",
            "invalid_client_status", "omit_account_id")  # fmt: skip
SETS = ("allowed", "withheld_scopes", "redirect_uris")
WEEK = timedelta(days=7)


async def control(world: World, request: Request, path: str) -> Response:
    """Answer one call of the controls."""
    parts = path.strip("/").split("/")[1:]
    try:
        sent = json.loads(await request.body() or b"{}")
        said = _done(world, request, request.method, parts, sent)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return JSONResponse({"error": str(error)}, 400)
    return JSONResponse(said if said is not None else {"ok": True})


def _done(world: World, request: Request, method: str, parts: list[str], sent: dict[str, Any]) -> Any:
    match method, parts:
        case "GET", ["plays", name]:
            now = world.clock.now
            since = moment_of(request.query_params.get("since", (now - WEEK).isoformat()))
            until = moment_of(request.query_params.get("until", now.isoformat()))
            return world.person(name).export_rows(since, until)
        case "POST", ["people", name]:
            return _change(world.person(name), sent)
        case "POST", ["people", name, "play"]:
            return _play(world.person(name), sent)
        case "POST", ["people", name, "playlists", id]:
            return _extend(world, world.person(name), id, sent)
        case _, [name] if (method, name) in SIMPLE:
            return SIMPLE[method, name](world, sent)
    raise ValueError(f"There is no control {method} {'/'.join(parts)}.")


def state(world: World) -> dict[str, Any]:
    """Return how everything stands."""
    switches = {name: getattr(world, name) for name in SWITCHES}
    switches |= {name: sorted(switches[name]) for name in SETS if switches[name] is not None}
    people = [
        {"name": name, "id": person.id, "listed": name in world.allowed, "listens": person.habit is not None}
        for name, person in world.people.items()
    ]
    return {
        "mode": world.mode, "clock": world.clock.now.isoformat(), **switches, "client_id": world.client_id,
        "calls": dict(world.calls), "api_calls": world.api_calls, "faults": world.faults.left(), "people": people,
    }  # fmt: skip


def _clock(world: World, sent: dict[str, Any]) -> dict[str, Any]:
    if "now" in sent:
        world.clock.set(moment_of(sent["now"]))
    world.clock.advance(timedelta(seconds=sent.get("advance_seconds", 0)))
    return {"clock": world.clock.now.isoformat()}


def _mode(world: World, sent: dict[str, Any]) -> None:
    if sent["mode"] not in get_args(Mode):
        raise ValueError(f"The modes are {', '.join(get_args(Mode))}.")
    world.mode = sent["mode"]


def _settings(world: World, sent: dict[str, Any]) -> None:
    if unknown := set(sent) - set(SWITCHES):
        raise ValueError(f"No switch is called {', '.join(sorted(unknown))}.")
    for name, value in sent.items():
        setattr(world, name, set(value) if name in SETS and value is not None else value)


def _allow(world: World, sent: dict[str, Any]) -> None:
    world.allowed = sent["names"]


def _revoke(world: World, sent: dict[str, Any]) -> None:
    world.revoke(sent["name"], keep_access=sent.get("keep_access", False))


def _change(person: Person, sent: dict[str, Any]) -> None:
    """Set whether somebody listens by themselves (back is not possible), and which end of a play the API shows."""
    if sent.get("habit") is False:
        person.habit = None
    if "played_at" in sent:
        if sent["played_at"] not in ("end", "start"):
            raise ValueError("The API shows the end or the start of a play.")
        person.played_at = sent["played_at"]


def _play(person: Person, sent: dict[str, Any]) -> dict[str, Any]:
    moments: dict[str, Any] = {key: moment_of(sent[key]) for key in ("at", "ended", "synced_at") if sent.get(key)}
    others = {key: sent[key] for key in ("ms", "skipped", "offline", "context") if key in sent}
    play = person.play(sent.get("track"), **moments, **others)
    shown = written(person.shown(play), fine=True)
    return {"uri": play.thing.uri, "name": play.thing.name, "began": play.began.isoformat(),
            "ended": play.ended.isoformat(), "ms": play.ms, "played_at": shown}  # fmt: skip


def _extend(world: World, person: Person, id: str, sent: dict[str, Any]) -> dict[str, Any]:
    playlist = next(each for each in [*person.every_playlist(), None] if each is None or each.id == id)
    if playlist is None:
        raise ValueError(f"{person.name} has no playlist {id}.")
    things = [world.music.find(uri) for uri in sent["add"]]
    good = [thing for thing in things if thing is not None and not isinstance(thing, Artist | Album)]
    if len(good) < len(things):
        raise ValueError("Not all of these can be put in a playlist.")
    playlist.add(*good, at=world.clock.now.replace(microsecond=0))
    return {"snapshot_id": playlist.snapshot_id, "total": len(playlist.items)}


def _requests(world: World, sent: dict[str, Any]) -> list[dict[str, Any]]:
    return [asdict(asked) | {"at": asked.at.isoformat()} for asked in world.requests]


SIMPLE: dict[tuple[str, str], Callable[[World, dict[str, Any]], Any]] = {
    ("GET", "state"): lambda world, sent: state(world),
    ("GET", "requests"): _requests,
    ("DELETE", "calls"): lambda world, sent: world.reset_calls(),
    ("POST", "clock"): _clock,
    ("POST", "mode"): _mode,
    ("POST", "settings"): _settings,
    ("POST", "faults"): lambda world, sent: asdict(world.faults.add(**sent)),
    ("DELETE", "faults"): lambda world, sent: world.faults.clear(),
    ("POST", "allow"): _allow,
    ("POST", "exhaust"): lambda world, sent: world.exhaust(timedelta(seconds=sent["seconds"])),
    ("POST", "revoke"): _revoke,
}
