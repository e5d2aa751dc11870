// Sums of rows, of columns, of everything; dot products; what is not finite; where the largest is.

static float sum_of_row(const float *x, ptrdiff_t n) {
  lanes sum[VIRTUAL] = {};
  OVER_VIRTUAL(n, sum[slot] += load(x + i, left));
  return fold(sum);
}

static float dot_of_rows(const float *a, const float *b, ptrdiff_t n) {
  lanes sum[VIRTUAL] = {};
  OVER_VIRTUAL(n, {
    const lanes more = fused(load(a + i, left), load(b + i, left), sum[slot]);
    sum[slot] = existing_or(more, sum[slot], left);
  });
  return fold(sum);
}

static void row_sum(float *out, const float *x, ptrdiff_t rows, ptrdiff_t columns) {
  for (ptrdiff_t r = 0; r < rows; r++) out[r] = sum_of_row(x + r * columns, columns);
}

static void row_dot(float *out, const float *a, const float *b, ptrdiff_t rows, ptrdiff_t columns) {
  for (ptrdiff_t r = 0; r < rows; r++) out[r] = dot_of_rows(a + r * columns, b + r * columns, columns);
}

static float sum(const float *x, ptrdiff_t n) { return sum_of_row(x, n); }

static float sum_of_squares(const float *x, ptrdiff_t n) { return dot_of_rows(x, x, n); }

static void column_sum(float *out, const float *x, ptrdiff_t rows, ptrdiff_t columns) {
  ptrdiff_t j = 0;
  for (; j + 4 * LANES <= columns; j += 4 * LANES) {
    lanes sum[4] = {};
    for (ptrdiff_t r = 0; r < rows; r++)
      for (int v = 0; v < 4; v++) sum[v] += load(x + r * columns + j + v * LANES, LANES);
    for (int v = 0; v < 4; v++) store(out + j + v * LANES, sum[v], LANES);
  }
  for (; j < columns; j += LANES) {
    lanes sum = all(0);
    for (ptrdiff_t r = 0; r < rows; r++) sum += load(x + r * columns + j, columns - j);
    store(out + j, sum, columns - j);
  }
}

static int32_t has_nonfinite(const float *x, ptrdiff_t n) {
  ints found = 0;
  OVER(n, found |= (bits_of(load(x + i, left)) & 0x7f800000) == 0x7f800000);
  int32_t any = 0;
  for (int l = 0; l < LANES; l++) any |= found[l];
  return any != 0;
}

// NaN is never larger; a row without any larger than -infinity answers 0.
static void arg_max(int32_t *out, const float *x, ptrdiff_t rows, ptrdiff_t columns) {
  for (ptrdiff_t r = 0; r < rows; r++, x += columns) {
    lanes best = all(-INFINITY);
    ints place = 0, here = lane_numbers();
    OVER(columns, {
      const lanes v = existing(load(x + i, left), -INFINITY, left);
      const ints wins = v > best;
      best = choose(wins, v, best);
      place = wins ? here : place;
      here += LANES;
    });
    float most = -INFINITY;
    int32_t first = 0;
    for (int l = 0; l < LANES; l++)
      if (best[l] > most || (best[l] == most && best[l] > -INFINITY && place[l] < first)) {
        most = best[l];
        first = place[l];
      }
    out[r] = first;
  }
}
