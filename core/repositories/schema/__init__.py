"""The tables. Shared look-ups first; then per-person tables, each with ``user_id`` first in every key."""

from core.repositories.schema.base import metadata
from core.repositories.schema.calls import (
    callers,
    calls,
    capabilities,
)
from core.repositories.schema.facts import (
    album_facts,
    artist_facts,
    artist_uris,
    fact_rounds,
    track_facts,
)
from core.repositories.schema.listening import (
    data_changes,
    imports,
    library_items,
    listens,
    playlists,
    replaced_listens,
)
from core.repositories.schema.music import (
    albums,
    artists,
    instance,
    reasons,
    recordings,
    track_credits,
    tracks,
)
from core.repositories.schema.people import (
    account_events,
    exclusions,
    invitations,
    one_time_links,
    recovery_codes,
    sessions,
    users,
)
from core.repositories.schema.rules import (
    deleted_listens,
    deletions,
    genre_corrections,
    identity_rules,
    saved_ranges,
)
from core.repositories.schema.spotify import (
    oauth_states,
    spotify_connections,
    spotify_gaps,
    spotify_parts,
    spotify_playlist_items,
    spotify_playlists,
    spotify_saved,
    spotify_tops,
)

__all__ = [
    "account_events",
    "album_facts",
    "albums",
    "artist_facts",
    "artist_uris",
    "artists",
    "callers",
    "calls",
    "capabilities",
    "data_changes",
    "deleted_listens",
    "deletions",
    "exclusions",
    "fact_rounds",
    "genre_corrections",
    "identity_rules",
    "imports",
    "instance",
    "invitations",
    "library_items",
    "listens",
    "metadata",
    "oauth_states",
    "one_time_links",
    "playlists",
    "reasons",
    "recordings",
    "recovery_codes",
    "replaced_listens",
    "saved_ranges",
    "sessions",
    "spotify_connections",
    "spotify_gaps",
    "spotify_parts",
    "spotify_playlist_items",
    "spotify_playlists",
    "spotify_saved",
    "spotify_tops",
    "track_credits",
    "track_facts",
    "tracks",
    "users",
]
