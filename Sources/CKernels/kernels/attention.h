// One head of attention, and its gradients. What one head needs fits the nearer caches whole, so the kernel
// is its own composition, step by step, and equal bits are plain to see.

// Keys that a query sees.
INLINE ptrdiff_t keys_seen(const attention_head *h, ptrdiff_t query) {
  const ptrdiff_t until = h->past + query + 1;
  return h->causal && until < h->visible ? until : h->visible;
}

// Dropout of what queries see of [queries, keys].
static void drop_visible(float *out, const float *x, const attention_head *h) {
  const dropout_mask *mask = &h->dropout;
  const ptrdiff_t n = h->visible, M = h->keys;
  if (n > PIECE / 2) {
    for (ptrdiff_t query = 0; query < h->queries; query++)
      drop(out + query * M, x + query * M, mask, mask->first_element + (uint64_t)(query * h->dropout_row), n);
    return;
  }
  // Short rows would leave most of eight counters unused: so the counters of several rows stand side by side.
  const int32_t aligned = mask->first_element % 4 == 0 && h->dropout_row % 4 == 0;
  const ptrdiff_t each = (n + (aligned ? 3 : 6)) / 4, together = PIECE / 4 / (each > 0 ? each : 1);
  uint64_t counters[PIECE / 4 + LANES] = {};
  uint32_t room[PIECE + 2 * GROUP];
  for (ptrdiff_t first = 0; first < h->queries; first += together) {
    const ptrdiff_t rows = h->queries - first < together ? h->queries - first : together;
    const uint64_t start = mask->first_element + (uint64_t)(first * h->dropout_row);
    for (ptrdiff_t r = 0; r < rows; r++)
      for (ptrdiff_t c = 0; c < each; c++)
        counters[r * each + c] = (start + (uint64_t)(r * h->dropout_row)) / 4 + (uint64_t)c;
    for (ptrdiff_t c = 0; c < rows * each; c += 8) philox_at(room + 4 * c, mask->place, counters + c);
    for (ptrdiff_t r = 0; r < rows; r++) {
      const uint32_t *here = room + 4 * r * each + (start + (uint64_t)(r * h->dropout_row)) % 4;
      keep(out + (first + r) * M, x + (first + r) * M, here, mask, n);
    }
  }
}

static void attention(float *context, float *probability, const float *q, const float *k, const float *v,
                      const attention_head *h) {
  const ptrdiff_t L = h->queries, M = h->keys;
  const matrix queries = {q, h->query_row, 1}, keys_across = {k, 1, h->key_row};
  const matrix values = {v, h->value_row, 1};
  product(probability, M, queries, keys_across, L, h->visible, h->width);
  for (ptrdiff_t query = 0; query < L; query++) {
    float *row = probability + query * M;
    row_softmax(row, row, h->scale, keys_seen(h, query), M);
  }
  matrix kept = {probability, M, 1};
  if (h->dropout.place) {
    float *dropped = scratch_floats(SCRATCH_SCORES, (size_t)(L * M));
    drop_visible(dropped, probability, h);
    kept.start = dropped;
  }
  product(context, h->context_row, kept, values, L, h->width, h->visible);
}

// With P the probabilities and D what dropout leaves of them:
//   dv = D^T dcontext   dP = dropout(dcontext v^T)   dS = scale P (dP - sum P dP)   dq = dS k   dk = dS^T q
static void attention_pullback(float *dq, float *dk, float *dv, const float *dcontext,
                               const float *probability, const float *q, const float *k, const float *v,
                               const attention_head *h) {
  const ptrdiff_t L = h->queries, M = h->keys, K = h->width, seen = h->visible;
  const matrix queries = {q, h->query_row, 1}, keys = {k, h->key_row, 1};
  const matrix values_across = {v, 1, h->value_row}, dcontexts = {dcontext, h->context_row, 1};
  float *score = scratch_floats(SCRATCH_SCORES, (size_t)(L * M));

  const float *kept = probability;
  if (h->dropout.place) {
    drop_visible(score, probability, h);
    kept = score;
  }
  product(dv, h->value_row, (matrix){kept, 1, M}, dcontexts, seen, K, L);

  product(score, M, dcontexts, values_across, L, seen, K);
  if (h->dropout.place) drop_visible(score, score, h);
  for (ptrdiff_t query = 0; query < L; query++) {
    float *row = score + query * M;
    row_softmax_pullback(row, probability + query * M, row, h->scale, keys_seen(h, query), M);
  }
  product(dq, h->query_row, (matrix){score, M, 1}, keys, L, K, seen);
  product(dk, h->key_row, (matrix){score, 1, M}, queries, seen, K, L);
  for (ptrdiff_t key = seen; key < M; key++) {
    clear(dk + key * h->key_row, K);
    clear(dv + key * h->value_row, K);
  }
}
