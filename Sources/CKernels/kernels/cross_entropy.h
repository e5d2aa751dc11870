// The loss of a language model: how surprised a row of scores is by its label.

static void cross_entropy(float *loss, const float *x, const int32_t *labels, ptrdiff_t rows,
                          ptrdiff_t columns) {
  for (ptrdiff_t r = 0; r < rows; r++, x += columns)
    loss[r] = labels[r] < 0 ? 0 : row_log_sum_exp(x, columns) - x[labels[r]];
}

static void cross_entropy_pullback(float *dx, const float *x, const int32_t *labels, const float *dloss,
                                   ptrdiff_t rows, ptrdiff_t columns) {
  for (ptrdiff_t r = 0; r < rows; r++, x += columns, dx += columns) {
    if (labels[r] < 0) {
      clear(dx, columns);
      continue;
    }
    const lanes sum = all(row_exponentials(dx, x, 1, row_largest(x, 1, columns), columns));
    const ints label = labels[r];
    ints here = lane_numbers();
    OVER(columns, {
      const lanes target = choose(here == label, all(1), all(0));
      store(dx + i, (load(dx + i, left) / sum - target) * all(dloss[r]), left);
      here += LANES;
    });
  }
}
