// Matrix product. Lanes run over columns of the output, tiles over its rows and columns; the terms of one
// output are added in the order of k whatever the tile, so each instruction set takes the tile that suits its
// registers.
//
//   tile     in registers: `rows` rows of one or two vectors, over one chunk of terms
//   panel    one or two vectors of columns and one chunk of terms, which the nearest cache holds, for a block's rows
//   block    as many rows, columns and terms as the next cache holds

// Element (i, j) is start[i * row + j * column].
typedef struct {
  const float *start;
  ptrdiff_t row, column;
} matrix;

INLINE matrix from(matrix m, ptrdiff_t i, ptrdiff_t j) {
  m.start += i * m.row + j * m.column;
  return m;
}

INLINE matrix across(matrix m) { return (matrix){m.start, m.column, m.row}; }

// Rows times terms of a block is at most BLOCK_PART.
enum { BLOCK_COLUMNS = 512, BLOCK_TERMS = 4 * PRODUCT_CHUNK, BLOCK_ROWS = 240, BLOCK_PART = 120 * BLOCK_TERMS };

// Rows of a this many floats apart, or more, are gathered before they meet this many columns, or more.
enum { FAR = 512, GATHER_COLUMNS = 128, GATHERED = BLOCK_PART + 2 * LANES * (BLOCK_TERMS + BLOCK_ROWS) };

// c (or c +) = sum over `terms` of a b, and `bias` is added to that unless it is NULL. The rows of b are contiguous and
// readable to whole vectors; of c only `columns` are written.
INLINE void tile(float *c, ptrdiff_t c_row, matrix a, const float *b, ptrdiff_t b_row, ptrdiff_t terms,
                 ptrdiff_t columns, int32_t add_to, const float *bias, int rows, int vectors) {
  lanes sum[TALL_1 > 2 * TALL_2 ? TALL_1 : 2 * TALL_2];
  UNROLL for (int s = 0; s < rows * vectors; s++) sum[s] = all(0);
  // One pointer for four rows, and no telling how they hang together: else each row's address waits for the last one's.
  const float *factor[4];
  UNROLL for (int q = 0; q < 4; q++) {
    factor[q] = a.start + 4 * q * a.row;
    HIDE(factor[q]);
  }
  for (ptrdiff_t k = 0; k < terms; k++, b += b_row) {
    lanes row[2];
    UNROLL for (int v = 0; v < vectors; v++) row[v] = load(b + v * LANES, LANES);
    UNROLL for (int r = 0; r < rows; r++) {
      const lanes f = all(factor[r / 4][r % 4 * a.row]);
      UNROLL for (int v = 0; v < vectors; v++) sum[r * vectors + v] = fused(f, row[v], sum[r * vectors + v]);
    }
    UNROLL for (int q = 0; q < 4; q++) factor[q] += a.column;
  }
  if (bias) {
    UNROLL for (int v = 0; v < vectors; v++) {
      const ptrdiff_t left = columns - v * LANES;
      const lanes more = load(bias + v * LANES, left);
      UNROLL for (int r = 0; r < rows; r++) {
        float *to = c + r * c_row + v * LANES;
        const lanes s = sum[r * vectors + v];
        store(to, (add_to ? load(to, left) + s : s) + more, left);
      }
    }
    return;
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      float *to = c + r * c_row + v * LANES;
      const ptrdiff_t left = columns - v * LANES;
      const lanes s = sum[r * vectors + v];
      store(to, add_to ? load(to, left) + s : s, left);
    }
  }
}

// A matrix piece by piece: as a whole it would be passed through memory, behind the last tile's results.
typedef void tile_function(float *c, ptrdiff_t c_row, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,
                           const float *b, ptrdiff_t b_row, ptrdiff_t terms, ptrdiff_t columns, int32_t add_to,
                           const float *bias);

#define TILE(rows, vectors)                                                                              \
  static void tile_##rows##_##vectors(float *c, ptrdiff_t c_row, const float *a, ptrdiff_t a_row,        \
                                      ptrdiff_t a_column, const float *b, ptrdiff_t b_row, ptrdiff_t terms, \
                                      ptrdiff_t columns, int32_t add_to, const float *bias) {            \
    tile(c, c_row, (matrix){a, a_row, a_column}, b, b_row, terms, columns, add_to, bias, rows, vectors); \
  }
EACH_TILE(TILE)
#undef TILE

#define TILE(rows, vectors) [vectors - 1][rows] = tile_##rows##_##vectors,
static tile_function *const tiles[2][17] = {EACH_TILE(TILE)};
#undef TILE

