// One head of attention, and its gradients. Queries go in blocks, whose scores stay in the nearer caches; what no query
// of a block sees is not computed. What is left out are products with zero, so the bits are those of the composition.

// Queries of one block forward, and of those that share what they read of the values. On the way back as many as one
// chunk of terms: so adding the gradients of blocks, ascending, is the order of one product over all queries.
enum { BLOCK_QUERIES = 96, SHARING_QUERIES = 24, BLOCK_QUERIES_BACK = PRODUCT_CHUNK, SHARING_KEYS = 48 };

// Rows of more keys than this are finished one by one.
enum { LONG_ROW = 512 };

// Keys that a query sees.
INLINE ptrdiff_t keys_seen(const attention_head *h, ptrdiff_t query) {
  const ptrdiff_t until = h->past + query + 1;
  return h->causal && until < h->visible ? until : h->visible;
}

// Floats from row to row of scores that lie aside. If rows are long, an odd number of cache lines: so that they do not
// all meet in a few places of a cache.
INLINE ptrdiff_t apart(ptrdiff_t keys) {
  return keys > LONG_ROW ? ((keys + LANES - 1) / LANES | 1) * LANES : whole_vectors(keys);
}

// Sixteen words of a row of scores, which begin with a whole counter: where they stand, and which of them are wanted.
typedef struct {
  uint64_t counter;
  ptrdiff_t x, out;    // places of the first
  ptrdiff_t from, to;  // those that are wanted
} sixteen;

INLINE ints between(ptrdiff_t from, ptrdiff_t to) {
  return (lane_numbers() >= (int32_t)from) & (lane_numbers() < (int32_t)to);
}

// Dropout of eight sixteens: nothing goes through memory on the way, where it would wait for what was written last.
static void drop_sixteens(float *out, const float *x, const dropout_mask *mask, const philox_schedule *s,
                          const sixteen part[8]) {
  pairs counters[4];
  words random[8];
  UNROLL for (int e = 0; e < 4; e++) {
    const pairs a = (pairs)part[2 * e].counter, b = (pairs)part[2 * e + 1].counter;
    counters[e] = shuffle(a, b, 0, 1, 2, 3, 8, 9, 10, 11) + (pairs){0, 1, 2, 3, 0, 1, 2, 3};
  }
  philox(random, s, counters, 4);
  int32_t whole = 1;
  UNROLL for (int e = 0; e < 8; e++) whole &= part[e].from == 0 && part[e].to >= LANES;
  if (whole) {
    UNROLL for (int e = 0; e < 8; e++) {
      const lanes v = load(x + part[e].x, LANES) * all(mask->scale);
      store(out + part[e].out, choose(random[e] < (words)mask->threshold, v, all(0)), LANES);
    }
    return;
  }
  UNROLL for (int e = 0; e < 8; e++) {
    const ints wanted = between(part[e].from, part[e].to);
    const lanes v = load_where(x + part[e].x, wanted) * all(mask->scale);
    store_where(out + part[e].out, choose(random[e] < (words)mask->threshold, v, all(0)), wanted);
  }
}

// Dropout of what queries see of [queries, keys]; beyond what the last of them sees nothing is written.
static void drop_visible(float *out, ptrdiff_t out_row, const float *x, ptrdiff_t x_row, const attention_head *h) {
  const dropout_mask mask = h->dropout;
  const ptrdiff_t n = h->visible;
  if (n == x_row && n == out_row && n == h->dropout_row && !h->causal) {
    drop(out, x, &mask, mask.first_element, h->queries * n);
    return;
  }
  if (n > PIECE / 2) {
    for (ptrdiff_t query = 0; query < h->queries; query++)
      drop(out + query * out_row, x + query * x_row, &mask, mask.first_element + (uint64_t)(query * h->dropout_row), n);
    return;
  }
  const philox_schedule s = schedule_of(mask.place);
  // Rows of whole vectors have room to the end of the last one.
  const ptrdiff_t end = x_row % LANES == 0 && out_row % LANES == 0 ? whole_vectors(n) : n;
  sixteen part[8];
  int count = 0;
  for (ptrdiff_t query = 0; query < h->queries; query++) {
    const uint64_t element = mask.first_element + (uint64_t)(query * h->dropout_row);
    const ptrdiff_t seen = keys_seen(h, query);
    ptrdiff_t key = -(ptrdiff_t)(element % 4);
    for (; key < seen; key += LANES) {
      part[count++] = (sixteen){(element + (uint64_t)key) / 4, query * x_row + key, query * out_row + key,
                                key < 0 ? -key : 0, end - key};
      if (count == 8) drop_sixteens(out, x, &mask, &s, part);
      count %= 8;
    }
    if (key < n) clear(out + query * out_row + key, n - key);
  }
  if (count == 0) return;
  while (count < 8) part[count++] = (sixteen){0, 0, 0, 0, 0};
  drop_sixteens(out, x, &mask, &s, part);
}

