"""One attempt to send, with its retries: only what may pass is retried, and only for half a minute."""

import time
from collections.abc import Callable

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, stop_before_delay
from tenacity.wait import wait_exponential_jitter

TRIES = 4
BUDGET_SECONDS = 30.0
TIMEOUT_SECONDS = 15.0
Sleep = Callable[[float], None]
_backoff = wait_exponential_jitter(max=10)


class NotSentError(Exception):
    """A try that failed. `again`: the next may succeed; `after`: seconds that the receiver asks us to wait."""

    def __init__(self, detail: str, *, again: bool, after: float = 0.0) -> None:
        self.detail, self.again, self.after = detail, again, after
        super().__init__(detail)


def attempt(send: Callable[[], str], *, tries: int = TRIES, sleep: Sleep = time.sleep) -> str:
    """Return what `send` returns, the number of tries added where it took several.

    Raises:
        NotSentError: the last try's, with their number.
    """
    retrying = Retrying(
        retry=retry_if_exception(lambda error: isinstance(error, NotSentError) and error.again),
        stop=stop_after_attempt(tries) | stop_before_delay(BUDGET_SECONDS),
        wait=_wait,
        sleep=sleep,
        reraise=True,
    )
    try:
        detail = retrying(send)
    except NotSentError as error:
        raise NotSentError(_counted(error.detail, retrying), again=error.again) from error
    return _counted(detail, retrying)


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.after if isinstance(error, NotSentError) else 0.0
    return max(asked, _backoff(state))


def _counted(detail: str, retrying: Retrying) -> str:
    tries = retrying.statistics["attempt_number"]
    return detail if tries == 1 else f"{detail}, {tries} tries"
