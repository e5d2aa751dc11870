// What is done with outputs of a matrix product as soon as they are sums: activation or its pullback, dropout, residual.

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