// Copies n numbers and fills the row with +0, past the caches: until the way back reads it they have held much else.
static void keep_row(float *to, const float *x, ptrdiff_t n, ptrdiff_t columns) {
  if ((uintptr_t)to % sizeof(lanes) != 0 || columns % LANES != 0) {
    memcpy(to, x, (size_t)n * sizeof(float));
    clear(to + n, columns - n);
    return;
  }
  for (ptrdiff_t i = 0; i < columns; i += LANES) store_past_caches(to + i, i < n ? load(x + i, n - i) : all(0));
}

// A long row of scores becomes what dropout leaves of its probabilities, while the nearest cache holds it. Keys
// first...end-1 are seen; up to `until` the others become +0. `probability`, before dropout, has all keys; or is NULL.
static void finish_long_row(float *row, float *probability, ptrdiff_t keys, float scale, ptrdiff_t first, ptrdiff_t end,
                            ptrdiff_t until, const dropout_mask *mask, uint64_t element) {
  row_softmax(row + first, row + first, scale, end - first, until - first);
  if (probability) {
    clear(row, first);
    keep_row(probability, row, end, keys);
  }
  if (mask->place) drop(row + first, row + first, mask, element + (uint64_t)first, end - first);
}

// Keys that a query of first...first+count-1 sees.
INLINE ptrdiff_t keys_seen_by_block(const attention_head *h, ptrdiff_t first, ptrdiff_t count) {
  return count > 0 ? keys_seen(h, first + count - 1) : 0;
}

// All of b, N columns and K terms, in panels of whole vectors; panel after panel, each of all terms.
static float *pack_all(int purpose, matrix b, ptrdiff_t N, ptrdiff_t K) {
  float *packed = scratch_floats(purpose, (size_t)(whole_vectors(N) * K));
  pack_panels(packed, b, K, N);
  return packed;
}

// c (or c +) = a b for one panel of packed b: terms first...end-1, chunks lying where they do among all.
INLINE void panel_within(float *c, ptrdiff_t c_row, matrix a, const float *packed, ptrdiff_t width, ptrdiff_t rows,
                         ptrdiff_t columns, ptrdiff_t first, ptrdiff_t end, int32_t add_to) {
  ptrdiff_t k = first;
  do {
    const ptrdiff_t chunk = (k / PRODUCT_CHUNK + 1) * PRODUCT_CHUNK, next = chunk < end ? chunk : end;
    panel(c, c_row, from(a, 0, k), packed + k * width, width, rows, columns, next - k, add_to || k > first);
    k = next;
  } while (k < end);
}

INLINE ptrdiff_t panel_width(ptrdiff_t columns) { return columns > LANES ? 2 * LANES : LANES; }

// c = a b over terms first...end-1 of packed b, which has `all` of them and N columns; the other terms are +0. Chunk by
// chunk, lying where they always do: so that what a has of one is fetched once for all columns.
static void chunks_of_terms(float *c, ptrdiff_t c_row, matrix a, const float *packed, ptrdiff_t all, ptrdiff_t rows,
                            ptrdiff_t N, ptrdiff_t first, ptrdiff_t end) {
  ptrdiff_t k = first;
  do {
    const ptrdiff_t chunk = (k / PRODUCT_CHUNK + 1) * PRODUCT_CHUNK, next = chunk < end ? chunk : end;
    for (ptrdiff_t j = 0; j < N; j += WIDE) {
      const ptrdiff_t columns = N - j < WIDE ? N - j : WIDE, width = panel_width(columns);
      panel(c + j, c_row, from(a, 0, k), packed + j * all + k * width, width, rows, columns, next - k, k > first);
    }
    k = next;
  } while (k < end);
}

