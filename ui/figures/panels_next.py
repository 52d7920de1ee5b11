"""What to play next of one's own: songs that usually follow, and little-played ones of artists one loves."""

from core.domain.lens import Lens
from core.domain.selection import Selection
from core.recommend import depths, following
from core.services.listening import Listening
from ui import formats
from ui.figures.panel import Listing, Make, Shown


def next_songs(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the songs that most often came after the latest plays."""
    frame = listening.ask(user_id, following.next_tracks, lens=lens)
    title = "Nothing follows yet: play two songs in one sitting"
    if frame.height:
        first = frame.row(0, named=True)
        place = "After" if first["times"] else "Around"
        title = f"{place} {first['because']} you often play {first['name']}"
    columns = (
        Shown("Track", "name", "name", of="track", under="artist", under_id="artist_id"),
        Shown("After or around", "because", "text", phone=False),
        Shown("Straight after", "times", "number", hint="How often it came straight after that song"),
    )
    return Listing(
        title,
        "Songs you played after or around your latest ones in one sitting, in your whole history",
        frame,
        columns,
        "Nothing follows yet: songs played one after another within twenty minutes teach it.",
        "What came straight after counts first, what was near in the same sitting second.",
        "following.next_tracks",
        formats.plural(frame.height, "song"),
    )


def little_played(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return little-played songs of much-played artists."""
    until = listening.until(user_id, lens=lens, today=selection.today)
    frame = listening.ask(user_id, depths.deep_cuts, lens=lens, as_of=until)
    title = "No little-played songs of artists you play much"
    if frame.height:
        first = frame.row(0, named=True)
        artists = frame["artist_id"].n_unique()
        title = f"{formats.plural(frame.height, 'song')} to hear again by {formats.plural(artists, 'artist')} you love"
        title += f": {first['name']} by {first['artist']}" if frame.height > 1 else ""
    columns = (
        Shown("Track", "name", "name", of="track", under="artist", under_id="artist_id"),
        Shown("Plays", "plays", "number"),
        Shown("Of the artist", "artist_plays", "bar", hint="Plays of everything by the artist"),
        Shown("Songs", "artist_tracks", "number", phone=False, hint="Different songs of the artist you played"),
    )
    return Listing(
        title,
        "Songs you played a few times and did not skip, of artists you play much, in your whole history",
        frame,
        columns,
        "No artist you play much has a song you hardly know.",
        "Deep cuts: you know the artist well and these songs hardly.",
        "depths.deep_cuts",
        formats.plural(frame.height, "song"),
    )


PANELS: dict[str, Make] = {"next-songs": next_songs, "deep-cuts": little_played}
