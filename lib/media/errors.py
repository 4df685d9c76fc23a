"""Why a medium could not be read: each is one sentence to the person, and no retry helps."""

from lib.errors import GatewayError


class MediaError(GatewayError):
    """A medium that was not read."""

    code = "media"

    @property
    def fault(self) -> str:
        """What a reading tells of it: the code, and a figure where the sentence has one."""
        return self.code


class MediaTooLargeError(MediaError):
    """More bytes, or more of what they unpack to, than are read."""

    code = "media_too_large"


class MediaProtectedError(MediaError):
    """It opens with a password only."""

    code = "media_protected"


class MediaPicturesOnlyError(MediaError):
    """A document without text: a scan."""

    code = "media_pictures_only"


class MediaUnreadableError(MediaError):
    """Damaged, empty, or made so that it cannot be read within our limits."""

    code = "media_unreadable"


class MediaUnsupportedError(MediaError):
    """Not a kind that is read."""

    code = "media_unsupported"


class MediaGoneError(MediaError):
    """No longer where it was."""

    code = "media_gone"


class MediaRefusedError(MediaError):
    """It lies at a host that is not asked."""

    code = "media_refused"


class MediaLateError(MediaError):
    """Not fetched or read within its time."""

    code = "media_late"


class MediaUnheardError(MediaError):
    """A recording, which nobody here can hear."""

    code = "media_unheard"


class MediaUnheardKindError(MediaError):
    """A recording of a kind that cannot be heard here."""

    code = "media_unheard_kind"


class MediaUnheardNowError(MediaUnheardError):
    """A recording, which whoever hears for us could not hear this time."""

    code = "media_unheard_now"


class MediaTooLongError(MediaUnheardError):
    """A recording of more seconds than the ``most`` that are heard."""

    code = "media_too_long"

    def __init__(self, most: int) -> None:
        super().__init__(f"a recording of more than {most} seconds")
        self.most = most

    @property
    def fault(self) -> str:
        """The code, and the seconds."""
        return f"{self.code} {self.most}"


class MediaSilentError(MediaUnheardError):
    """A recording in which nothing was said."""

    code = "media_silent"


_KINDS: tuple[type[MediaError], ...] = (MediaError, *MediaError.__subclasses__())
ERRORS = {kind.code: kind for kind in _KINDS}
"""By their codes, which is how a child process tells them."""
