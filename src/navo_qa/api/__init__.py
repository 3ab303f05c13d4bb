"""The HTTP API: what can a program ask the service?

app.py          the application, put together
door.py         what every request passes: ids, limits, headers, the log
conditional.py  ETag and If-None-Match
problems.py     errors as problem+json: the one table of status codes
contract.py     what /openapi.json says beyond the routes
models.py       the bodies, as pydantic sees them
about.py answers.py timeline.py documents.py pages.py citations.py   the routes, by subject
service.py      the index that is being served, reopened when a build replaces it
serve.py        the server process
"""
