"""The four servers under load, each beside a bare echo server: `nox -s load`."""
