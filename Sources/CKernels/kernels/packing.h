// Factors of a matrix product laid out anew: what tiles read then lies close together, in whole vectors.

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

// Whether what tiles of it read lies this many floats apart, or more. Across, a tile of twelve rows takes most of a line
// at once; a shorter one fetches the line again for those below.
enum { FAR = 512, TAKES_LINES = TALL_2 >= 12 };
INLINE int32_t is_far_flung(matrix a) {
  return (a.column == 1 && a.row >= FAR) || (a.row == 1 && a.column >= FAR && !TAKES_LINES);
}
