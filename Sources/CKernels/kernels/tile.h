// A tile of a matrix product: rows of one or two vectors of outputs, in registers, over one chunk of terms. A panel is
// all rows of these columns, tile below tile.

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
