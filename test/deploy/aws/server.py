"""moto_server with what this project's deployment needs and moto lacks: see the modules beside this one.

    python3 -m aws.server -H 127.0.0.1 -p PORT

    GET /deploy/tick?region=R&scheduled=T  fires every schedule of a region
    GET /deploy/ahead?milliseconds=N       sets the clock of the functions ahead of the machine's
    GET /deploy/fail?id=L                  lets no resource be created whose logical id begins so; id=- ends it
    GET /deploy/invocations                every run of a function so far
    GET /deploy/calls                      every different call under a role so far, while access was enforced
    GET /deploy/told                       what people got by mail, text message and telephone so far
    GET /deploy/cloudfront                 distributions, functions and the like, as their templates have them
    GET /deploy/refusals                   what services were not let do by a role or a policy so far
"""

import json
from urllib.parse import parse_qs

import moto.server
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from . import access, changes, page, resources, voice  # noqa: F401
from .delivery import tick, told
from .functions import clock, invocations
from .policies import refusals

ANSWERS = {
    "/deploy/tick": lambda query: tick(query["region"], query["scheduled"]),
    "/deploy/ahead": lambda query: clock.update(ahead=query["milliseconds"]),
    "/deploy/fail": lambda query: resources.failing.update(id=None if query["id"] == "-" else query["id"]),
    "/deploy/invocations": lambda query: invocations,
    "/deploy/calls": lambda query: list(access.calls.values()),
    "/deploy/told": lambda query: told,
    "/deploy/refusals": lambda query: refusals,
    "/deploy/cloudfront": lambda query: page.made,
}

dispatch = DomainDispatcherApplication.__call__


def route(self, environ, start_response):
    path = environ.get("PATH_INFO", "")
    if path not in ANSWERS:
        return voice.answer(environ, start_response) or dispatch(self, environ, start_response)
    query = {key: values[0] for key, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    answer = json.dumps(ANSWERS[path](query), default=str).encode()
    start_response("200 OK", [("content-type", "application/json")])
    return [answer]


DomainDispatcherApplication.__call__ = route

if __name__ == "__main__":
    moto.server.main()
