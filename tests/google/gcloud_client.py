"""``gcloud`` as tests put it on the path: hands the command line to the gcloud that is loaded."""

# Not socket nor json: their own imports would take as long as all the rest.
import _socket as socket
import os
import sys

connection = socket.socket(socket.AF_UNIX)
connection.connect(os.environ["GCLOUD_SOCKET"])
request = repr({"arguments": sys.argv[1:], "environ": dict(os.environ), "folder": os.getcwd()})  # noqa: PTH109 - so would pathlib
descriptors = b"".join(one.to_bytes(4, sys.byteorder) for one in range(3))
rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)
connection.sendmsg([request.encode()], [rights])
sys.exit(int(connection.recv(16) or b"1"))
