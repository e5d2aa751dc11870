// GELU and its derivative, in both forms.

// The tanh form, without its cancellation: (1 + tanh u) / 2 = 1 / (1 + exp(-2u)), and
//   2u = x (A + B x^2),  A = 2 sqrt(2/pi),  B = 0.044715 A.
static const float gelu_a = 0x1.988454p0f, gelu_b = 0x1.2444f2p-4f;

INLINE lanes gelu_gate(lanes x) {
  const lanes u = x * fused(all(gelu_b), x * x, all(gelu_a));
  // Beyond 80 the exponential vanishes beside 1; stopping there only avoids slow subnormal numbers.
  return all(1) / (all(1) + exponential_of(-choose(u > all(80), all(80), u)));
}

// y = x s
static void gelu_tanh(float *out, const float *x, ptrdiff_t n) {
  OVER(n, {
    const lanes v = load(x + i, left);
    store(out + i, v * gelu_gate(v), left);
  });
}

// dx = dy (s + x s (1 - s) (A + 3 B x^2))
static void gelu_tanh_pullback(float *dx, const float *x, const float *dy, ptrdiff_t n) {
  OVER(n, {
    const lanes v = load(x + i, left);
    const lanes s = gelu_gate(v);
    const lanes slope = v * fused(all(3 * gelu_b), v * v, all(gelu_a));
    store(dx + i, load(dy + i, left) * fused(s * (all(1) - s), slope, s), left);
  });
}

// y = (x / 2) (1 + erf(x / sqrt 2))
static void gelu_exact(float *out, const float *x, ptrdiff_t n) {
  OVER(n, {
    const lanes v = load(x + i, left);
    const lanes e = error_function_of(v * all(0x1.6a09e6p-1f));
    store(out + i, (v * all(0.5f)) * (all(1) + e), left);
  });
}

// dx = dy ((1 + erf(x / sqrt 2)) / 2 + x exp(-x^2 / 2) / sqrt(2 pi))
static void gelu_exact_pullback(float *dx, const float *x, const float *dy, ptrdiff_t n) {
  OVER(n, {
    const lanes v = load(x + i, left);
    const lanes e = error_function_of(v * all(0x1.6a09e6p-1f));
    const lanes density = exponential_of((v * v) * all(-0.5f)) * all(0x1.988454p-2f);
    store(dx + i, load(dy + i, left) * fused(v, density, all(0.5f) * (all(1) + e)), left);
  });
}
