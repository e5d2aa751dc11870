// exp, log, tanh and erf of sixteen numbers: polynomials pinned to the last bit, so no C library decides a
// result. The plain scalar statement of each stands in Tests/Expectations; change both, or neither, and then
// the numerics version.

typedef struct {
  lanes power;      // n, a whole number
  lanes remainder;  // exp(remainder) - 1, where x = n log 2 + remainder' and |remainder'| <= log(2) / 2
} reduced;

INLINE reduced reduce_exponential(lanes x) {
  const lanes magic = all(0x1.8p23f);  // adding it rounds to a whole number
  const lanes n = fused(x, all(0x1.715476p0f), magic) - magic;
  lanes r = fused(n, all(-0x1.62e43p-1f), x);
  r = fused(n, all(0x1.05c61p-29f), r);
  lanes q = all(0x1.a032c0p-13f);
  q = fused(q, r, all(0x1.6d71f8p-10f));
  q = fused(q, r, all(0x1.11118ap-7f));
  q = fused(q, r, all(0x1.5554b2p-5f));
  q = fused(q, r, all(0x1.555554p-3f));
  q = fused(q, r, all(0x1p-1f));
  return (reduced){n, fused(r * r, q, r)};
}

// 2^n for whole -126 <= n <= 127.
INLINE lanes power_of_two(lanes n) {
  return from_bits(bits_of(n + all(0x1.8p23f)) + 127 << 23);
}

// x 2^n for whole n, rounded once.
INLINE lanes times_power_of_two(lanes x, lanes n) {
#if MEMORY_MASKS == 512
  return (lanes)_mm512_scalef_ps((__m512)x, (__m512)n);
#else
  // In two steps: 2^n itself may be out of range where the product is not. Only the second one rounds.
  const lanes magic = all(0x1.8p23f);
  const lanes half = fused(n, all(0.5f), magic) - magic;
  return x * power_of_two(half) * power_of_two(n - half);
#endif
}

// Overflows to infinity, underflows gradually.
INLINE lanes exponential_of(lanes x) {
  x = choose(x > all(104), all(104), x);
  x = choose(x < all(-104), all(-104), x);
  const reduced e = reduce_exponential(x);
  return times_power_of_two(e.remainder + all(1), e.power);
}

// log(2^e (1 + f)) for f from sqrt(1/2) - 1 to sqrt(2) - 1.
INLINE lanes logarithm_from(lanes e, lanes f) {
  lanes q = all(0x1.1457d6p-4f);
  q = fused(q, f, all(-0x1.de3c10p-4f));
  q = fused(q, f, all(0x1.e6f052p-4f));
  q = fused(q, f, all(-0x1.fc2206p-4f));
  q = fused(q, f, all(0x1.23376ap-3f));
  q = fused(q, f, all(-0x1.555c4ep-3f));
  q = fused(q, f, all(0x1.99a4b6p-3f));
  q = fused(q, f, all(-0x1.000006p-2f));
  q = fused(q, f, all(0x1.555548p-2f));
  const lanes curve = f * f * fused(q, f, all(-0x1p-1f));
  const lanes y = fused(e, all(-0x1.05c61p-29f), curve) + f;
  return fused(e, all(0x1.62e43p-1f), y);
}

// log 0 = -infinity; NaN below.
INLINE lanes logarithm_of(lanes x) {
  const ints tiny = x < all(0x1p-126f);
  const lanes scaled = choose(tiny, x * all(0x1p25f), x);
  // x = 2^e m with m from sqrt(1/2) to sqrt(2).
  const ints offset = bits_of(scaled) - 0x3f3504f3;
  const lanes f = from_bits((offset & 0x7fffff) + 0x3f3504f3) - all(1);
  const lanes e = __builtin_convertvector(offset >> 23, lanes) + choose(tiny, all(-25), all(0));
  lanes y = logarithm_from(e, f);
  y = choose(x == all(INFINITY), x, y);
  y = choose(x == all(0), all(-INFINITY), y);
  y = choose(x < all(0), all(NAN), y);
  return choose(x != x, x, y);
}

// log(1 + x) for 0 <= x < 2^100. Only e is read from the rounded sum: f = (1 + x) / 2^e - 1 has a rounding of its
// own, finer and none at all where e = 0; so a small x is not lost, and more x never gives less.
INLINE lanes logarithm_of_one_plus(lanes x) {
  const ints e = (bits_of(x + all(1)) - 0x3f3504f3) >> 23;
  const lanes part = from_bits((127 - e) << 23);
  return logarithm_from(__builtin_convertvector(e, lanes), fused(x, part, part - all(1)));
}

// x + x^3 P(x^2) below 11/16; 1 - 2 / (exp(2|x|) + 1) with the sign of x above: steps that never turn back, and
// what is subtracted is less than half, so its error hardly shows.
INLINE lanes hyperbolic_tangent_of(lanes x) {
  const lanes a = absolute(x), t = a * a;
  lanes p = all(0x1.f69848p-10f);
  p = fused(p, t, all(-0x1.033bb6p-7f));
  p = fused(p, t, all(0x1.61a322p-6f));
  p = fused(p, t, all(-0x1.b9be5ap-5f));
  p = fused(p, t, all(0x1.110f5ep-3f));
  p = fused(p, t, all(-0x1.555550p-2f));
  const lanes near = fused(p * t, a, a);
  const reduced e = reduce_exponential(choose(a > all(10), all(10), a) * all(2));
  const lanes scale = power_of_two(e.power);
  const lanes far = all(1) - all(2) / fused(e.remainder, scale, scale + all(1));
  return with_sign_of(choose(a < all(0.6875f), near, far), x);
}

// x + x P(x^2) below 31/32; 1 - exp(-G(|x| - 7/4)) with the sign of x above. That difference is exact, and small
// where the exponential still counts: the rounding errors of G stay below its steps, so more x never gives less.
INLINE lanes error_function_of(lanes x) {
  const lanes a = absolute(x), t = a * a;
  lanes p = all(0x1.496a42p-14f);
  p = fused(p, t, all(-0x1.a3f706p-11f));
  p = fused(p, t, all(0x1.5405b2p-8f));
  p = fused(p, t, all(-0x1.b7f90ep-6f));
  p = fused(p, t, all(0x1.ce2cf8p-4f));
  p = fused(p, t, all(-0x1.81273ep-2f));
  p = fused(p, t, all(0x1.06eba8p-3f));
  const lanes near = fused(p, a, a);
  const lanes c = choose(a > all(4), all(4), a) - all(1.75f);
  lanes g = all(-0x1.938fdep-13f);
  g = fused(g, c, all(0x1.022176p-10f));
  g = fused(g, c, all(-0x1.2dc682p-8f));
  g = fused(g, c, all(0x1.50866ap-6f));
  g = fused(g, c, all(0x1.d1e354p-1f));
  g = fused(g, c, all(0x1.fad482p1f));
  g = fused(g, c, all(0x1.1457e0p2f));
  const lanes far = all(1) - exponential_of(-g);
  return with_sign_of(choose(a < all(0.96875f), near, far), x);
}