// Scores of a block, or their gradients: c = a b over K terms, for the keys that each query sees and a few more.
static void scores_of_block(float *c, ptrdiff_t c_row, matrix a, const float *packed, const attention_head *h,
                            ptrdiff_t first, ptrdiff_t count, ptrdiff_t seen, ptrdiff_t K) {
  for (ptrdiff_t key = 0; key < seen; key += WIDE) {
    // The first query that sees a key of the panel.
    ptrdiff_t query = h->causal ? key - h->past - first : 0;
    query = query < 0 ? 0 : query > count ? count : query;
    // The last panel of the block may be a part of one.
    const ptrdiff_t columns = h->visible - key < WIDE ? h->visible - key : WIDE;
    const ptrdiff_t wanted = seen - key < panel_width(columns) ? seen - key : panel_width(columns);
    panel_within(c + query * c_row + key, c_row, from(a, query, 0), packed + key * K, panel_width(columns),
                 count - query, wanted, 0, K, 0);
  }
}

// out = scores b over the keys that queries see: b has one row a key and N columns.
static void sums_of_block(float *out, ptrdiff_t out_row, matrix scores, const float *packed, ptrdiff_t keys,
                          const attention_head *h, ptrdiff_t first, ptrdiff_t count, ptrdiff_t N) {
  for (ptrdiff_t query = 0; query < count; query += SHARING_QUERIES) {
    const ptrdiff_t rows = count - query < SHARING_QUERIES ? count - query : SHARING_QUERIES;
    chunks_of_terms(out + query * out_row, out_row, from(scores, query, 0), packed, keys, rows, N, 0,
                    keys_seen_by_block(h, first + query, rows));
  }
}

// out (+) = scores^T b over one block of queries: out has one row a key, b one row a query and N columns.
static void add_keys_of_block(float *out, ptrdiff_t out_row, matrix scores, const float *packed,
                              const attention_head *h, ptrdiff_t first, ptrdiff_t count, ptrdiff_t seen,
                              ptrdiff_t N) {
  for (ptrdiff_t j = 0; j < N; j += WIDE) {
    const ptrdiff_t columns = N - j < WIDE ? N - j : WIDE, width = panel_width(columns);
    for (ptrdiff_t key = 0, next; key < seen; key = next) {
      // The first query that sees one of these keys, in this block and at all. All of them are first seen by one block.
      const ptrdiff_t earliest = h->causal && key > h->past ? key - h->past : 0;
      const ptrdiff_t other = (earliest / BLOCK_QUERIES_BACK + 1) * BLOCK_QUERIES_BACK + h->past;
      const ptrdiff_t end = h->causal && other < seen ? other : seen;
      next = key + SHARING_KEYS < end ? key + SHARING_KEYS : end;
      const ptrdiff_t rows = next - key;
      const ptrdiff_t query = earliest > first ? earliest - first : 0;
      panel(out + key * out_row + j, out_row, across(from(scores, query, key)),
            packed + j * count + query * width, width, rows, columns, count - query, earliest < first);
    }
  }
}

// Dropout of what queries first...first+count-1 see; `out` and `x` begin at the first of them.
static void drop_block_of_queries(float *out, ptrdiff_t out_row, const float *x, ptrdiff_t x_row,
                                  const attention_head *h, ptrdiff_t first, ptrdiff_t count, ptrdiff_t seen) {
  attention_head part = *h;
  part.queries = count;
  part.visible = seen;
  part.past += first;
  part.dropout.first_element += (uint64_t)(first * h->dropout_row);
  drop_visible(out, out_row, x, x_row, &part);
}

