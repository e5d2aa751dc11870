// Rows made into probabilities. A row of NaN, or one whose largest entry is infinite, becomes NaN.

// The largest of factor x.
static float row_largest(const float *x, float factor, ptrdiff_t n) {
  lanes m[VIRTUAL] = {all(-INFINITY), all(-INFINITY), all(-INFINITY), all(-INFINITY)};
  OVER_VIRTUAL(n, m[slot] = larger(existing(load(x + i, left) * all(factor), -INFINITY, left), m[slot]));
  return largest(larger(larger(m[0], m[1]), larger(m[2], m[3])));
}

// y = exp(factor x - shift); returns the sum of y.
static float row_exponentials(float *y, const float *x, float factor, float shift, ptrdiff_t n) {
  lanes sum[VIRTUAL] = {};
  OVER_VIRTUAL(n, {
    const lanes e = exponential_of(load(x + i, left) * all(factor) - all(shift));
    store(y + i, e, left);
    sum[slot] += existing(e, 0, left);
  });
  return fold(sum);
}

// A row of one to four vectors stays in registers.
INLINE void short_row_softmax(float *y, const float *x, float factor, ptrdiff_t n, ptrdiff_t columns,
                              int vectors) {
  lanes e[VIRTUAL] = {}, most = all(-INFINITY);
  UNROLL for (int v = 0; v < vectors; v++) {
    e[v] = existing(load(x + v * LANES, columns - v * LANES) * all(factor), -INFINITY, n - v * LANES);
    most = larger(e[v], most);
  }
  const lanes shift = all(largest(most));
  UNROLL for (int v = 0; v < vectors; v++) e[v] = existing(exponential_of(e[v] - shift), 0, n - v * LANES);
  const lanes sum = all(fold(e));
  UNROLL for (int v = 0; v < vectors; v++)
    store(y + v * LANES, existing(e[v] / sum, 0, n - v * LANES), columns - v * LANES);
}

// y = softmax(factor x) of the first n columns, +0 in the others.
static void row_softmax(float *y, const float *x, float factor, ptrdiff_t n, ptrdiff_t columns) {
  if (n > 0) {
    switch ((columns + LANES - 1) / LANES) {
      case 1: short_row_softmax(y, x, factor, n, columns, 1); return;
      case 2: short_row_softmax(y, x, factor, n, columns, 2); return;
      case 3: short_row_softmax(y, x, factor, n, columns, 3); return;
      case 4: short_row_softmax(y, x, factor, n, columns, 4); return;
      default: break;
    }
  }
  const lanes sum = all(row_exponentials(y, x, factor, row_largest(x, factor, n), n));
  OVER(n, store(y + i, load(y + i, left) / sum, left));
  clear(y + n, columns - n);
}

// --- four rows of one to four vectors: what is done across lanes is done for all four at once ---

// All lanes of four vectors joined, each vector's by halves; that of vector r stands in lanes 4 r to 4 r + 3. A sum is
// that of fold_16.
#define FOUR_BY_HALVES(name, join)                                                                                    \
  INLINE lanes name(lanes a, lanes b, lanes c, lanes d) {                                                            \
    const lanes ab = join(shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),                     \
                          shuffle(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));              \
    const lanes cd = join(shuffle(c, d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),                     \
                          shuffle(c, d, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));              \
    const lanes quarters = join(shuffle(ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27),           \
                                shuffle(ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31));        \
    const lanes pairs_of = join(quarters, shuffle(quarters, quarters, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15,  \
                                                  12, 13));                                                          \
    return join(pairs_of, shuffle(pairs_of, pairs_of, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));        \
  }
INLINE lanes sum_of(lanes a, lanes b) { return a + b; }
FOUR_BY_HALVES(four_largest, larger)
FOUR_BY_HALVES(four_sums, sum_of)
#undef FOUR_BY_HALVES

// Four rows, or twice four: what one waits for, others fill. Nothing branches: each branch would double the code.
INLINE void short_softmax(float *y, const float *x, ptrdiff_t row, float factor, const ptrdiff_t *n, ptrdiff_t columns,
                          int vectors, int rows) {
  lanes e[8][VIRTUAL] = {}, most[8], sum[8], shifts[2], sums[2];
  const ints last = lane_numbers() < (int32_t)(columns - (vectors - 1) * LANES), whole = lane_numbers() >= 0;
#define SEEN (lane_numbers() < (int32_t)(n[r] - v * LANES))
#define THERE (v == vectors - 1 ? last : whole)
  UNROLL for (int r = 0; r < rows; r++) {
    most[r] = all(-INFINITY);
    UNROLL for (int v = 0; v < vectors; v++) {
      e[r][v] = choose(SEEN, load_where(x + r * row + v * LANES, THERE) * all(factor), all(-INFINITY));
      most[r] = larger(e[r][v], most[r]);
    }
  }
  UNROLL for (int f = 0; f < rows / 4; f++)
    shifts[f] = four_largest(most[4 * f], most[4 * f + 1], most[4 * f + 2], most[4 * f + 3]);
  UNROLL for (int v = 0; v < vectors; v++)
    UNROLL for (int r = 0; r < rows; r++)
      e[r][v] = choose(SEEN, exponential_of(e[r][v] - all(shifts[r / 4][r % 4 * 4])), all(0));
  UNROLL for (int r = 0; r < rows; r++) sum[r] = fold_64(e[r]);
  UNROLL for (int f = 0; f < rows / 4; f++)
    sums[f] = four_sums(sum[4 * f], sum[4 * f + 1], sum[4 * f + 2], sum[4 * f + 3]);
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int v = 0; v < vectors; v++)
      store_where(y + r * row + v * LANES, choose(SEEN, e[r][v] / all(sums[r / 4][r % 4 * 4]), all(0)), THERE);
