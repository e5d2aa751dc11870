// One number in, one number out.

INLINE void clear(float *to, ptrdiff_t n) { OVER(n, store(to + i, all(0), left)); }

static void add(float *out, const float *a, const float *b, ptrdiff_t n) {
  OVER(n, store(out + i, load(a + i, left) + load(b + i, left), left));
}

static void subtract(float *out, const float *a, const float *b, ptrdiff_t n) {
  OVER(n, store(out + i, load(a + i, left) - load(b + i, left), left));
}

static void multiply(float *out, const float *a, const float *b, ptrdiff_t n) {
  OVER(n, store(out + i, load(a + i, left) * load(b + i, left), left));
}

static void scale(float *out, const float *a, float s, ptrdiff_t n) {
  OVER(n, store(out + i, all(s) * load(a + i, left), left));
}

static void add_to_rows(float *out, const float *x, const float *row, ptrdiff_t rows, ptrdiff_t columns) {
  for (ptrdiff_t r = 0; r < rows; r++, out += columns, x += columns)
    OVER(columns, store(out + i, load(x + i, left) + load(row + i, left), left));
}

static void exponential(float *out, const float *x, ptrdiff_t n) {
  OVER(n, store(out + i, exponential_of(load(x + i, left)), left));
}

static void logarithm(float *out, const float *x, ptrdiff_t n) {
  OVER(n, store(out + i, logarithm_of(load(x + i, left)), left));
}

static void logarithm_pullback(float *dx, const float *x, const float *dy, ptrdiff_t n) {
  OVER(n, store(dx + i, load(dy + i, left) / load(x + i, left), left));
}

static void hyperbolic_tangent(float *out, const float *x, ptrdiff_t n) {
  OVER(n, store(out + i, hyperbolic_tangent_of(load(x + i, left)), left));
}

static void error_function(float *out, const float *x, ptrdiff_t n) {
  OVER(n, store(out + i, error_function_of(load(x + i, left)), left));
}

// NaN stays NaN.
static void relu(float *out, const float *x, ptrdiff_t n) {
  OVER(n, {
    const lanes v = load(x + i, left);
    store(out + i, choose(v <= all(0), all(0), v), left);
  });
}

static void relu_pullback(float *dx, const float *x, const float *dy, ptrdiff_t n) {
  OVER(n, store(dx + i, choose(load(x + i, left) > all(0), load(dy + i, left), all(0)), left));
}

// NaN stays NaN.
static void at_least(float *out, const float *x, float floor, ptrdiff_t n) {
  OVER(n, {
    const lanes v = load(x + i, left);
    store(out + i, choose(v < all(floor), all(floor), v), left);
  });
}

static void at_least_pullback(float *dx, const float *x, const float *dy, float floor, ptrdiff_t n) {
  OVER(n, store(dx + i, choose(load(x + i, left) >= all(floor), load(dy + i, left), all(0)), left));
}
