"""Writes statistics.csv beside this file: what scipy says, for StatisticsVectorTests. Needs numpy, scipy and mpmath.

Each line: a function, its numbers, what it gives. Lists are separated by spaces, arguments by semicolons. Tails, quantiles
and the incomplete beta function are mpmath's with 40 digits where scipy's own differs from it by more than 1e-13."""
import os
import mpmath
import numpy
from scipy import optimize, special, stats

mpmath.mp.dps = 40
draw = numpy.random.Generator(numpy.random.Philox(20260101))
lines = []


def line(name, arguments, expected):
    text = ";".join(" ".join(repr(float(x)) for x in numpy.atleast_1d(a)) for a in arguments)
    lines.append(f"{name},{text},{' '.join(repr(float(x)) for x in numpy.atleast_1d(expected))}")


def tail(t, df):
    exact = mpmath.betainc(mpmath.mpf(df) / 2, mpmath.mpf(1) / 2, 0, 1 / (1 + mpmath.mpf(t) ** 2 / df), regularized=True) / 2
    scipy_says = stats.t.sf(t, df)
    assert abs(scipy_says - exact) < 1e-9 * exact, (t, df, scipy_says, exact)
    return scipy_says if abs(scipy_says - exact) < 1e-13 * exact else float(exact)


def quantile(p, df):
    scipy_says = stats.t.isf(p, df)
    square = lambda t: 1 / (1 + t**2 / mpmath.mpf(df))
    exact = mpmath.findroot(
        lambda t: mpmath.betainc(mpmath.mpf(df) / 2, 0.5, 0, square(t), regularized=True) / 2 / p - 1, scipy_says)
    assert abs(scipy_says - exact) < 1e-8 * exact, (p, df, scipy_says, exact)
    return scipy_says if abs(scipy_says - exact) < 1e-13 * exact else float(exact)


degrees = [1, 1.37, 2, 2.5, 3, 4, 4.37, 5, 7.91, 8, 10, 16, 30, 57.3, 100, 250, 999.5, 1000]
for df in degrees:
    for p in [1e-12, 1e-9, 1e-6, 1e-4, 1e-3, 0.01, 0.025, 0.05, 0.2, 0.4, 0.4999]:
        t = float(f"{stats.t.isf(p, df):.6g}")
        line("tail", [df, t], tail(t, df))
        line("quantile", [df, p], quantile(p, df))
    t = float(f"{stats.t.isf(0.3, df):.6g}")
    line("tail", [df, -t], stats.t.cdf(t, df))

for a in [0.5, 1, 2.3, 5, 40, 500]:
    for b in [0.5, 1, 3.7, 12, 300]:
        for share in [0.02, 0.3, 0.9]:
            x = float(f"{special.betaincinv(a, b, share):.6g}")
            if 0 < x < 1:
                exact = mpmath.betainc(a, b, 0, mpmath.mpf(x), regularized=True)
                assert abs(special.betainc(a, b, x) - exact) < 1e-9
                line("beta", [a, b, x], float(exact))

for case in range(24):
    n, m = draw.integers(2, 12, 2)
    a = numpy.round(draw.normal(0.5, 0.02, n), 5)
    b = numpy.round(draw.normal(0.5 + 0.01 * (case % 5), 0.02 * (1 + case % 4), m), 5)
    c = numpy.round(draw.normal(0.51, 0.02, n), 5)
    welch = stats.ttest_ind(b, a, equal_var=False)
    line("welch", [a, b], [welch.statistic, welch.df, welch.pvalue, *welch.confidence_interval(0.95)])
    for name, equal in [("welch-moments", False), ("pooled-moments", True)]:
        one = [b.mean(), b.std(ddof=1), m, a.mean(), a.std(ddof=1), n, equal]
        both = stats.ttest_ind_from_stats(*one)
        upper = stats.ttest_ind_from_stats(*one, alternative="greater")
        lower = stats.ttest_ind_from_stats(*one, alternative="less")
        line(name, [[a.mean(), a.std(ddof=1), n], [b.mean(), b.std(ddof=1), m]],
             [both.statistic, both.pvalue, upper.pvalue, lower.pvalue])
    pooled = stats.ttest_ind(b, a)
    line("pooled", [a, b], [pooled.statistic, pooled.df, pooled.pvalue, *pooled.confidence_interval(0.95)])
    paired = stats.ttest_rel(c, a)
    line("paired", [a, c], [paired.statistic, paired.df, paired.pvalue, *paired.confidence_interval(0.95)])
    margin = 0.03
    above = stats.ttest_ind(b + margin, a, equal_var=False, alternative="greater").pvalue
    below = stats.ttest_ind(b - margin, a, equal_var=False, alternative="less").pvalue
    line("equivalence", [a, b, margin], max(above, below))
    # A draw of one more run: the t-test of one number against n, with the spread of the n.
    error = a.std(ddof=1) * numpy.sqrt(1 + 1 / n)
    further = float(b[0])
    line("prediction", [a, further], 2 * stats.t.sf(abs(further - a.mean()) / error, n - 1))

for case in range(16):
    n, m = draw.integers(2, 7, 2)
    a = numpy.round(draw.lognormal(0, 0.6, n), 3)
    b = numpy.round(draw.lognormal(0.4, 0.6, m), 3)
    # Two-sided as our tests are: by the size of the difference, not twice the smaller tail.
    p = stats.permutation_test((b, a), lambda x, y: abs(numpy.mean(x) - numpy.mean(y)), alternative="greater",
                               n_resamples=numpy.inf).pvalue
    line("permutation", [a, b], p)
    differences = numpy.round(draw.normal(0.7, 1, n + 2), 3)
    p = stats.permutation_test((differences,), lambda x: abs(numpy.mean(x)), permutation_type="samples",
                               alternative="greater", n_resamples=numpy.inf).pvalue
    line("signs", [differences], p)

for case in range(12):
    raw = numpy.round(draw.uniform(0, 1, 2 + case) ** 4, 6)
    line("bh", [raw], stats.false_discovery_control(raw, method="bh"))

for df in [2, 4, 8, 18, 57.3, 200]:
    for alpha in [0.05, 0.05 / 24]:
        limit = stats.t.isf(alpha / 2, df)
        for delta in [0.5, 2, 5]:
            line("power", [alpha, delta, df], stats.ncf.sf(limit**2, 1, df, delta**2))
        reach = optimize.brentq(lambda d: stats.ncf.sf(limit**2, 1, df, d**2) - 0.8, 0.1, 200, xtol=1e-12)
        line("detectable", [alpha, df], reach)

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "statistics.csv"), "w", encoding="utf-8") as file:
    file.write("function,arguments,expected\n" + "\n".join(lines) + "\n")
print(len(lines))
