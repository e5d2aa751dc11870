// Rows of a table, found by number; and gradients brought back to them.

static void lookup(float *out, const float *table, const int32_t *ids, ptrdiff_t count, ptrdiff_t width) {
  for (ptrdiff_t p = 0; p < count; p++, out += width) {
    const float *row = table + ids[p] * width;
    OVER(width, store(out + i, load(row + i, left), left));
  }
}

// Whoever owns a row adds to it in the order of positions; other owners pass the same ids by.
static void lookup_pullback(float *dtable, ptrdiff_t first, ptrdiff_t end, const float *dy,
                            const int32_t *ids, ptrdiff_t count, ptrdiff_t width) {
  clear(dtable, (end - first) * width);
  for (ptrdiff_t p = 0; p < count; p++) {
    if (ids[p] < first || ids[p] >= end) continue;
    float *row = dtable + (ids[p] - first) * width;
    const float *from = dy + p * width;
    OVER(width, store(row + i, load(row + i, left) + load(from + i, left), left));
  }
}
