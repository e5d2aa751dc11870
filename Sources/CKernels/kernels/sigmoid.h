// The logistic function and its integral. With e = exp(-|x|), which never overflows, both are exact in both
// tails.

INLINE lanes sigmoid_of(lanes x) {
  const lanes e = exponential_of(-absolute(x));
  return choose(x < all(0), e, all(1)) / (all(1) + e);
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

// log(1 + exp(x)) = max(x, 0) + log(1 + e). What rounding took from u = 1 + e is e - (u - 1), exactly, and moves
// the logarithm by that over u: so a small e is not lost.
static void softplus(float *out, const float *x, ptrdiff_t n) {
  OVER(n, {
    const lanes v = load(x + i, left);
    const lanes e = exponential_of(-absolute(v));
    const lanes u = all(1) + e;
    const lanes curve = logarithm_of(u) + (e - (u - all(1))) / u;
    store(out + i, choose(v > all(0), v, all(0)) + curve, left);
  });
}

// dx = dy / (1 + exp(-x))
static void softplus_pullback(float *dx, const float *x, const float *dy, ptrdiff_t n) {
  OVER(n, store(dx + i, load(dy + i, left) * sigmoid_of(load(x + i, left)), left));
}
