"""OPA as an engine: a server that the user runs, or one that is started for the run. Reached by `opa-python-client`.

host.py opens it, loads bundles and asks; upload.py puts policies under a root of the run's own and takes them away;
present.py uses a bundle that the server has already; server.py starts and ends an OPA; client.py and session.py speak
HTTP; address.py reads the address; faults.py says what went wrong.
"""
