"""A seeded, synthetic extended history as Spotify zips it: several years, sessions, skips, offline batches, repeats."""

import json
import zipfile
from pathlib import Path

import numpy as np

PER_FILE = 15_500
_START = 1_420_070_400  # 2015-01-01
_SPAN = 11 * 365 * 86_400
_SYLLABLES = ("ka", "lo", "mi", "ré", "su", "ta", "vo", "ne", "bü", "ha", "ri", "do", "sé", "an", "el", "or", "um")
_PLATFORMS = (
    "Android OS 12 API 31 (samsung, SM-G991B)",
    "iOS 16.2 (iPhone14,2)",
    "Windows 10 (10.0.19045; x64)",
    "web_player windows 10;chrome 118.0.0.0;desktop",
    "android",
    "ios",
    "osx",
    "Partner google cast_voice;Google_Home;;",
)
_ENDS = ("trackdone", "fwdbtn", "endplay", "backbtn", "logout", "remote", "unexpected-exit-while-paused")
_BEGINS = ("trackdone", "clickrow", "fwdbtn", "playbtn", "appload")
_LETTERS = np.array(list("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
_NO_TRACK = {
    "master_metadata_track_name": None,
    "master_metadata_album_artist_name": None,
    "master_metadata_album_album_name": None,
    "spotify_track_uri": None,
}
_NO_EPISODE = {"episode_name": None, "episode_show_name": None, "spotify_episode_uri": None}
_NO_BOOK = dict.fromkeys(("audiobook_title", "audiobook_uri", "audiobook_chapter_uri", "audiobook_chapter_title"))


def _fragments(rng: np.random.Generator, tracks: int) -> list[str]:
    """Return for each track the part of a row that names it; the last fiftieth are episodes, one names nothing."""
    artists = [" ".join(rng.choice(_SYLLABLES, 3)).title() for _ in range(max(tracks // 12, 1))]
    uris = ["".join(row) for row in _LETTERS[rng.integers(0, 62, (tracks, 22))]]
    artist_of = (rng.pareto(1.1, tracks) * 3).astype(int) % len(artists)
    found = []
    for at in range(tracks):
        title = f"{rng.choice(_SYLLABLES)} {rng.choice(_SYLLABLES)} {at}".capitalize()
        title += " - Remastered 2011" if at % 9 == 0 else " (feat. Somebody)" if at % 7 == 0 else ""
        if at == tracks - 1:
            parts = _NO_TRACK | _NO_EPISODE | _NO_BOOK
        elif at >= tracks - tracks // 50:
            uri = f"spotify:episode:{uris[at]}"
            episode = {"episode_name": title, "episode_show_name": f"Show {at % 40}", "spotify_episode_uri": uri}
            parts = _NO_TRACK | episode | _NO_BOOK
        else:
            parts = {
                "master_metadata_track_name": title,
                "master_metadata_album_artist_name": artists[artist_of[at]],
                "master_metadata_album_album_name": f"Album {artist_of[at] * 7 + at % 3}",
                "spotify_track_uri": f"spotify:track:{uris[at]}",
            }
            parts |= _NO_EPISODE | _NO_BOOK
        found.append(json.dumps(parts, indent=4, ensure_ascii=False)[2:-2])
    return found


def write(path: Path, rows: int, *, seed: int = 1) -> int:
    """Write the zip; return the size of the JSON in it, in bytes.

    About one row in twenty meets a new track, one in a hundred is an exact repeat, one in thirty was played offline,
    one in a thousand names no track.
    """
    rng = np.random.default_rng(seed)
    tracks = max(rows // 20, 50)
    fragments = _fragments(rng, tracks)
    rank = (1 / np.arange(1, tracks + 1) ** 0.8)[rng.permutation(tracks)]
    rank[-1] = rank.sum() / 1000
    track = rng.choice(tracks, rows, p=rank / rank.sum())
    skipped = rng.random(rows) < 0.25
    ms = np.where(skipped, rng.integers(0, 60_000, rows), rng.normal(215_000, 45_000, rows).clip(31_000)).astype(int)
    apart = (_SPAN - ms.sum() // 1000) / rows / 0.07
    pause = np.where(rng.random(rows) < 0.07, rng.exponential(apart, rows), 0).astype(int)
    ended = _START + np.cumsum(ms // 1000 + pause)
    offline = rng.random(rows) < 0.03
    again = np.flatnonzero(rng.random(rows) < 0.01)[1:]
    for column in (track, ms, ended, offline):
        column[again] = column[again - 1]
    stamps = np.datetime_as_string(ended.astype("datetime64[s]"))
    known = rng.random(rows) < 0.7
    begun = np.where(known, ended - ms // 1000, 0)
    begun[again] = begun[again - 1]
    platform, reasons = rng.integers(0, len(_PLATFORMS), rows // 40 + 1).repeat(40)[:rows], rng.random(rows)
    size = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for number, first in enumerate(range(0, rows, PER_FILE)):
            texts = []
            for i in range(first, min(first + PER_FILE, rows)):
                end = _ENDS[1] if skipped[i] else _ENDS[0 if reasons[i] < 0.9 else int(reasons[i] * 1000) % 7]
                texts.append(
                    f'  {{\n    "ts": "{stamps[i]}Z",\n    "platform": "{_PLATFORMS[platform[i]]}",\n'
                    f'    "ms_played": {ms[i]},\n    "conn_country": "{"DE" if reasons[i] < 0.95 else "IT"}",\n'
                    f'    "ip_addr": "203.0.113.{i % 250}",\n{fragments[track[i]]},\n'
                    f'    "reason_start": "{_BEGINS[int(reasons[i] * 100) % 5]}",\n    "reason_end": "{end}",\n'
                    f'    "shuffle": {"true" if i % 3 else "false"},\n'
                    f'    "skipped": {"true" if skipped[i] else "false"},\n'
                    f'    "offline": {"true" if offline[i] else "false"},\n'
                    f'    "offline_timestamp": {begun[i] or "null"},\n    "incognito_mode": false\n  }}'
                )
            data = ("[\n" + ",\n".join(texts) + "\n]").encode()
            size += len(data)
            name = f"Spotify Extended Streaming History/Streaming_History_Audio_{stamps[first][:4]}_{number}.json"
            archive.writestr(name, data)
    return size
