"""On an artist's page: their genres, who says so, and a form to put them right."""

import streamlit as st

from core.domain.errors import PlayprintError
from core.services.genres import ArtistGenres, GenreSource
from ui import html
from ui.context import app
from ui.scene import Scene
from ui.states import panel

WORDS: dict[GenreSource, str] = {
    "own": "set by you",
    "tags": "from MusicBrainz tags, CC BY-NC-SA 3.0",
    "shipped": "from Playprint's own map",
    "unknown": "unknown",
}
MOST = 5


def genre_line(scene: Scene, artist_id: int) -> None:
    """Draw an artist's genres with their source alone; kept while the person's data and corrections stay."""
    with panel("artist-genres"):
        user_id = scene.viewer.user_id
        st.html(scene.kept(f"genres-{artist_id}", lambda: _line(scene, app().genres.of(user_id, artist_id=artist_id))))


def genre_form(scene: Scene, artist_id: int) -> None:
    """Draw an artist's genres with their source; for the person themselves with a way to set or reset them."""
    with panel("artist-genres"):
        found = app().genres.of(scene.viewer.user_id, artist_id=artist_id)
        st.html(_line(scene, found))
        if not scene.viewer.demo:
            with st.expander("Put the genres right"):
                _form(scene, artist_id, found)


def _line(scene: Scene, found: ArtistGenres) -> str:
    """Return the genres as links, with who says so."""
    if not found.genres:
        return html.note("Genre: unknown. Nobody has told Playprint what this artist plays.")
    names = " · ".join(html.link(scene.href("genre", name=name), name) for name in found.genres)
    return f'<p class="pp-note">Genre: {names} ({html.text(WORDS[found.source])})</p>'


def _form(scene: Scene, artist_id: int, found: ArtistGenres) -> None:
    """Draw the choice of genres and the buttons."""
    st.html(html.note("The first counts most. It holds for your own statistics alone and can be taken back."))
    chosen = st.multiselect(
        "Genres",
        app().genres.names(),
        default=list(found.genres[:MOST]),
        max_selections=MOST,
        accept_new_options=False,
        placeholder="Choose one to five",
        key=f"genres_{artist_id}_{found.source}",
    )
    with st.container(horizontal=True):
        save = st.button("Save genres", key=f"save_genres_{artist_id}", disabled=not chosen)
        back = found.source == "own" and st.button("Take my genres back", key=f"reset_genres_{artist_id}")
    if not (save or back):
        return
    try:
        if save:
            app().genres.correct(scene.viewer.user_id, artist_id=artist_id, genres=chosen)
        else:
            app().genres.reset(scene.viewer.user_id, artist_id=artist_id)
    except PlayprintError as error:
        st.html(html.note(error.message))
        return
    st.rerun()
