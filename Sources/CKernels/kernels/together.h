// Who was there most often when somebody was. Counts of 512 at once: bit p of each is in plane p.

enum { TOGETHER_WORDS = 8 };

INLINE pairs load_words(const uint64_t *p, ptrdiff_t left) { return (pairs)load((const float *)p, 2 * left); }
INLINE void store_words(uint64_t *p, pairs x, ptrdiff_t left) { store((float *)p, (lanes)x, 2 * left); }

INLINE int32_t anybody(pairs x) { return __builtin_reduce_or(x) != 0; }

// Leaves those of `ahead` whose bit is set in most of `count` rows, fewer than 2^depth, and returns in how many.
// Rows go in twos: the first plane takes both, so the others take half as many carries.
INLINE uint32_t most_of_block(pairs *ahead, const uint64_t *present, const uint64_t *times, ptrdiff_t count,
                              ptrdiff_t left, const int32_t depth) {
  pairs plane[32] = {};
  for (ptrdiff_t t = 0; t < count; t += 2) {
    const pairs a = load_words(present + times[t], left);
    const pairs b = t + 1 < count ? load_words(present + times[t + 1], left) : (pairs){};
    const pairs one = a ^ b;
    pairs carry = (a & b) | (one & plane[0]);
    plane[0] ^= one;
    UNROLL for (int32_t p = 1; p < depth; p++) {
      const pairs more = plane[p] & carry;
      plane[p] ^= carry;
      carry = more;
    }
  }
  uint32_t most = 0;
  pairs left_ahead = *ahead;
  UNROLL for (int32_t p = depth - 1; p >= 0; p--) {
    const pairs still = left_ahead & plane[p];
    if (anybody(still)) {
      left_ahead = still;
      most |= 1u << p;
    }
  }
  *ahead = left_ahead;
  return most;
}

// The same with as many planes as the count needs, in registers where they fit.
static uint32_t most_of_words(uint64_t *words, const uint64_t *present, const uint64_t *times, ptrdiff_t count,
                              ptrdiff_t left) {
  pairs ahead = load_words(words, left);
  if (count == 0 || !anybody(ahead)) return 0;
  uint32_t most;
  switch (64 - __builtin_clzll((uint64_t)count)) {
    case 1: most = most_of_block(&ahead, present, times, count, left, 1); break;
    case 2: most = most_of_block(&ahead, present, times, count, left, 2); break;
    case 3: most = most_of_block(&ahead, present, times, count, left, 3); break;
    case 4: most = most_of_block(&ahead, present, times, count, left, 4); break;
    case 5: most = most_of_block(&ahead, present, times, count, left, 5); break;
    case 6: most = most_of_block(&ahead, present, times, count, left, 6); break;
    case 7: case 8: most = most_of_block(&ahead, present, times, count, left, 8); break;
    default: most = most_of_block(&ahead, present, times, count, left, 32);
  }
  store_words(words, ahead, left);
  return most;
}

static void most_together(uint64_t *out, const ptrdiff_t *asking, ptrdiff_t count, const uint64_t *times,
                          ptrdiff_t time_words, const uint64_t *present, ptrdiff_t present_rows,
                          ptrdiff_t present_words, const uint64_t *candidates, ptrdiff_t words) {
  // Where the rows of the times begin at which somebody was there.
  uint64_t *starts = (uint64_t *)(void *)scratch_floats(SCRATCH_TIMES, (size_t)(2 * 64 * time_words));
  for (ptrdiff_t i = 0; i < count; i++, out += words) {
    ptrdiff_t there = 0;
    for (ptrdiff_t word = 0; word < time_words; word++)
      for (uint64_t bits = times[asking[i] * time_words + word]; bits; bits &= bits - 1) {
        const ptrdiff_t time = 64 * word + __builtin_ctzll(bits);
        if (time < present_rows) starts[there++] = (uint64_t)(time * present_words);
      }
    uint32_t most = 0;
    for (ptrdiff_t first = 0; first < words; first += TOGETHER_WORDS) {
      const ptrdiff_t left = words - first;
      memcpy(out + first, candidates + first, (size_t)(left < TOGETHER_WORDS ? left : TOGETHER_WORDS) * 8);
      const uint32_t here = most_of_words(out + first, present + first, starts, there, left);
      // Blocks before this one are behind it, or it is behind them.
      if (here > most) memset(out, 0, (size_t)first * 8);
      if (here < most || here == 0)
        memset(out + first, 0, (size_t)(left < TOGETHER_WORDS ? left : TOGETHER_WORDS) * 8);
      if (here > most) most = here;
    }
  }
}
