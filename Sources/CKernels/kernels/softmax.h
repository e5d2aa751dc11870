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

static float row_log_sum_exp(const float *x, ptrdiff_t n) {
  const float shift = row_largest(x, 1, n);
  lanes sum[VIRTUAL] = {};
  OVER_VIRTUAL(n, sum[slot] += existing(exponential_of(load(x + i, left) - all(shift)), 0, left));
  return shift + logarithm_of(all(fold(sum)))[0];
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
  for (ptrdiff_t r = 0; r < rows; r++) out[r] = row_log_sum_exp(x + r * columns, columns);
}
