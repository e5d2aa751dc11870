// Rows brought to mean 0 and variance 1, then stretched and shifted. t is the normal form (x - mean)
// reciprocal.

static void layer_norm(float *y, float *mean, float *reciprocal, const float *x, const float *gain,
                       const float *bias, float epsilon, ptrdiff_t rows, ptrdiff_t columns) {
  const float count = (float)columns;
  for (ptrdiff_t r = 0; r < rows; r++, x += columns, y += columns) {
    const float m = sum_of_row(x, columns) / count;
    lanes square[VIRTUAL] = {};
    OVER_VIRTUAL(columns, {
      const lanes d = load(x + i, left) - all(m);
      square[slot] = existing_or(fused(d, d, square[slot]), square[slot], left);
    });
    const float s = 1 / __builtin_sqrtf(fold(square) / count + epsilon);
    mean[r] = m;
    reciprocal[r] = s;
    OVER(columns, {
      const lanes t = (load(x + i, left) - all(m)) * all(s);
      store(y + i, fused(t, load(gain + i, left), load(bias + i, left)), left);
    });
  }
}

// With g = dy gain: dx = reciprocal ((g - mean g) - t mean(g t)).
static void layer_norm_pullback(float *dx, const float *dy, const float *x, const float *mean,
                                const float *reciprocal, const float *gain, ptrdiff_t rows,
                                ptrdiff_t columns) {
  const float count = (float)columns;
  for (ptrdiff_t r = 0; r < rows; r++, x += columns, dx += columns, dy += columns) {
    const lanes m = all(mean[r]), s = all(reciprocal[r]);
    lanes plain[VIRTUAL] = {}, along[VIRTUAL] = {};
    OVER_VIRTUAL(columns, {
      const lanes g = load(dy + i, left) * load(gain + i, left);
      const lanes t = (load(x + i, left) - m) * s;
      plain[slot] += g;
      along[slot] = existing_or(fused(g, t, along[slot]), along[slot], left);
    });
    const lanes mean_g = all(fold(plain) / count), mean_gt = all(fold(along) / count);
    OVER(columns, {
      const lanes g = load(dy + i, left) * load(gain + i, left);
      const lanes t = (load(x + i, left) - m) * s;
      store(dx + i, fused(-t, mean_gt, g - mean_g) * s, left);
    });
  }
}

static void layer_norm_gain_sum(float *dgain, const float *dy, const float *x, const float *mean,
                                const float *reciprocal, ptrdiff_t rows, ptrdiff_t columns) {
  for (ptrdiff_t j = 0; j < columns; j += LANES) {
    const ptrdiff_t left = columns - j;
    lanes sum = all(0);
    for (ptrdiff_t r = 0; r < rows; r++) {
      const lanes t = (load(x + r * columns + j, left) - all(mean[r])) * all(reciprocal[r]);
      sum = fused(load(dy + r * columns + j, left), t, sum);
    }
    store(dgain + j, sum, left);
  }
}
