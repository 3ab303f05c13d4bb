"""The HTTP API: what can a program ask the service?

app.py       the application and its routes
models.py    the bodies, as pydantic sees them
problems.py  errors as problem+json: the one table of status codes
service.py   the index that is being served, reopened when a build replaces it
"""
