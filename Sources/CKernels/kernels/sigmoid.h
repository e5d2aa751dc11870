// The logistic function and its integral: accurate in both tails, and more x never gives less, as every step is
// one that does not turn back.

// Left of 0, q = 1 / (1 + exp(|x|)); far out, where e = exp(-|x|) is below 2^-14, q = e - e^2. Right of 0, 1 - q.
INLINE lanes sigmoid_of(lanes x) {
  const lanes a = absolute(x);
  const ints far = a > all(10);
  const lanes e = exponential_of(choose(far, -a, a));
  const lanes q = choose(far, fused(-e, e, e), all(1) / (all(1) + e));
  return choose(x < all(0), q, all(1) - q);
}

// y = 1 / (1 + exp(-x))
static void sigmoid(float *out, const float *x, ptrdiff_t n) {
  OVER(n, store(out + i, sigmoid_of(load(x + i, left)), left));
}

// dx = dy y (1 - y)
static void sigmoid_pullback(float *dx, const float *y, const float *dy, ptrdiff_t n) {
  OVER(n, {
    const lanes v = load(y + i, left);
    store(dx + i, load(dy + i, left) * (v * (all(1) - v)), left);
  });
}

// log(1 + exp(x)); above 15 that is x, to half a unit in the last place.
static void softplus(float *out, const float *x, ptrdiff_t n) {
  OVER(n, {
    const lanes v = load(x + i, left);
    store(out + i, choose(v > all(15), v, logarithm_of_one_plus(exponential_of(v))), left);
  });
}

// dx = dy / (1 + exp(-x))
static void softplus_pullback(float *dx, const float *x, const float *dy, ptrdiff_t n) {
  OVER(n, store(dx + i, load(dy + i, left) * sigmoid_of(load(x + i, left)), left));
}
