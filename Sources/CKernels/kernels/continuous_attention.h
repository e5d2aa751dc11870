// One head of continuous attention, and its gradients: a query looks at the line of basis functions with a bell
// of its own mean m and variance v. The overlap of two bells is a bell again; with p = 1 / (v + sigma_j^2)
//
//   r_j = sqrt(p / 2 pi) exp(-(m - c_j)^2 p / 2)
//
// Queries go in blocks of one chunk of a product: so r never leaves the cache, and what is summed over queries
// has the bits of one product.

enum { QUERY_BLOCK = PRODUCT_CHUNK };

// What a query's variance makes of functions 0...repeat-1: p and sqrt(p / 2 pi). Functions beyond repeat them.
static void precisions(float *precision, float *peak, float variance, const continuous_head *h) {
  const ptrdiff_t n = h->functions < h->repeat ? h->functions : h->repeat;
  OVER(n, {
    const lanes p = all(1) / (all(variance) + load(h->variances + i, left));
    store(precision + i, p, LANES);
    store(peak + i, __builtin_elementwise_sqrt(p * all(0x1.45f306p-3f)), LANES);
  });
}

// One row of r.
static void densities(float *r, float mean, const float *precision, const float *peak,
                      const continuous_head *h) {
  ptrdiff_t j = 0;
  OVER(h->functions, {
    const lanes d = all(mean) - load(h->centres + i, left);
    const lanes e = exponential_of((d * d) * (load(precision + j, LANES) * all(-0.5f)));
    store(r + i, load(peak + j, LANES) * e, left);
    j = j + LANES < h->repeat ? j + LANES : 0;
  });
}

// dm = -sum dr r (m - c) p,  dv = sum dr r p ((m - c)^2 p - 1) / 2
static void densities_pullback(float *dmean, float *dvariance, const float *dr, const float *r, float mean,
                               const float *precision, const continuous_head *h) {
  lanes along[VIRTUAL] = {}, across[VIRTUAL] = {};
  ptrdiff_t j = 0;
  OVER_VIRTUAL(h->functions, {
    const lanes d = all(mean) - load(h->centres + i, left), p = load(precision + j, LANES);
    const lanes g = (load(dr + i, left) * load(r + i, left)) * p;
    along[slot] = existing_or(fused(g, d, along[slot]), along[slot], left);
    across[slot] = existing_or(fused(g, fused(d * p, d, all(-1)), across[slot]), across[slot], left);
    j = j + LANES < h->repeat ? j + LANES : 0;
  });
  *dmean = -fold(along);
  *dvariance = 0.5f * fold(across);
}

typedef struct {
  float *precision, *peak;  // of one query
  float *r, *dr;            // of one block of queries
} continuous_scratch;

static continuous_scratch continuous_scratch_of(const continuous_head *h, int blocks) {
  const ptrdiff_t n = h->functions < h->repeat ? h->functions : h->repeat;
  const ptrdiff_t table = whole_vectors(n);
  const ptrdiff_t block = (h->queries < QUERY_BLOCK ? h->queries : QUERY_BLOCK) * h->functions;
  float *start = scratch_floats(SCRATCH_SCORES, (size_t)(2 * table + blocks * block));
  return (continuous_scratch){start, start + table, start + 2 * table, start + 2 * table + (blocks - 1) * block};
}

// context = r v
static void continuous_attention(float *context, const float *mean, const float *variance, const float *v,
                                 const continuous_head *h) {
  const ptrdiff_t L = h->queries, N = h->functions;
  const continuous_scratch s = continuous_scratch_of(h, 1);
  for (ptrdiff_t first = 0; first < L; first += QUERY_BLOCK) {
    const ptrdiff_t rows = L - first < QUERY_BLOCK ? L - first : QUERY_BLOCK;
    for (ptrdiff_t row = 0; row < rows; row++) {
      const ptrdiff_t query = (first + row) * h->bell_row;
      precisions(s.precision, s.peak, variance[query], h);
      densities(s.r + row * N, mean[query], s.precision, s.peak, h);
    }
    product(context + first * h->context_row, h->context_row, (matrix){s.r, N, 1},
            (matrix){v, h->value_row, 1}, rows, h->width, N);
  }
}

// dr = dcontext v^T, dv = r^T dcontext; r is made again, for keeping it would take a number for every query
// and function.
static void continuous_attention_pullback(float *dmean, float *dvariance, float *dv, const float *dcontext,
                                          const float *mean, const float *variance, const float *v,
                                          const continuous_head *h) {
  const ptrdiff_t L = h->queries, N = h->functions, K = h->width;
  const matrix values_across = {v, 1, h->value_row};
  const continuous_scratch s = continuous_scratch_of(h, 2);
  ptrdiff_t first = 0;
  do {
    const ptrdiff_t rows = L - first < QUERY_BLOCK ? L - first : QUERY_BLOCK;
    const matrix arriving = {dcontext + first * h->context_row, h->context_row, 1};
    product(s.dr, N, arriving, values_across, rows, N, K);
    for (ptrdiff_t row = 0; row < rows; row++) {
      const ptrdiff_t query = (first + row) * h->bell_row;
      float *r = s.r + row * N;
      precisions(s.precision, s.peak, variance[query], h);
      densities(r, mean[query], s.precision, s.peak, h);
      densities_pullback(dmean + query, dvariance + query, s.dr + row * N, r, mean[query], s.precision, h);
    }
    matmul(dv, h->value_row, s.r, 1, N, arriving.start, arriving.row, 1, N, K, rows, first > 0);
    first += QUERY_BLOCK;
  } while (first < L);
}
