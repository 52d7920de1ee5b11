"""Share cards: what one shows of one's listening, as a picture that is drawn on the server."""