static void attention(float *context, float *probability, const float *q, const float *k, const float *v,
                      const attention_head *h) {
  const ptrdiff_t L = h->queries, M = h->keys, K = h->width, seen_at_most = keys_seen_by_block(h, 0, L);
  if (seen_at_most == 0) {
    for (ptrdiff_t query = 0; query < L; query++) clear(context + query * h->context_row, K);
    if (probability) clear(probability, L * M);
    return;
  }
  const float *keys = pack_all(SCRATCH_KEYS, (matrix){k, 1, h->key_row}, h->visible, K);
  const float *values = pack_all(SCRATCH_VALUES, (matrix){v, h->value_row, 1}, K, h->visible);
  // Short rows of probabilities are made where they are kept. Rows aside have whole vectors: a part of one is written
  // under a mask, and whoever reads it at once waits until it is in the cache. But very short ones without gaps between
  // their random words are dropped out as one.
  const int32_t is_long = M > LONG_ROW, in_place = probability && !is_long;
  const int32_t is_dense = h->dropout.place && !h->causal && h->visible == M && h->dropout_row == M && M < LANES;
  const ptrdiff_t row = in_place || is_dense ? M : apart(M);
  float *aside = scratch_floats(SCRATCH_SCORES, (size_t)(BLOCK_QUERIES * row));
  for (ptrdiff_t first = 0; first < L; first += BLOCK_QUERIES) {
    const ptrdiff_t count = L - first < BLOCK_QUERIES ? L - first : BLOCK_QUERIES;
    const ptrdiff_t seen = keys_seen_by_block(h, first, count);
    float *score = in_place ? probability + first * M : aside;
    const ptrdiff_t columns = in_place || is_dense ? M : whole_vectors(seen);
    scores_of_block(score, row, (matrix){q + first * h->query_row, h->query_row, 1}, keys, h, first, count,
                    in_place || is_dense ? seen : columns, K);
    if (is_long) {
      for (ptrdiff_t query = first; query < first + count; query++)
        finish_long_row(score + (query - first) * row, probability ? probability + query * M : NULL, M, h->scale, 0,
                        keys_seen(h, query), seen, &h->dropout,
                        h->dropout.first_element + (uint64_t)(query * h->dropout_row));
    } else {
      softmax_in_place(score, row, h->scale, count, keys_seen(h, first), h->causal ? 1 : 0, h->visible, columns);
      if (h->dropout.place) drop_block_of_queries(aside, row, score, row, h, first, count, seen);
    }
    sums_of_block(context + first * h->context_row, h->context_row,
                  (matrix){h->dropout.place ? aside : score, row, 1}, values, h->visible, h, first, count, K);
  }
  if (is_long) settle();
}

// With P the probabilities and D what dropout leaves of them:
//   dv = D^T dcontext   dP = dropout(dcontext v^T)   dS = scale P (dP - sum P dP)   dq = dS k   dk = dS^T q
static void attention_pullback(float *dq, float *dk, float *dv, const float *dcontext,
                               const float *probability, const float *q, const float *k, const float *v,
                               const attention_head *h) {
  const ptrdiff_t L = h->queries, M = h->keys, K = h->width, seen_at_most = keys_seen_by_block(h, 0, L);
  for (ptrdiff_t key = seen_at_most; key < M; key++) {
    clear(dk + key * h->key_row, K);
    clear(dv + key * h->value_row, K);
  }
  if (seen_at_most == 0) {
    for (ptrdiff_t query = 0; query < L; query++) clear(dq + query * h->query_row, K);
    return;
  }
  const float *values_across = pack_all(SCRATCH_VALUES, (matrix){v, 1, h->value_row}, h->visible, K);
  const float *keys = pack_all(SCRATCH_KEYS, (matrix){k, h->key_row, 1}, K, h->visible);
  const ptrdiff_t most = L < BLOCK_QUERIES_BACK ? L : BLOCK_QUERIES_BACK, score_row = M > LONG_ROW ? apart(M) : M;
  float *score = scratch_floats(SCRATCH_SCORES, (size_t)(most * score_row));
  for (ptrdiff_t first = 0; first < L; first += BLOCK_QUERIES_BACK) {
    const ptrdiff_t count = L - first < BLOCK_QUERIES_BACK ? L - first : BLOCK_QUERIES_BACK;
    const ptrdiff_t seen = keys_seen_by_block(h, first, count);
    const matrix dcontexts = {dcontext + first * h->context_row, h->context_row, 1};
    const float *P = probability + first * M;
    const matrix scores = {score, score_row, 1};
    if (h->dropout.place) drop_block_of_queries(score, score_row, P, M, h, first, count, seen);
    const float *arriving = pack_all(SCRATCH_QUERIES, dcontexts, K, count);
    add_keys_of_block(dv, h->value_row, h->dropout.place ? scores : (matrix){P, M, 1}, arriving, h, first, count, seen,
                      K);

    scores_of_block(score, score_row, dcontexts, values_across, h, first, count, seen, K);
    if (h->dropout.place) drop_block_of_queries(score, score_row, score, score_row, h, first, count, seen);
    for (ptrdiff_t query = 0; query < count; query++) {
      float *row = score + query * score_row;
      row_softmax_pullback(row, P + query * M, row, h->scale, keys_seen(h, first + query), seen);
    }
    sums_of_block(dq + first * h->query_row, h->query_row, scores, keys, h->visible, h, first, count, K);
    const float *queries =
        pack_all(SCRATCH_QUERIES, (matrix){q + first * h->query_row, h->query_row, 1}, K, count);
    add_keys_of_block(dk, h->key_row, scores, queries, h, first, count, seen, K);
  }
}
