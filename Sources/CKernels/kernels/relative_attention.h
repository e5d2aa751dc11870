// One head of attention whose scores know how far each key is from its query, and its gradients. Queries go in
// blocks: what a block does not see costs nothing, and what it needs stays in the nearer caches.

// Queries of one block. On the way back as many as one chunk of terms: so that adding the gradients of blocks,
// ascending, is the order of one product over all queries.
enum { QUERIES_FORWARD = 128, QUERIES_BACKWARD = PRODUCT_CHUNK };

// The keys that a query sees: first...end-1. There is always one, its own.
typedef struct {
  ptrdiff_t first, end;
} key_range;

INLINE key_range keys_in_sight(const relative_attention_head *h, ptrdiff_t query) {
  const ptrdiff_t end = h->past + query + 1;
  return (key_range){end > h->window ? end - h->window : 0, end};
}

// Queries first...first+count-1, the keys that one of them sees, and the rows of the position table that one of
// them meets. Keys begin at a whole number of virtual lanes, so that sums over them keep their lanes.
typedef struct {
  ptrdiff_t first, count;
  key_range keys;
  ptrdiff_t first_position, positions;
} query_block;

INLINE query_block block_of_queries(const relative_attention_head *h, ptrdiff_t first, ptrdiff_t most) {
  const ptrdiff_t count = h->queries - first < most ? h->queries - first : most, last = first + count - 1;
  enum { WHOLE = VIRTUAL * LANES };
  const key_range keys = {keys_in_sight(h, first).first / WHOLE * WHOLE, keys_in_sight(h, last).end};
  const ptrdiff_t farthest = keys_in_sight(h, last).first - last;
  return (query_block){first, count, keys, h->first + farthest, h->past - farthest + 1};
}

// Where the positions of a query stand among those of its block, from the first key that it sees.
INLINE ptrdiff_t position_of(const relative_attention_head *h, const query_block *b, ptrdiff_t query) {
  return h->first + keys_in_sight(h, query).first - query - b->first_position;
}

// c = a b for columns first...end-1 of packed b, with all its K terms: `c` begins at the panel of `first`. Rows before
// the first that needs a column may be left out of its panel: row r needs columns below needed + r.
static void columns_of_packed(float *c, ptrdiff_t c_row, matrix a, const float *packed, ptrdiff_t all, ptrdiff_t rows,
                              ptrdiff_t first, ptrdiff_t end, ptrdiff_t needed, ptrdiff_t K) {
  const ptrdiff_t start = first / WIDE * WIDE;
  for (ptrdiff_t j = start; j < end; j += WIDE) {
    const ptrdiff_t late = j < needed ? 0 : j - needed + 1, row = late < rows ? late : rows;
    const ptrdiff_t wanted = end - j < WIDE ? end - j : WIDE;
    panel_within(c + row * c_row + j - start, c_row, from(a, row, 0), packed + j * K,
                 panel_width(all - j < WIDE ? all - j : WIDE), rows - row, wanted, 0, K, 0);
  }
}

// out + scores^T b over a block of queries, at most one chunk of them, of which those before `start` have +0 in all of
// these few columns of the scores: out has one row a column, b one row a query and N columns.
static void add_transposed(float *out, ptrdiff_t out_row, matrix scores, const float *packed, ptrdiff_t start,
                           ptrdiff_t count, ptrdiff_t rows, ptrdiff_t N) {
  for (ptrdiff_t j = 0; j < N && start < count; j += WIDE) {
    const ptrdiff_t columns = N - j < WIDE ? N - j : WIDE, width = panel_width(columns);
    panel(out + j, out_row, across(from(scores, start, 0)), packed + j * count + start * width, width, rows,
          columns, count - start, 1);
  }
}

// The same for the keys that a block sees, a few at a time: so that the scores of those are fetched once.
static void add_to_keys(float *out, ptrdiff_t out_row, matrix scores, matrix b, const relative_attention_head *h,
                        const query_block *block, ptrdiff_t N) {
  const float *packed = pack_all(SCRATCH_QUERIES, b, N, block->count);
  for (ptrdiff_t key = block->keys.first, rows; key < block->keys.end; key += rows) {
    rows = block->keys.end - key < SHARING_KEYS ? block->keys.end - key : SHARING_KEYS;
    const ptrdiff_t own = key - h->past - block->first;
    add_transposed(out + key * out_row, out_row, from(scores, 0, key), packed, own > 0 ? own : 0, block->count, rows,
                   N);
  }
}

