"""``gcloud`` as tests put it on the path: hands the command line to the gcloud that is loaded."""

import json
import os
import socket
import sys

with open(os.environ["GCLOUD_LOG"], "a", encoding="utf-8") as log:  # noqa: PTH123 - a quick start
    log.write(json.dumps(sys.argv[1:]) + "\n")
connection = socket.socket(socket.AF_UNIX)
connection.connect(os.environ["GCLOUD_SOCKET"])
request = {"arguments": sys.argv[1:], "environ": dict(os.environ), "folder": os.getcwd()}  # noqa: PTH109 - as above
socket.send_fds(connection, [json.dumps(request).encode()], [0, 1, 2])
sys.exit(int(connection.recv(16) or b"1"))