// One panel: all rows, as evenly in tiles as they go.
INLINE void panel_and(float *c, ptrdiff_t c_row, matrix a, const float *b, ptrdiff_t b_row, ptrdiff_t rows,
                      ptrdiff_t columns, ptrdiff_t terms, int32_t add_to, const float *bias) {
  const int vectors = columns > LANES ? 2 : 1;
  const ptrdiff_t tall = vectors == 2 ? TALL_2 : TALL_1;
  const ptrdiff_t count = (rows + tall - 1) / tall;
  for (ptrdiff_t t = 0, i = 0; t < count; t++) {
    const ptrdiff_t next = (t + 1) * rows / count;
    tiles[vectors - 1][next - i](c + i * c_row, c_row, a.start + i * a.row, a.row, a.column, b, b_row, terms, columns,
                                 add_to, bias);
    i = next;
  }
}

INLINE void panel(float *c, ptrdiff_t c_row, matrix a, const float *b, ptrdiff_t b_row, ptrdiff_t rows,
                  ptrdiff_t columns, ptrdiff_t terms, int32_t add_to) {
  panel_and(c, c_row, a, b, b_row, rows, columns, terms, add_to, NULL);
}

INLINE void interleave(lanes *x) {
  lanes y[LANES];
  UNROLL for (int i = 0; i < LANES / 2; i++) {
    y[2 * i] = shuffle(x[i], x[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    y[2 * i + 1] = shuffle(x[i], x[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  }
  UNROLL for (int i = 0; i < LANES; i++) x[i] = y[i];
}

// Sixteen columns of b, each contiguous, become one vector a term: a transposition by interleaving four
// times.
INLINE void pack_columns(float *to, ptrdiff_t width, matrix b, ptrdiff_t terms, ptrdiff_t columns) {
  for (ptrdiff_t k = 0; k < terms; k += LANES, to += LANES * width) {
    lanes x[LANES];
    UNROLL for (int j = 0; j < LANES; j++)
      x[j] = j < columns ? load(b.start + j * b.column + k, terms - k) : all(0);
    interleave(x);
    interleave(x);
    interleave(x);
    interleave(x);
    UNROLL for (int t = 0; t < LANES; t++) {
      if (k + t < terms) store(to + t * width, x[t], LANES);
    }
  }
}

// Copies up to WIDE columns of b into rows of whole vectors, padded with +0.
INLINE void pack(float *to, matrix b, ptrdiff_t terms, ptrdiff_t columns) {
  const ptrdiff_t width = columns > LANES ? 2 * LANES : LANES;
  for (ptrdiff_t j = 0; j < width; j += LANES, b.start += LANES * b.column) {
    const ptrdiff_t left = columns - j;
    if (b.row == 1) {
      pack_columns(to + j, width, b, terms, left);
    } else if (b.column == 1) {
      for (ptrdiff_t k = 0; k < terms; k++) store(to + k * width + j, load(b.start + k * b.row, left), LANES);
    } else {
      for (ptrdiff_t k = 0; k < terms; k++)
        for (ptrdiff_t l = 0; l < LANES; l++)
          to[k * width + j + l] = l < left ? b.start[k * b.row + l * b.column] : 0;
    }
  }
}

// Panel after panel, each of all terms. Some terms of all panels at a time where rows are contiguous: so that what is
// fetched is read to its end.
static void pack_panels(float *to, matrix b, ptrdiff_t terms, ptrdiff_t N) {
  const ptrdiff_t together = b.column == 1 ? 16 : terms;
  for (ptrdiff_t k = 0; k < terms; k += together)
    for (ptrdiff_t j = 0; j < N; j += WIDE) {
      const ptrdiff_t columns = N - j < WIDE ? N - j : WIDE, width = columns > LANES ? 2 * LANES : LANES;
      pack(to + j * terms + k * width, from(b, k, j), terms - k < together ? terms - k : together, columns);
    }
}

// Copies a part of a, laid out as before but close together: far rows share few places in a cache.
static matrix gather(float *to, matrix a, ptrdiff_t rows, ptrdiff_t terms) {
  const int32_t across = a.row == 1;
  const ptrdiff_t lines = across ? terms : rows, length = across ? rows : terms;
  const ptrdiff_t between = across ? a.column : a.row;
  const ptrdiff_t apart = whole_vectors(length) + LANES;
  for (ptrdiff_t line = 0; line < lines; line++) {
    float *copy = to + line * apart;
    const float *original = a.start + line * between;
    OVER(length, store(copy + i, load(original + i, left), left));
  }
  return across ? (matrix){to, 1, apart} : (matrix){to, apart, 1};
}

INLINE int32_t is_far_flung(matrix a) {
  return (a.column == 1 && a.row >= FAR) || (a.row == 1 && a.column >= FAR);
}

// Dropout of a part of all outputs: as many rows at a time as one document has.
static void drop_finished(float *x, ptrdiff_t x_row, ptrdiff_t first_row, ptrdiff_t first_column, ptrdiff_t rows,
                          ptrdiff_t columns, const product_finish *f) {
  if (!f->mask.place) return;
  for (ptrdiff_t r = 0; r < rows;) {
    const ptrdiff_t document = (first_row + r) / f->rows_each, row = (first_row + r) % f->rows_each;
    const ptrdiff_t together = f->rows_each - row < rows - r ? f->rows_each - row : rows - r;
    const uint64_t element = f->first_elements[document] + (uint64_t)(row * f->mask_row + first_column);
    drop_rows(x + r * x_row, x_row, &f->mask, element, f->mask_row, together, columns);
    r += together;
  }
}

#define EACH_ROW(...) for (ptrdiff_t r = 0; r < rows; r++) __VA_ARGS__

// What else is done with outputs once they are sums with a bias: while they are in the nearest cache.
static void finish(float *c, ptrdiff_t c_row, ptrdiff_t first_row, ptrdiff_t first_column, ptrdiff_t rows,
                   ptrdiff_t columns, const product_finish *f) {
  const ptrdiff_t beside = first_row * f->beside_row + first_column;
  const int32_t is_pullback = f->activation >= ACTIVATION_GELU_TANH_PULLBACK;
  float *active = f->activated ? f->activated + beside : c;
  const ptrdiff_t active_row = f->activated ? f->beside_row : c_row;
  if (is_pullback) drop_finished(c, c_row, first_row, first_column, rows, columns, f);
#define TO_ACTIVE(activation) EACH_ROW(activation(active + r * active_row, c + r * c_row, columns))
#define FROM_ACTIVE(pullback) EACH_ROW(pullback(c + r * c_row, active + r * active_row, c + r * c_row, columns))
  switch (f->activation) {
    case ACTIVATION_GELU_TANH: TO_ACTIVE(gelu_tanh); break;
    case ACTIVATION_GELU_EXACT: TO_ACTIVE(gelu_exact); break;
    case ACTIVATION_RELU: TO_ACTIVE(relu); break;
    case ACTIVATION_GELU_TANH_PULLBACK: FROM_ACTIVE(gelu_tanh_pullback); break;
    case ACTIVATION_GELU_EXACT_PULLBACK: FROM_ACTIVE(gelu_exact_pullback); break;
    case ACTIVATION_RELU_PULLBACK: FROM_ACTIVE(relu_pullback); break;
    default: active = c; break;
  }
#undef TO_ACTIVE
#undef FROM_ACTIVE
  if (!is_pullback) drop_finished(active, active == c ? c_row : active_row, first_row, first_column, rows, columns, f);
  if (f->residual)
    EACH_ROW(add(c + r * c_row, f->residual + beside + r * f->beside_row, c + r * c_row, columns));
}
#undef EACH_ROW

// Where a block of outputs lies in the whole, and what is done with it in the end; nothing if NULL.
typedef struct {
  ptrdiff_t row, column;
  const product_finish *finish;
} block_end;

// c (or c +) = a b, for at most BLOCK_COLUMNS columns and BLOCK_TERMS terms, chunk after chunk.
static void block_then(float *c, ptrdiff_t c_row, matrix a, matrix b, ptrdiff_t M, ptrdiff_t N, ptrdiff_t terms,
                       int32_t add_to, block_end end) {
  const ptrdiff_t columns_together = N < BLOCK_COLUMNS ? whole_vectors(N) : BLOCK_COLUMNS;
  float *packed = scratch_floats(SCRATCH_PANELS, (size_t)(terms * columns_together));
  const int32_t straight = b.column == 1 && M <= STRAIGHT_ROWS;
  // Of rows that are read where they lie, only what does not fill vectors.
  const ptrdiff_t first_packed = straight ? N % LANES == 0 ? N : N / WIDE * WIDE : 0;
  pack_panels(packed + first_packed * terms, from(b, 0, first_packed), terms, N - first_packed);
  const int32_t gathers = N >= GATHER_COLUMNS && is_far_flung(a);
  float *gathered = gathers ? scratch_floats(SCRATCH_ROWS, (size_t)GATHERED) : NULL;
  const ptrdiff_t most = terms > BLOCK_PART / BLOCK_ROWS ? BLOCK_PART / terms : BLOCK_ROWS;
  for (ptrdiff_t i = 0; i < M; i += most) {
    const ptrdiff_t rows = M - i < most ? M - i : most;
    const matrix part = gathers ? gather(gathered, from(a, i, 0), rows, terms) : from(a, i, 0);
    for (ptrdiff_t j = 0; j < N; j += WIDE) {
      const ptrdiff_t columns = N - j < WIDE ? N - j : WIDE;
      const int32_t here = straight && columns % LANES == 0;
      const ptrdiff_t b_row = here ? b.row : columns > LANES ? 2 * LANES : LANES;
      const float *panel_b = here ? b.start + j : packed + j * terms;
      const float *bias = end.finish && end.finish->bias ? end.finish->bias + end.column + j : NULL;
      ptrdiff_t k = 0;
      do {
        const ptrdiff_t chunk = terms - k < PRODUCT_CHUNK ? terms - k : PRODUCT_CHUNK;
        panel_and(c + i * c_row + j, c_row, from(part, 0, k), panel_b + k * b_row, b_row, rows, columns, chunk,
                  add_to || k > 0, k + chunk < terms ? NULL : bias);
        k += PRODUCT_CHUNK;
      } while (k < terms);
      if (end.finish) finish(c + i * c_row + j, c_row, end.row + i, end.column + j, rows, columns, end.finish);
    }
  }
}

INLINE void block(float *c, ptrdiff_t c_row, matrix a, matrix b, ptrdiff_t M, ptrdiff_t N, ptrdiff_t terms,
                  int32_t add_to) {
  block_then(c, c_row, a, b, M, N, terms, add_to, (block_end){0, 0, NULL});
}

// c = a b, finished.
static void product_then(float *c, ptrdiff_t c_row, matrix a, matrix b, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K,
                         block_end end) {
  for (ptrdiff_t j = 0; j < N; j += BLOCK_COLUMNS) {
    const ptrdiff_t columns = N - j < BLOCK_COLUMNS ? N - j : BLOCK_COLUMNS;
    ptrdiff_t k = 0;
    do {
      const ptrdiff_t terms = K - k < BLOCK_TERMS ? K - k : BLOCK_TERMS;
      const int32_t is_last = k + BLOCK_TERMS >= K;
      block_then(c + j, c_row, from(a, 0, k), from(b, k, j), M, columns, terms, k > 0,
                 (block_end){end.row, end.column + j, is_last ? end.finish : NULL});
      k += BLOCK_TERMS;
    } while (k < K);
  }
}

INLINE void product(float *c, ptrdiff_t c_row, matrix a, matrix b, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K) {
  product_then(c, c_row, a, b, M, N, K, (block_end){0, 0, NULL});
}

static void matmul_finished(float *c, ptrdiff_t c_row, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,
                            const float *b, ptrdiff_t b_row, ptrdiff_t b_column, ptrdiff_t M, ptrdiff_t N,
                            ptrdiff_t K, ptrdiff_t first_row, ptrdiff_t first_column,
                            const product_finish *what) {
  product_then(c, c_row, (matrix){a, a_row, a_column}, (matrix){b, b_row, b_column}, M, N, K,
               (block_end){first_row, first_column, what});
}

static void matmul(float *c, ptrdiff_t c_row, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,
                   const float *b, ptrdiff_t b_row, ptrdiff_t b_column, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K,
                   int32_t accumulate) {
  const matrix left_factor = {a, a_row, a_column}, right_factor = {b, b_row, b_column};
  if (!accumulate) {
    product(c, c_row, left_factor, right_factor, M, N, K);
    return;
  }
  // Several chunks are summed before they are added to c, once: piece by piece, aside.
  enum { ROWS = 512, COLUMNS = BLOCK_COLUMNS };
  float *aside = K > PRODUCT_CHUNK ? scratch_floats(SCRATCH_PRODUCT, (size_t)ROWS * COLUMNS) : NULL;
  for (ptrdiff_t j = 0; j < N; j += COLUMNS) {
    const ptrdiff_t columns = N - j < COLUMNS ? N - j : COLUMNS;
    if (!aside) {
      block(c + j, c_row, left_factor, from(right_factor, 0, j), M, columns, K, 1);
      continue;
    }
    for (ptrdiff_t first = 0; first < M; first += ROWS) {
      const ptrdiff_t rows = M - first < ROWS ? M - first : ROWS;
      product(aside, columns, from(left_factor, first, 0), from(right_factor, 0, j), rows, columns, K);
      for (ptrdiff_t r = 0; r < rows; r++)
        add(c + (first + r) * c_row + j, c + (first + r) * c_row + j, aside + r * columns, columns);
    }
  }
}
