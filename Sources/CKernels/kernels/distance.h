// Squared distances between rows.

// Rows whose distances are folded together: as many as leave their lanes in registers.
#if MEMORY_MASKS == 512
enum { DISTANCES = 4 };
#else
enum { DISTANCES = 1 };
#endif

// From a row to `count` others that lie `width` apart, one or four.
INLINE void distances_to(float *out, const float *p, const float *q, ptrdiff_t width, const int count) {
  lanes sum[4][VIRTUAL] = {};
  OVER_VIRTUAL(width, {
    const lanes x = load(p + i, left);
    UNROLL for (int r = 0; r < count; r++) {
      const lanes d = x - load(q + r * width + i, left);
      sum[r][slot] = existing_or(fused(d, d, sum[r][slot]), sum[r][slot], left);
    }
  });
  if (count == 1) {
    out[0] = fold(sum[0]);
    return;
  }
  const lanes sums = four_sums(fold_64(sum[0]), fold_64(sum[1]), fold_64(sum[2]), fold_64(sum[3]));
  UNROLL for (int r = 0; r < 4; r++) out[r] = sums[4 * r];
}

static void squared_distance(float *out, const float *a, const float *b, ptrdiff_t a_rows, ptrdiff_t b_rows,
                             ptrdiff_t width) {
  for (ptrdiff_t r = 0; r < a_rows; r++) {
    float *row = out + r * b_rows;
    const float *p = a + r * width;
    ptrdiff_t s = 0;
    if (DISTANCES == 4)
      for (; s + 4 <= b_rows; s += 4) distances_to(row + s, p, b + s * width, width, 4);
    for (; s < b_rows; s++) distances_to(row + s, p, b + s * width, width, 1);
  }
}