// And for the positions that a block meets: the later a query, the lower its first.
static void add_to_positions(float *out, ptrdiff_t out_row, matrix scores, matrix b, const relative_attention_head *h,
                             const query_block *block, ptrdiff_t N) {
  const float *packed = pack_all(SCRATCH_QUERIES, b, N, block->count);
  for (ptrdiff_t position = 0, rows, start = block->count; position < block->positions; position += rows) {
    rows = block->positions - position < SHARING_KEYS ? block->positions - position : SHARING_KEYS;
    while (start > 0 && position_of(h, block, block->first + start - 1) < position + rows) start--;
    add_transposed(out + (block->first_position + position) * out_row, out_row, from(scores, 0, position), packed,
                   start, block->count, rows, N);
  }
}

// Dropout of what a block sees; `out` and `x` begin at its first query and at key 0.
static void drop_block(float *out, ptrdiff_t out_row, const float *x, ptrdiff_t x_row,
                       const relative_attention_head *h, const query_block *b) {
  attention_head seen = {.queries = b->count, .keys = h->keys, .visible = b->keys.end - b->keys.first,
                         .dropout_row = h->dropout_row, .dropout = h->dropout};
  seen.dropout.first_element += (uint64_t)(b->first * h->dropout_row + b->keys.first);
  drop_visible(out + b->keys.first, out_row, x + b->keys.first, x_row, &seen);
}

//   S = scale (a k^T + shifted (b r^T))   P = softmax S over what is seen   context = dropout(P) v
static void relative_attention(float *context, float *probability, const float *content,
                               const float *positional, const float *k, const float *v, const float *r,
                               const relative_attention_head *h) {
  const ptrdiff_t M = h->keys, K = h->width;
  const ptrdiff_t rows_met = h->first + h->past + 1;
  const int32_t is_long = M > LONG_ROW, in_place = probability && !is_long;
  const ptrdiff_t aside_row = apart(M), score_row = in_place ? M : aside_row;
  const float *keys = pack_all(SCRATCH_KEYS, (matrix){k, 1, h->key_row}, M, K);
  const float *values = pack_all(SCRATCH_VALUES, (matrix){v, h->value_row, 1}, K, M);
  const float *positions = pack_all(SCRATCH_TABLE, (matrix){r, 1, h->position_row}, rows_met, K);
  for (ptrdiff_t first = 0; first < h->queries; first += QUERIES_FORWARD) {
    const query_block b = block_of_queries(h, first, QUERIES_FORWARD);
    const matrix contents = {content + first * h->query_row, h->query_row, 1};
    const matrix positionals = {positional + first * h->query_row, h->query_row, 1};
    float *aside = scratch_floats(SCRATCH_SCORES, (size_t)(b.count * aside_row));
    const ptrdiff_t before = b.first_position % WIDE, position_row = apart(before + b.positions);
    float *position = scratch_floats(SCRATCH_POSITIONS, (size_t)(b.count * position_row));
    float *score = in_place ? probability + first * M : aside;
    matrix kept = {score, score_row, 1};
    const ptrdiff_t from_key = b.keys.first, seen = b.keys.end - from_key;
    columns_of_packed(score + from_key, score_row, contents, keys, M, b.count, from_key, b.keys.end,
                      h->past + first + 1, K);
    columns_of_packed(position, position_row, positionals, positions, rows_met, b.count, b.first_position,
                      b.first_position + b.positions, rows_met, K);
    for (ptrdiff_t q = 0; q < b.count; q++) {
      float *row = score + q * score_row;
      const key_range keys = keys_in_sight(h, first + q);
      const float *shifted = position + q * position_row + before + position_of(h, &b, first + q);
      add(row + keys.first, row + keys.first, shifted, keys.end - keys.first);
      // A key at minus infinity is never the largest, and its exponential is +0.
      for (ptrdiff_t key = from_key; key < keys.first; key++) row[key] = -INFINITY;
    }
    if (is_long) {
      for (ptrdiff_t q = first; q < first + b.count; q++)
        finish_long_row(score + (q - first) * score_row, probability ? probability + q * M : NULL, M, h->scale,
                        from_key, keys_in_sight(h, q).end, b.keys.end, &h->dropout,
                        h->dropout.first_element + (uint64_t)(q * h->dropout_row));
    } else {
      softmax_in_place(score + from_key, score_row, h->scale, b.count, keys_in_sight(h, first).end - from_key, 1, seen,
                       seen);
      for (ptrdiff_t q = 0; probability && q < b.count; q++) {
        clear(score + q * M, from_key);
        clear(score + q * M + b.keys.end, M - b.keys.end);
      }
      if (h->dropout.place) {
        drop_block(aside, aside_row, score, score_row, h, &b);
        kept = (matrix){aside, aside_row, 1};
      }
    }
    chunks_of_terms(context + first * h->context_row, h->context_row, kept, values, M, b.count, K, from_key,
                    b.keys.end);
  }
  if (is_long) settle();
}

