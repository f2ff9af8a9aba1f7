"""What can go wrong at the door to the database, each with its next step."""


class WarehouseError(RuntimeError):
    """A failure that a person can act on; the text says what happened and what to do next."""


class NotReadyError(WarehouseError):
    """The warehouse answers, but nothing has been initialised or refreshed in it yet."""


class UnreachableError(WarehouseError):
    """The warehouse does not answer."""


class BusyError(WarehouseError):
    """Another load, refresh or delivery holds what it needs alone."""


class QueryTimeoutError(WarehouseError):
    """A query took longer than READOUT_QUERY_TIMEOUT_SECONDS."""


class InputError(ValueError):
    """A whole input is refused; the text names file, row and column."""
