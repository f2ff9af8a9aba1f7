"""Bounds, always-valid evidence, rank tests and process limits: against scipy, statsmodels, published values, laws."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate
from scipy import stats as scipy_stats
from statsmodels.stats.proportion import proportion_confint

from readout import stats

COUNTS = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts=COUNTS, alpha=st.sampled_from([0.005, 0.05, 0.2]))
def test_bounds_of_a_share_are_those_of_statsmodels(counts, alpha):
    successes, n = counts
    for method, lower, upper in (
        ("wilson", stats.wilson_lower, stats.wilson_upper),
        ("beta", stats.clopper_pearson_lower, stats.clopper_pearson_upper),
    ):
        low, high = proportion_confint(successes, n, alpha=2 * alpha, method=method)
        assert lower(successes, n, alpha) == pytest.approx(low, abs=1e-9)
        assert upper(successes, n, alpha) == pytest.approx(high, abs=1e-9)


@pytest.mark.parametrize(
    ("successes", "n", "lower"),
    [(90, 100, 0.8396), (180, 200, 0.8596), (18, 20, 0.7383), (100, 100, 0.9737), (5, 5, 0.6489), (0, 9, 0.0)],
)
def test_one_sided_wilson_bounds(successes, n, lower):
    assert stats.wilson_lower(successes, n, 0.05) == pytest.approx(lower, abs=5e-5)


def test_a_two_sided_interval_is_two_one_sided_bounds():
    found = stats.clopper_pearson_interval(81, 263, 0.95)
    assert found == (stats.clopper_pearson_lower(81, 263, 0.025), stats.clopper_pearson_upper(81, 263, 0.025))


@pytest.mark.parametrize("bad", [(5, 4), (-1, 4), (0, 0), (float("nan"), 4), (1, float("inf"))])
def test_impossible_counts_are_refused(bad):
    for bound in (stats.wilson_lower, stats.clopper_pearson_upper):
        with pytest.raises(ValueError, match="a share needs"):
            bound(*bad, 0.05)
    if bad != (0, 0):  # no data is no evidence, either way
        with pytest.raises(ValueError, match="a share needs"):
            stats.e_value(*bad, 0.85)


@pytest.mark.parametrize(("rate", "n"), [(0.87, 863), (0.88, 384), (0.90, 138), (0.92, 71), (0.95, 35)])
def test_reviews_that_put_the_wilson_bound_above_the_line(rate, n):
    assert stats.min_n_wilson(rate, 0.85, 0.05) == n
    assert stats.wilson_lower(rate * n, n, 0.05) > 0.85 >= stats.wilson_lower(rate * (n - 1), n - 1, 0.05)


@pytest.mark.parametrize(("rate", "n"), [(0.87, 3260), (0.88, 1306), (0.89, 676), (0.90, 403), (0.92, 182), (0.95, 77)])
def test_reviews_that_give_evidence_of_twenty(rate, n):
    assert stats.min_n_e_value(rate, 0.85, 20) == n


def test_no_sample_size_proves_what_is_not_so():
    assert stats.min_n_wilson(0.85, 0.85, 0.05) == math.inf
    assert stats.min_n_e_value(0.8, 0.85, 20) == math.inf


@pytest.mark.parametrize(("rate", "p0", "needed"), [(0.9, 0.85, 1), (0.9, 0.85, 0.9), (0.3, 0.2, 0.5), (0.99, 0.5, 5)])
def test_the_fewest_reviews_are_the_first_from_twenty_on(rate, p0, needed):
    first = next(n for n in range(20, 2000) if stats.e_value(rate * n, n, p0) >= needed)
    assert stats.min_n_e_value(rate, p0, needed) == first


@pytest.mark.parametrize(
    ("successes", "n", "evidence"),
    [
        (90, 100, 1.35),
        (95, 100, 58.5),
        (180, 200, 3.06),
        (270, 300, 7.55),
        (280, 300, 5142),
        (255, 300, 0.16),
        (0, 0, 1),
    ],
)
def test_evidence_anchors(successes, n, evidence):
    assert stats.e_value(successes, n, 0.85) == pytest.approx(evidence, rel=4e-3, abs=5e-3)


@pytest.mark.filterwarnings("ignore::scipy.integrate.IntegrationWarning")  # the check itself integrates numerically
@given(counts=st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), p0=st.floats(0.2, 0.98))
def test_evidence_is_the_likelihood_ratio_averaged_over_what_lies_above_the_line(counts, p0):
    successes, n = counts

    def ratio(p):
        return math.exp(
            successes * math.log(p / p0)
            + ((n - successes) * (math.log1p(-p) - math.log1p(-p0)) if n > successes else 0)
        )

    peak = min(max(successes / n, p0 + 1e-9), 1 - 1e-12)
    area, _ = integrate.quad(ratio, p0, 1, points=[peak], limit=400, epsrel=1e-7)
    assert stats.e_value(successes, n, p0) == pytest.approx(area / (1 - p0), rel=1e-5)


@pytest.mark.parametrize("n", [10**4, 10**6, 10**9])
def test_evidence_far_from_the_line_is_tiny_or_infinite_never_an_error(n):
    assert 0 < stats.e_value(0, n, 0.85) < 1e-3
    assert stats.e_value(n, n, 0.05) == math.inf or stats.e_value(n, n, 0.05) > 1e100


def test_on_the_line_evidence_of_twenty_is_rare_however_often_one_looks():
    rng = random.Random(7)  # noqa: S311 - a seeded simulation
    crossed = 0
    for _ in range(400):
        good = best = 0
        for day in range(1, 61):
            good += sum(rng.random() < 0.85 for _ in range(10))
            best = max(best, stats.e_value(good, 10 * day, 0.85))
        crossed += best >= 20
    assert crossed / 400 <= 0.05


def test_the_probability_of_a_run_counts_every_sequence():
    assert stats.run_probability(0.5, 3, 12) == pytest.approx(0.58374, abs=1e-5)
    for weeks in range(7):
        runs = sum("111" in f"{number:0{weeks}b}" for number in range(2**weeks)) if weeks else 0
        assert stats.run_probability(0.5, 3, weeks) == pytest.approx(runs / 2**weeks)
    assert stats.run_probability(1, 3, 3) == 1


@pytest.mark.parametrize(("p", "n"), [(0.5, 5), (0.9, 29), (0.95, 59), (0.99, 299)])
def test_fewest_observations_that_bound_a_percentile(p, n):
    assert stats.percentile_min_n(p, 0.05) == n
    assert stats.percentile_bound_ranks(n - 1, p, 0.05)[1] is None
    assert stats.percentile_bound_ranks(n, p, 0.05)[1] == n


def test_percentile_ranks_of_the_literature():
    assert stats.percentile_bound_ranks(100, 0.95, 0.05) == (91, 99)
    assert stats.percentile_bound_ranks(1000, 0.95, 0.05) == (938, 962)
    assert stats.percentile_bound_ranks(0, 0.95, 0.05) == (None, None)
    assert stats.percentile_bound_ranks(1, 0.5, 0.05) == (None, None)


@given(n=st.integers(1, 400), p=st.sampled_from([0.5, 0.9, 0.95, 0.99]), alpha=st.sampled_from([0.01, 0.05, 0.2]))
def test_ranks_are_the_tightest_that_hold(n, p, alpha):
    lower, upper = stats.percentile_bound_ranks(n, p, alpha)
    below = scipy_stats.binom.cdf(range(-1, n), n, p)  # below[r] = P(Bin <= r - 1)
    assert lower == max((r for r in range(1, n + 1) if below[r] <= alpha), default=None)
    assert upper == min((r for r in range(1, n + 1) if below[r] >= 1 - alpha), default=None)


@given(counts=st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_percentile_is_under_a_line_with_confidence_exactly_when_the_share_under_it_is(counts):
    under, n = counts
    rank = stats.percentile_bound_ranks(n, 0.95, 0.05)[1]
    by_rank = rank is not None and under >= rank
    assert by_rank == (stats.clopper_pearson_lower(under, n, 0.05) > 0.95)


def test_weighted_accuracy_undoes_unequal_review():
    strata = [(40, 50, 0.5), {"successes": 45, "n": 50, "sampling_prob": 0.05}]
    found = stats.weighted_accuracy(strata, 0.05)
    assert found.estimate == pytest.approx((40 * 2 + 45 * 20) / (50 * 2 + 50 * 20))
    assert found.n_eff == pytest.approx(1100**2 / (50 * 4 + 50 * 400))
    assert found.lower == pytest.approx(stats.wilson_lower(found.estimate * found.n_eff, found.n_eff, 0.05))
    assert stats.weighted_accuracy({"easy": strata[0], "hard": strata[1], "unseen": (0, 0, 0.1)}, 0.05) == found
    assert stats.weighted_accuracy([(88, 100, 0.1)]).n_eff == pytest.approx(100)
    with pytest.raises(ValueError, match="sampling probability"):
        stats.weighted_accuracy([(1, 2, 0.0)])
    with pytest.raises(ValueError, match="no stratum"):
        stats.weighted_accuracy([])


def test_a_reduction_is_bounded_on_the_log_scale():
    low, high = stats.reduction_interval((12.0, 6.0, 400), (7.8, 4.0, 350), 0.05)
    assert low < 0.35 < high
    assert stats.reduction_interval({"mean": 12.0, "sd": 6.0, "n": 400}, [7.8, 4.0, 350]) == (low, high)
    seen = [6, 10, 14, 18]
    assert stats.reduction_interval(seen, (7.8, 4.0, 350)) == stats.reduction_interval(
        (12, (80 / 3) ** 0.5, 4), (7.8, 4.0, 350)
    )
    near = stats.reduction_interval((12.0, 6.0, 3000), (7.8, 4.0, 3000), 0.05)
    assert low < near.lower < 0.35 < near.upper < high
    assert stats.reduction_interval((10, 0, 5), (5, 0, 5)) == pytest.approx((0.5, 0.5))
    with pytest.raises(ValueError, match="positive means"):
        stats.reduction_interval((0, 1, 5), (5, 1, 5))


def test_a_ratio_of_sums_is_not_a_mean_of_ratios():
    low, high = stats.ratio_interval([10, 0, 20, 30], [1, 1, 2, 2], 0.05)
    assert low < 10 < high
    assert stats.ratio_interval([2, 4, 6], [1, 2, 3]) == pytest.approx((2, 2))
    with pytest.raises(ValueError, match="two pairs"):
        stats.ratio_interval([1], [1])


@given(a=st.lists(st.integers(0, 9), min_size=2, max_size=30), b=st.lists(st.integers(0, 9), min_size=2, max_size=30))
def test_the_rank_test_is_scipys_and_total(a, b):
    found = stats.mann_whitney(a, b).p_value
    if len({*a, *b}) == 1:
        assert found == 1
    else:
        assert found == scipy_stats.mannwhitneyu(a, b, alternative="greater", method="asymptotic").pvalue


def numbers(text):
    return [float(word) for word in text.split()]


@pytest.mark.parametrize(
    ("series", "centre", "mean_range", "upper", "lower", "signals"),
    [
        ("12 15 11 14 13 16 12 15 13 14 12 15", 13.5, 2.6364, 20.5127, 6.4873, set()),
        ("12 15 11 14 13 16 12 15 13 14 12 30", 14.75, 2.6, 21.666, 7.834, {("outside", "high")}),
        (
            "10 10 11 10 12 12 13 12 13 13 12 13", 11.75, 0.8182, 13.9264, 9.5736,
            {("run", "high"), ("near", "low"), ("near", "high")},
        ),
        ("0 1 0 2 1 0 1 0 2 1", 0.8, 1.2222, 4.0511, 0, set()),
    ],
)  # fmt: skip
def test_process_limits_of_the_worked_table(series, centre, mean_range, upper, lower, signals):
    found = stats.xmr(numbers(series))
    assert (found.centre, found.mean_range, found.upper, found.lower) == pytest.approx(
        (centre, mean_range, upper, lower), abs=1e-4
    )
    assert {(one.rule, one.side) for one in found.signals} == signals


def test_limits_go_below_nought_where_values_do_or_the_domain_says_so():
    series = numbers("0 1 0 2 1 0 1 0 2 1")
    assert stats.xmr([*series, -1.0]).lower == pytest.approx(0.6363636 - 2.66 * 1.3, abs=1e-4)
    free = stats.xmr(series, domain=(None, None))
    assert (free.lower, free.signals) == (pytest.approx(-2.4511, abs=1e-4), stats.xmr(series).signals)


def test_few_points_have_no_limits_and_some_have_trial_limits():
    assert stats.xmr(numbers("1 2 3 4 5 6 7")).limits.status == "none"
    assert stats.xmr(numbers("1 2 3 4 5 6 7 8")).limits.status == "trial"
    locked = stats.xmr(numbers("12 15 11 14 13 16 12 15 13 14 12 15 90 90"))
    assert locked.limits.status == "locked"
    assert locked.centre == 13.5
    assert {one.index for one in locked.signals if one.rule == "outside"} == {12, 13}


def test_a_missing_or_partial_bucket_is_never_tested_and_breaks_the_chain():
    base = numbers("10 10 11 10 12 12 13 12 13 13 12")
    assert not [one for one in stats.xmr([*base, None, 13]).signals if one.rule == "run"]
    assert stats.xmr([*base, 99.0], partial=[11]).signals == stats.xmr(base).signals


def test_a_rate_is_pooled_and_needs_five_events():
    tops, bottoms = [9, 18, 45, 9, 8, 9, 9, 8, 0], [10, 20, 50, 10, 10, 10, 10, 10, 4]
    found = stats.xmr(tops, bottoms, domain=(0, 1))
    assert found.centre == pytest.approx(sum(tops[:8]) / sum(bottoms[:8]))
    assert (found.upper or 9) <= 1
    assert all(one.index != 8 for one in found.signals)


def test_limits_restart_at_a_declared_change():
    series = numbers("12 15 11 14 13 16 12 15 13 14 12 15") + [
        value + 40 for value in numbers("12 15 11 14 13 16 12 15")
    ]
    assert [one.index for one in stats.xmr(series).signals if one.rule == "outside"] == list(range(12, 20))
    rebased = stats.xmr(series, rebase=[12])
    assert rebased.signals == ()
    assert [one.status for one in rebased.stretches] == ["locked", "trial"]
