"""Import a WSGI application, answer one request, print the status and the CPU seconds of both; for a new process.

The arguments are the module, and the request as JSON: method, path, body, headers.
"""

# ruff: noqa: E402 - nothing is imported before the clock is read
import time

start = time.process_time()

import sys

__import__(sys.argv[1])

import io
import json
from wsgiref.util import setup_testing_defaults

method, path, body, headers = json.loads(sys.argv[2])
content = (body or "").encode()
environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
environ |= {"REQUEST_METHOD": method, "PATH_INFO": path, "REMOTE_ADDR": "127.0.0.1", "wsgi.input": io.BytesIO(content)}
environ |= {"CONTENT_TYPE": headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(content))}
setup_testing_defaults(environ)
statuses: list[str] = []
b"".join(sys.modules[sys.argv[1]].application(environ, lambda status, _headers: statuses.append(status)))
print([int(statuses[0][:3]), time.process_time() - start])
