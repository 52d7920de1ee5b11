"""Genre: what one genre or family of genres is to me."""

from ui import genre

genre.show()