// With P the probabilities and D what dropout leaves of them:
//   dv = D^T dcontext   dP = dropout(dcontext v^T)   dS = scale P (dP - sum P dP)
//   da = dS k           dk = dS^T a                  db = shifted back (dS) r   dr = dr + (shifted back dS)^T b
static void relative_attention_pullback(float *dcontent, float *dpositional, float *dk, float *dv, float *dr,
                                        const float *dcontext, const float *probability,
                                        const float *content, const float *positional, const float *k,
                                        const float *v, const float *r, const relative_attention_head *h) {
  const ptrdiff_t M = h->keys, K = h->width;
  const ptrdiff_t rows_met = h->first + h->past + 1, score_row = apart(M);
  const float *keys = pack_all(SCRATCH_KEYS, (matrix){k, h->key_row, 1}, K, M);
  const float *values_across = pack_all(SCRATCH_VALUES, (matrix){v, 1, h->value_row}, M, K);
  const float *positions = pack_all(SCRATCH_TABLE, (matrix){r, h->position_row, 1}, K, rows_met);
  for (ptrdiff_t key = 0; key < M; key++) {
    clear(dk + key * h->key_row, K);
    clear(dv + key * h->value_row, K);
  }
  for (ptrdiff_t first = 0; first < h->queries; first += QUERIES_BACKWARD) {
    const query_block b = block_of_queries(h, first, QUERIES_BACKWARD);
    const matrix contents = {content + first * h->query_row, h->query_row, 1};
    const matrix positionals = {positional + first * h->query_row, h->query_row, 1};
    const matrix dcontexts = {dcontext + first * h->context_row, h->context_row, 1};
    const float *P = probability + first * M;
    float *score = scratch_floats(SCRATCH_SCORES, (size_t)(b.count * score_row));
    const matrix scores = {score, score_row, 1};
    const ptrdiff_t from_key = b.keys.first, seen = b.keys.end - from_key;
    if (h->dropout.place) drop_block(score, score_row, P, M, h, &b);
    add_to_keys(dv, h->value_row, h->dropout.place ? scores : (matrix){P, M, 1}, dcontexts, h, &b, K);

    columns_of_packed(score + from_key, score_row, dcontexts, values_across, M, b.count, from_key, b.keys.end,
                      h->past + first + 1, K);
    if (h->dropout.place) drop_block(score, score_row, score, score_row, h, &b);
    const ptrdiff_t shifted_row = apart(b.positions);
    float *shifted = scratch_floats(SCRATCH_POSITIONS, (size_t)(b.count * shifted_row));
    clear(shifted, b.count * shifted_row);
    for (ptrdiff_t q = 0; q < b.count; q++) {
      float *row = score + q * score_row;
      const key_range sight = keys_in_sight(h, first + q);
      row_softmax_pullback(row + from_key, P + q * M + from_key, row + from_key, h->scale, sight.end - from_key, seen);
      clear(row + from_key, sight.first - from_key);
      memcpy(shifted + q * shifted_row + position_of(h, &b, first + q), row + sight.first,
             (size_t)(sight.end - sight.first) * sizeof(float));
    }
    chunks_of_terms(dcontent + first * h->query_row, h->query_row, scores, keys, M, b.count, K, from_key, b.keys.end);
    add_to_keys(dk, h->key_row, scores, contents, h, &b, K);
    const matrix positioned = {shifted, shifted_row, 1};
    chunks_of_terms(dpositional + first * h->query_row, h->query_row, from(positioned, 0, -b.first_position), positions,
                    rows_met, b.count, K, b.first_position, b.first_position + b.positions);
    add_to_positions(dr, h->position_row, positioned, positionals, h, &b, K);
  }
}
