"""The four servers under load, beside their floors: `nox -s load`."""
