"""What the APIs have in common: errors, operations, and updates by a mask."""


class RefusedError(Exception):
    """An answer with an error in it."""

    def __init__(self, code, status, message):
        super().__init__(message)
        self.code, self.status = code, status


def done(google, parent, made):
    """What Google answers when something takes a while; here it is over at once."""
    name = f"{parent}/operations/{len(google.calls)}"
    response = {"@type": "type.googleapis.com/any", **made}
    google.resources[name] = {"name": name, "done": True, "response": response}
    if "/databases/" not in parent:
        google.resources[name]["metadata"] = {"@type": "type.googleapis.com/any", "stages": []}
    return google.resources[name]


def failed(google, parent):
    operation = done(google, parent, {})
    del operation["response"]
    operation["error"] = {"code": 3, "message": google.build_error}
    return operation


def masked(stored, given, mask):
    """Take over only what an update names: ``service_config.timeout_seconds,labels``."""
    for path in mask.split(","):
        *outer, last = [_camel(part) for part in path.split(".")]
        target, source = stored, given
        for part in outer:
            target, source = target.setdefault(part, {}), source.get(part, {})
        if last in source:
            target[last] = source[last]
        else:
            target.pop(last, None)


def _camel(name):
    first, *others = name.split("_")
    return first + "".join(one.title() for one in others)
