"""Why an upload is refused, each as one plain sentence that says what to do next."""

from core.domain.errors import ImportRejected

WHERE = "on spotify.com under Account → Account privacy → Extended streaming history"
_ASK = f"Request it {WHERE} and upload the zip that Spotify mails you."


def empty_file(label: str) -> ImportRejected:
    """Return the refusal of a file of 0 bytes."""
    return ImportRejected("empty-file", f"{label} is empty: download it again and upload the complete file.")


def gone(label: str) -> ImportRejected:
    """Return the refusal of a file that is no longer where it was put."""
    return ImportRejected("empty-file", f"{label} is no longer there: upload it again.")


def bad_zip(label: str) -> ImportRejected:
    """Return the refusal of a container that is damaged or cut short."""
    return ImportRejected("bad-zip", f"{label} is damaged or incomplete: download it from Spotify again and upload it.")


def encrypted(label: str) -> ImportRejected:
    """Return the refusal of a container with a password."""
    return ImportRejected(
        "encrypted", f"{label} has a password: unpack it, and upload the JSON files or a zip without a password."
    )


def too_large(label: str, limit_mb: int) -> ImportRejected:
    """Return the refusal of something that unpacks to more than the limit, or that no real export is like."""
    return ImportRejected(
        "too-large",
        f"{label} unpacks to more than {limit_mb} MB or is no real export: upload Spotify's own zip unchanged.",
    )


def too_many_files(label: str, limit: int) -> ImportRejected:
    """Return the refusal of a container with too many entries."""
    return ImportRejected(
        "too-many-files", f"{label} holds more than {limit} files: upload Spotify's own zip or its history files alone."
    )


def unknown_type(label: str, kind: str) -> ImportRejected:
    """Return the refusal of a file that is neither a zip nor text."""
    return ImportRejected(
        "unknown-type", f"{label} is {kind}: upload Spotify's zip itself or the JSON files out of it."
    )


def no_history(label: str) -> ImportRejected:
    """Return the refusal of something readable that holds no listening history."""
    return ImportRejected("no-history", f"{label} holds no listening history. {_ASK}")


def bad_json(label: str, problem: str) -> ImportRejected:
    """Return the refusal of a file that should be JSON and is not; ``problem`` completes "It …"."""
    return ImportRejected("bad-json", f"{label} cannot be read: it {problem}. Upload it as Spotify sent it, unchanged.")


def shape(label: str, problem: str) -> ImportRejected:
    """Return the refusal of JSON that is not a list of plays; ``problem`` completes "It …"."""
    return ImportRejected("shape", f"{label} is no history file: it {problem}. Upload the file as Spotify sent it.")


def unsupported(label: str, service: str) -> ImportRejected:
    """Return the refusal of another service's export."""
    return ImportRejected(
        "unsupported",
        f"{label} looks like {service}, which Playprint cannot read yet. Upload a Spotify export: {WHERE}.",
    )


def other_account() -> ImportRejected:
    """Return the question put to a person whose upload belongs to another Spotify account."""
    return ImportRejected(
        "other-account",
        "This history is of another Spotify account than your earlier import: "
        "if both accounts are yours, import it again and confirm that "
        "(on the command line with --other-account); else upload your own.",
    )
