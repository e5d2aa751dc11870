// Matrix product. Lanes run over columns of the output, tiles over its rows and columns; the terms of one
// output are added in the order of k whatever the tile, so each instruction set takes the tile that suits its
// registers.
//
//   tile     in registers: `rows` rows of one or two vectors, over one chunk of terms (tile.h)
//   panel    one or two vectors of columns and one chunk of terms, which the nearest cache holds, for a block's rows
//   block    as many rows, columns and terms as the next cache holds

// Rows times terms of a block is at most BLOCK_PART.
enum { BLOCK_COLUMNS = 512, BLOCK_TERMS = 4 * PRODUCT_CHUNK, BLOCK_ROWS = 240, BLOCK_PART = 120 * BLOCK_TERMS };

// Far rows of a are gathered before they meet this many columns, or more.
enum { GATHER_COLUMNS = 8 * WIDE, GATHERED = BLOCK_PART + 2 * LANES * (BLOCK_TERMS + BLOCK_ROWS) };

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
