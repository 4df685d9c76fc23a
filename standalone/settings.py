"""Filling in what a newcomer has not configured: built-in Twilio and built-in assistants."""

from collections.abc import Callable
from dataclasses import replace

from lib.errors import ConfigurationError
from lib.runtime.config import Config, TwilioConfig, missing_twilio
from simulator.twilio.account import Account
from simulator.twilio.messages import Message

# Settings of the account the built-in simulator plays; they open nothing anywhere else.
SIMULATED = TwilioConfig(
    account_sid="AC" + "0" * 32,
    auth_token="simulated",  # noqa: S106 - known only to the simulator of this process
    whatsapp_number="+14155238886",
    validate_signature=False,
)


def wants_simulator(config: Config) -> bool:
    """Whether nothing of Twilio is configured, so that the built-in simulator stands in.

    Raises:
        ConfigurationError: some of Twilio's settings are there and some are not.
    """
    missing = missing_twilio(config)
    nothing = not config.twilio.account_sid and not config.twilio.auth_token
    if nothing and not config.twilio.api_base_url:
        return True
    if missing:
        raise ConfigurationError(
            f"Twilio is configured in part; not set: {', '.join(missing)}. "
            "Set them in .env, or remove the others to use the built-in simulator."
        )
    return False


def simulated_account(on_message: Callable[[Message], None]) -> Account:
    """Return the account that the built-in simulator plays."""
    return Account(
        sid=SIMULATED.account_sid,
        auth_token=SIMULATED.auth_token,
        senders=frozenset({SIMULATED.whatsapp_number}),
        on_message=on_message,
    )


def with_simulator(config: Config, url: str) -> Config:
    """Return the configuration with the built-in simulator as Twilio."""
    callback = f"http://127.0.0.1:{config.port}/whatsapp/status"
    twilio = replace(SIMULATED, api_base_url=url, status_callback_url=callback)
    return replace(config, twilio=twilio)


def with_demo_assistant(config: Config, url: str) -> Config:
    """Return the configuration with the built-in demo assistant as the assistant API."""
    return replace(config, assistant=replace(config.assistant, url=url, auth="none"))


def on_loopback(config: Config) -> Config:
    """Return the configuration bound to this machine unless a host was chosen."""
    return replace(config, host=config.host or "127.0.0.1")