#undef SEEN
#undef THERE
}

// In place, for rows the first of which has n entries, each further one `more` more, but none beyond `most`: the
// others of the first `columns` become +0. There is at least one entry.
static void softmax_in_place(float *x, ptrdiff_t row, float factor, ptrdiff_t rows, ptrdiff_t n, ptrdiff_t more,
                             ptrdiff_t most, ptrdiff_t columns) {
  ptrdiff_t r = 0;
  if (columns <= VIRTUAL * LANES)
    for (ptrdiff_t together; r + 4 <= rows; r += together) {
      together = r + 8 <= rows && columns <= 2 * LANES ? 8 : 4;
      ptrdiff_t seen[8];
      for (int i = 0; i < together; i++) seen[i] = n + (r + i) * more < most ? n + (r + i) * more : most;
      float *here = x + r * row;
      // Whole vectors that none of these rows sees are only cleared.
      const ptrdiff_t vectors = (seen[together - 1] + LANES - 1) / LANES;
      const ptrdiff_t wide = vectors * LANES < columns ? vectors * LANES : columns;
      switch (vectors + (together == 8 ? 4 : 0)) {
        case 1: short_softmax(here, here, row, factor, seen, wide, 1, 4); break;
        case 2: short_softmax(here, here, row, factor, seen, wide, 2, 4); break;
        case 3: short_softmax(here, here, row, factor, seen, wide, 3, 4); break;
        case 4: short_softmax(here, here, row, factor, seen, wide, 4, 4); break;
        case 5: short_softmax(here, here, row, factor, seen, wide, 1, 8); break;
        default: short_softmax(here, here, row, factor, seen, wide, 2, 8); break;
      }
      for (int i = 0; wide < columns && i < together; i++) clear(here + i * row + wide, columns - wide);
    }
  for (; r < rows; r++)
    row_softmax(x + r * row, x + r * row, factor, n + r * more < most ? n + r * more : most, columns);
}

static float row_log_sum_exp(const float *x, ptrdiff_t n) {
  const float shift = row_largest(x, 1, n);
  lanes sum[VIRTUAL] = {};
  OVER_VIRTUAL(n, sum[slot] += existing(exponential_of(load(x + i, left) - all(shift)), 0, left));
  return shift + logarithm_of(all(fold(sum)))[0];
}

// The same of rows of 1, 2, 4, 8 or 16 numbers, as many as fill a vector. Lanes join by halves, as a fold of the whole
// row would have them join: what it adds besides are zeros.
INLINE void few_log_sum_exp(float *out, const float *x, ptrdiff_t rows, const int n) {
  const ptrdiff_t left = rows * n;
  const lanes row = load(x, left);
  lanes shift = row;
  if (n > 8) shift = larger(shift, shuffle(shift, shift, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  if (n > 4) shift = larger(shift, shuffle(shift, shift, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  if (n > 2) shift = larger(shift, shuffle(shift, shift, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
  if (n > 1) shift = larger(shift, shuffle(shift, shift, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
  lanes sum = exponential_of(row - shift);
  if (n > 8) sum += shuffle(sum, sum, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  if (n > 4) sum += shuffle(sum, sum, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
  if (n > 2) sum += shuffle(sum, sum, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  if (n > 1) sum += shuffle(sum, sum, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  float result[LANES];
  store(result, shift + logarithm_of(sum), LANES);
  for (ptrdiff_t r = 0; r < rows; r++) out[r] = result[r * n];
}

INLINE void short_log_sum_exp(float *out, const float *x, ptrdiff_t rows, const int n) {
  for (ptrdiff_t r = 0; r < rows; r += LANES / n)
    few_log_sum_exp(out + r, x + r * n, rows - r < LANES / n ? rows - r : LANES / n, n);
}

// dx = factor (y (dy - sum y dy)) in the first n columns, +0 in the others.
static void row_softmax_pullback(float *dx, const float *y, const float *dy, float factor, ptrdiff_t n,
                                 ptrdiff_t columns) {
  lanes sum[VIRTUAL] = {};
  OVER_VIRTUAL(columns, {
    const lanes more = fused(load(y + i, left), load(dy + i, left), sum[slot]);
    sum[slot] = existing_or(more, sum[slot], n - i);
  });
  const lanes dot = all(fold(sum));
  OVER(columns, {
    const lanes d = all(factor) * (load(y + i, left) * (load(dy + i, left) - dot));
    store(dx + i, existing(d, 0, n - i), left);
  });
}

static void softmax(float *y, const float *x, ptrdiff_t rows, ptrdiff_t columns) {
  for (ptrdiff_t r = 0; r < rows; r++) row_softmax(y + r * columns, x + r * columns, 1, columns, columns);
}

static void softmax_pullback(float *dx, const float *y, const float *dy, ptrdiff_t rows, ptrdiff_t columns) {
  for (ptrdiff_t r = 0; r < rows; r++)
    row_softmax_pullback(dx + r * columns, y + r * columns, dy + r * columns, 1, columns, columns);
}

static void log_sum_exp(float *out, const float *x, ptrdiff_t rows, ptrdiff_t columns) {
  switch (columns) {
    case 1: short_log_sum_exp(out, x, rows, 1); return;
    case 2: short_log_sum_exp(out, x, rows, 2); return;
    case 4: short_log_sum_exp(out, x, rows, 4); return;
    case 8: short_log_sum_exp(out, x, rows, 8); return;
    case 16: short_log_sum_exp(out, x, rows, 16); return;
    default: break;
  }
  for (ptrdiff_t r = 0; r < rows; r++) out[r] = row_log_sum_exp(x + r * columns, columns);
}
