"""The real gcloud, loaded once: every command runs in a fork of this process.

Run by the SDK's own Python. A command by itself takes most of a second to start; here a fifth.
Arguments: the SDK's root and the path of the socket to listen at.
"""

import json
import os
import socket
import sys


def serve(sdk_root: str, path: str) -> None:
    """Answer every connection with the exit code of the command line it sends."""
    sys.path[:0] = [f"{sdk_root}/lib/third_party", f"{sdk_root}/lib"]
    from googlecloudsdk import gcloud_main  # noqa: PLC0415 - only now importable

    gcloud = gcloud_main.CreateCLI([])
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            _answer(connection, gcloud_main, gcloud)
            os._exit(0)
        connection.close()
        _reap()


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _answer(connection, gcloud_main, gcloud) -> None:
    message, descriptors, _, _ = socket.recv_fds(connection, 1 << 20, 3)
    request = json.loads(message)
    child = os.fork()
    if child == 0:
        for standard, descriptor in enumerate(descriptors):
            os.dup2(descriptor, standard)
        os._exit(_run(request, gcloud_main, gcloud))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    connection.sendall(str(status).encode())


def _run(request, gcloud_main, gcloud) -> int:
    os.environ.clear()
    os.environ.update(request["environ"])
    os.chdir(request["folder"])
    sys.argv = ["gcloud", *request["arguments"]]
    try:
        gcloud_main.main(gcloud)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


if __name__ == "__main__":
    serve(*sys.argv[1:])
