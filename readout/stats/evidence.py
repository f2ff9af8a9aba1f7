"""Always-valid evidence: the e-value of a share, its sample size, and the chance of a run."""

from math import exp, inf, log, log1p

from scipy import special

from readout.stats.inputs import first_whole, require_counts

FEWEST_E_VALUE = 20  # below, an e-value moves by single reviews: no plan of a sample size starts there


def e_value(successes: float, n: float, p0: float) -> float:
    """Return the evidence that a share lies above p0: a Bayes factor with a uniform prior on (p0, 1].

    E = B(1+s, 1+n-s) · (1 - I_p0(1+s, 1+n-s)) / ((1-p0) · p0^s · (1-p0)^(n-s)), on the log scale. At or below p0 it
    reaches 1 / alpha with probability at most alpha, however often one looks (Ville 1939). 90 of 100 at 0.85 → 1.35;
    without data 1. May be infinite. ValueError unless 0 <= successes <= n and 0 <= p0 <= 1.
    """
    if n == 0 and successes == 0:
        return 1.0
    successes, n = require_counts(successes, n)
    require_counts(p0, 1)
    failures = n - successes
    if p0 == 0:  # one success disproves a rate of zero
        return inf if successes else 1 / (n + 1)
    if p0 == 1:  # the limit from below: nothing lies above
        return 1 / (failures + 1)
    beyond = float(special.betaincc(1 + successes, 1 + failures, p0))
    if beyond < 1e-290:  # noqa: PLR2004 - about to underflow; the integral itself does not
        return _e_value_far_below(successes, failures, p0)
    scale = float(special.betaln(1 + successes, 1 + failures))
    logged = scale + log(beyond) - log1p(-p0) - successes * log(p0) - failures * log1p(-p0)
    return exp(logged) if logged < 709 else inf  # noqa: PLR2004 - the largest power of e that a float holds


def _e_value_far_below(successes: float, failures: float, p0: float) -> float:
    """Integrate the likelihood ratio over (p0, 1]: far below p0 the closed form underflows."""
    from scipy import integrate  # noqa: PLC0415 - slow to import, and seldom needed

    slope = failures / (1 - p0) - successes / p0  # the ratio falls at least so fast from p0 on
    width = min(60 / slope, 1 - p0)

    def ratio(step: float) -> float:
        beyond = step * width
        if beyond >= 1 - p0:
            return 0.0
        return exp(successes * log1p(beyond / p0) + failures * log1p(-beyond / (1 - p0)))

    area, _ = integrate.quad(ratio, 0, 1, epsabs=0, epsrel=1e-9, limit=200)
    return area * width / (1 - p0)


def min_n_e_value(observed_rate: float, p0: float, needed: float = 20.0) -> float:
    """Return the smallest n from 20 on at which observed_rate · n of n give evidence of at least `needed`.

    0.90 against 0.85 → 403. Infinite where that never comes: at a rate that is not above p0 evidence only falls.
    """
    require_counts(observed_rate, 1)
    require_counts(p0, 1)

    def enough(n: int) -> bool:
        return e_value(min(observed_rate * n, n), n, p0) >= needed

    if observed_rate <= p0:
        return FEWEST_E_VALUE if enough(FEWEST_E_VALUE) else inf
    return first_whole(FEWEST_E_VALUE, enough)


def run_probability(p: float, k: int, weeks: int) -> float:
    """Return the probability of at least k met weeks in a row within so many weeks, each met with probability p.

    Exact, by the Markov chain on the length of the streak (Feller 1968, XIII.7); 0.5, 3 in 12 → 0.58374.
    """
    require_counts(p, 1)
    if k < 1 or weeks < 0:
        message = f"a run needs k >= 1 and weeks >= 0, not {k} in {weeks}"
        raise ValueError(message)
    streak, done = [1.0] + [0.0] * (k - 1), 0.0
    for _ in range(weeks):
        done += streak[-1] * p
        streak = [(1 - p) * sum(streak), *(share * p for share in streak[:-1])]
    return done
