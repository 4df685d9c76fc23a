"""The real gcloud, loaded once: every command line runs in a fork of this process.

Run by the SDK's own Python. A command by itself takes most of a second to start; here a tenth.
Arguments: the SDK's root and the path of the socket to listen at.
"""

import ast
import gc
import json
import os
import signal
import socket
import sys
import time

# What is loaded before the first command: the commands of a deployment, and their APIs' messages.
COMMANDS = """
alpha monitoring policies create
alpha monitoring policies list
beta monitoring channels list
billing projects describe
firestore databases describe
firestore fields ttls update
firestore indexes fields describe
functions deploy
functions describe
iam service-accounts create
iam service-accounts describe
logging metrics create
logging metrics describe
monitoring dashboards list
projects add-iam-policy-binding
projects describe
projects get-iam-policy
pubsub subscriptions describe
pubsub topics add-iam-policy-binding
pubsub topics describe
pubsub topics get-iam-policy
run services add-iam-policy-binding
run services describe
run services get-iam-policy
run services update-traffic
scheduler jobs describe
secrets add-iam-policy-binding
secrets describe
secrets get-iam-policy
secrets list
secrets versions access
secrets versions add
storage buckets describe
"""
APIS = """
cloudbilling v1
cloudfunctions v2
cloudfunctions v2alpha
cloudresourcemanager v1
cloudscheduler v1
firestore v1
iam v1
logging v2
monitoring v1
monitoring v3
pubsub v1
run v1
secretmanager v1
serviceusage v1
storage v1
"""


def serve(sdk_root, path):
    """Answer every connection with the exit code of the command line it sends."""
    sys.path[:0] = [f"{sdk_root}/lib/third_party", f"{sdk_root}/lib"]
    from googlecloudsdk import gcloud_main  # noqa: PLC0415 - importable only now

    gcloud = gcloud_main.CreateCLI([])
    warm_up(gcloud)
    hurry()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # Objects that no collection touches are shared with the forks, not copied.
    gc.freeze()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            connection.sendall(str(answer(connection, gcloud_main, gcloud)).encode())
            os._exit(0)
        connection.close()


def warm_up(gcloud):
    """Load what commands would load."""
    import proto  # noqa: F401, PLC0415 - what prints an answer
    from googlecloudsdk.api_lib.util import apis  # noqa: PLC0415 - as above

    for command in COMMANDS.split("\n"):
        element = gcloud._TopElement()
        for word in command.split():
            element = element.LoadSubElement(word)
    for name, version in (line.split() for line in APIS.strip().split("\n")):
        apis.GetMessagesModule(name, version)
        apis.GetClientClass(name, version)


def hurry():
    """Let gcloud look at an operation at once, not after a second: here it is over by then."""
    sleep = time.sleep
    time.sleep = lambda seconds: sleep(min(seconds, 0.01))


def answer(connection, gcloud_main, gcloud):
    """Run the command line that is asked for, with the asker's own files; return its exit code."""
    message, descriptors, _, _ = socket.recv_fds(connection, 1 << 20, 3)
    request = ast.literal_eval(message.decode())
    with open(request["environ"]["GCLOUD_LOG"], "a", encoding="utf-8") as log:  # noqa: PTH123 - short
        log.write(json.dumps(request["arguments"]) + "\n")
    for standard, descriptor in enumerate(descriptors):
        os.dup2(descriptor, standard)
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
