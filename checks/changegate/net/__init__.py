"""Asking a host's API over HTTP: bounded, to one host only, and with one sentence for whatever goes wrong."""
