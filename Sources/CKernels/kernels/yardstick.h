// How fast fused multiply-adds can go when nothing waits for memory.

static double fma_rounds(float *sink, ptrdiff_t rounds) {
  enum { CHAINS = YARDSTICK_CHAINS };
  const lanes factor = all(0.75f);
  lanes sum[CHAINS];
  UNROLL for (int c = 0; c < CHAINS; c++) sum[c] = all((float)c);
  for (ptrdiff_t r = 0; r < rounds; r++) {
    UNROLL for (int c = 0; c < CHAINS; c++) sum[c] = fused(sum[c], factor, factor);
  }
  lanes total = sum[0];
  UNROLL for (int c = 1; c < CHAINS; c++) total += sum[c];
  store(sink, total, LANES);
  return 2.0 * LANES * CHAINS * (double)rounds;
}
