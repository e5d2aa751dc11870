// Squared distances between rows.

static void squared_distance(float *out, const float *a, const float *b, ptrdiff_t a_rows, ptrdiff_t b_rows,
                             ptrdiff_t width) {
  for (ptrdiff_t r = 0; r < a_rows; r++)
    for (ptrdiff_t s = 0; s < b_rows; s++) {
      const float *p = a + r * width, *q = b + s * width;
      lanes sum[VIRTUAL] = {};
      OVER_VIRTUAL(width, {
        const lanes d = load(p + i, left) - load(q + i, left);
        sum[slot] = existing_or(fused(d, d, sum[slot]), sum[slot], left);
      });
      out[r * b_rows + s] = fold(sum);
    }
}
