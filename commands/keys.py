"""The command about encryption keys."""

import typer

from commands.house import house


def rotate_keys() -> None:
    """Encrypt everything anew that is stored encrypted, and say how many texts that were."""
    with house() as playing:
        own = not playing.settings.token_keys.get_secret_value()
        count = playing.connecting.rotate_keys()
    key = "a new key" if own else "the first key of PLAYPRINT_TOKEN_KEYS"
    typer.echo(f"{count} {'text is' if count == 1 else 'texts are'} encrypted with {key} now.")
