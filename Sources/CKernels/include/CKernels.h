// All arithmetic that loops over floats: one signature and one formula each. This header reads as a contents page.
//
// A kernel computes a range of outputs and knows no threads. Its bits are a function of its arguments alone:
// not of the instruction set, the alignment, nor of how a caller splits the outputs ("numerics-1").
//
//   fma chain      acc = fma(a, b, acc), k ascending from +0
//   row reduction  64 virtual lanes: element i goes to lane i mod 64; lanes start at +0; fold 32, 16, 8, 4, 2, 1
//   column sum     rows ascending from +0, inside one chunk of at most 256 rows; the caller adds the chunks in order
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Rows of one chunk of a column sum, terms of one chunk of a matrix product, elements of one chunk of a scalar sum.
enum { COLUMN_CHUNK = 256, PRODUCT_CHUNK = 256, SCALAR_CHUNK = 4096 };

// Where random numbers are looked up (Philox4x32-10): the 128-bit counter is
//   word 0  low 32 bits of element / 4        word 2  step
//   word 1  purpose << 24 | high 24 bits      word 3  site
// and the number of an element is output word (element mod 4).
typedef struct {
  uint32_t key[2];   // seed: low word, high word
  uint32_t site;
  uint32_t step;
  uint32_t purpose;  // 0...255
} random_place;

// Dropout: keep element e iff its random word < threshold; kept elements are multiplied by scale.
// threshold = floor((1 - p) 2^32), scale = (float)(1 / (1 - p)). `place` NULL means no dropout.
typedef struct {
  const random_place *_Nullable place;
  uint64_t first_element;  // of the first output of this call
  uint32_t threshold;
  float scale;
} dropout_mask;

// One head of attention of one sequence. Rows are `*_row` floats apart; columns are contiguous.
typedef struct {
  ptrdiff_t queries, keys, width;           // L, M, K
  ptrdiff_t query_row, key_row, value_row;  // between rows of q (and dq), k (and dk), v (and dv)
  ptrdiff_t context_row;                    // between rows of context (and its gradient)
  ptrdiff_t visible;                        // keys visible...keys-1 are masked (padding); may be 0: context is 0
  int32_t causal;                           // query i sees keys 0...past+i only
  ptrdiff_t past;                           // keys before the first query's own
  float scale;                              // scores are multiplied by it
  ptrdiff_t dropout_row;                    // >= keys: element of (i, j) is first_element + i * dropout_row + j
  dropout_mask dropout;                     // (so that the width a batch is padded to never moves a mask)
} attention_head;

// One head of attention by content and by distance, of one sequence. Query i sees the last `window` of keys
// 0...past+i, or all there are; the pair (i, j) meets row first + j - i of the position table, which must exist for
// every pair that is seen.
typedef struct {
  ptrdiff_t queries, keys, width;           // L, M = past + L, K
  ptrdiff_t query_row, key_row, value_row;  // between rows of both queries, k, v (and of their gradients)
  ptrdiff_t context_row, position_row;      // between rows of context, r (and of their gradients)
  ptrdiff_t past, window;                   // keys before the first query's own; window >= 1
  ptrdiff_t first;                          // row of the position table of query 0 and key 0; may be negative
  float scale;                              // scores are multiplied by it
  ptrdiff_t dropout_row;                    // >= keys: element of (i, j) is first_element + i * dropout_row + j
  dropout_mask dropout;
} relative_attention_head;

// One head of continuous attention of one sequence. Centres and variances of the basis functions are shared.
typedef struct {
  ptrdiff_t queries, functions, width;  // L, N, K
  ptrdiff_t bell_row;                   // between queries in mean and variance (and their gradients)
  ptrdiff_t value_row, context_row;     // between rows of v (and dv), and of context (and its gradient)
  const float *centres, *variances;     // c, sigma^2 [functions]
  ptrdiff_t repeat;                     // function j + repeat has the variance of j; a multiple of 16, or >= functions
} continuous_head;

// What is done with every output of a matrix product, in this order. Rows and columns count in the whole product, of
// which a call may compute a part.
enum {
  ACTIVATION_NONE, ACTIVATION_GELU_TANH, ACTIVATION_GELU_EXACT, ACTIVATION_RELU,
  ACTIVATION_GELU_TANH_PULLBACK, ACTIVATION_GELU_EXACT_PULLBACK, ACTIVATION_RELU_PULLBACK
};
typedef struct {
  const float *_Nullable bias;      // + bias[column]
  int32_t activation;               // of it; or its pullback: times the slope where x is activated[row, column]
  float *_Nullable activated;       // where the activation goes, and c keeps what it is of; NULL: c
  dropout_mask mask;                // dropout, unless place is NULL: after an activation, before its pullback;
  const uint64_t *_Nullable first_elements;  //   its element (row, column) is first_elements[row / rows_each]
  ptrdiff_t rows_each, mask_row;             //   + (row % rows_each) mask_row + column
  const float *_Nullable residual;  // residual[row, column] + c
  ptrdiff_t beside_row;             // between rows of activated and of residual
} product_finish;

typedef struct {
  const char *name;  // "portable", "avx2", "avx512"

  // --- matrix product: c[M,N] = a[M,K] b[K,N], element (i,k) of a is a[i * a_row + k * a_column], likewise b ---
  // Per output: chain over each chunk of PRODUCT_CHUNK terms from +0; c = first chunk; c = c + next chunk, ...
  // accumulate != 0: c = c + (that result), one addition at the end. K may be 0 (the product is then +0).
  void (*matmul)(float *c, ptrdiff_t c_row, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,
                 const float *b, ptrdiff_t b_row, ptrdiff_t b_column,
                 ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, int32_t accumulate);

  // c = a b, and what is to be done with it; c begins at (first_row, first_column) of the whole product.
  // Equal, bit for bit, to matmul, add_to_rows, an activation and dropout (or their pullbacks), add.
  void (*matmul_finished)(float *c, ptrdiff_t c_row, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,
                          const float *b, ptrdiff_t b_row, ptrdiff_t b_column, ptrdiff_t M, ptrdiff_t N,
                          ptrdiff_t K, ptrdiff_t first_row, ptrdiff_t first_column, const product_finish *finish);

  // --- elementwise; out may be an input ---
  void (*add)(float *out, const float *a, const float *b, ptrdiff_t n);             // a + b
  void (*subtract)(float *out, const float *a, const float *b, ptrdiff_t n);        // a - b
  void (*multiply)(float *out, const float *a, const float *b, ptrdiff_t n);        // a b
  void (*scale)(float *out, const float *a, float s, ptrdiff_t n);                  // s a
  void (*add_to_rows)(float *out, const float *x, const float *row, ptrdiff_t rows, ptrdiff_t columns);  // x + row
  void (*exponential)(float *out, const float *x, ptrdiff_t n);
  void (*logarithm)(float *out, const float *x, ptrdiff_t n);
  void (*logarithm_pullback)(float *dx, const float *x, const float *dy, ptrdiff_t n);  // dy / x
  void (*hyperbolic_tangent)(float *out, const float *x, ptrdiff_t n);
  void (*error_function)(float *out, const float *x, ptrdiff_t n);

  // --- ReLU: x above 0, +0 below; the pullback passes dy where x > 0 ---
  void (*relu)(float *out, const float *x, ptrdiff_t n);
  void (*relu_pullback)(float *dx, const float *x, const float *dy, ptrdiff_t n);

  // --- a floor: x, or `floor` where x is below; the pullback passes dy where x >= floor ---
  void (*at_least)(float *out, const float *x, float floor, ptrdiff_t n);
  void (*at_least_pullback)(float *dx, const float *x, const float *dy, float floor, ptrdiff_t n);

  // --- the logistic function and its integral: accurate in both tails ---
  void (*sigmoid)(float *out, const float *x, ptrdiff_t n);                              // 1 / (1 + exp(-x))
  void (*sigmoid_pullback)(float *dx, const float *y, const float *dy, ptrdiff_t n);     // dy y (1 - y)
  void (*softplus)(float *out, const float *x, ptrdiff_t n);                             // log(1 + exp(x))
  void (*softplus_pullback)(float *dx, const float *x, const float *dy, ptrdiff_t n);    // dy / (1 + exp(-x))

  // --- GELU ---
  // tanh form: x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)));  exact form: x/2 (1 + erf(x / sqrt 2))
  void (*gelu_tanh)(float *out, const float *x, ptrdiff_t n);
  void (*gelu_tanh_pullback)(float *dx, const float *x, const float *dy, ptrdiff_t n);
  void (*gelu_exact)(float *out, const float *x, ptrdiff_t n);
  void (*gelu_exact_pullback)(float *dx, const float *x, const float *dy, ptrdiff_t n);

  // --- rows ---
  void (*softmax)(float *y, const float *x, ptrdiff_t rows, ptrdiff_t columns);     // exp(x - max) / sum
  void (*softmax_pullback)(float *dx, const float *y, const float *dy, ptrdiff_t rows, ptrdiff_t columns);
  void (*log_sum_exp)(float *out, const float *x, ptrdiff_t rows, ptrdiff_t columns);  // max + log sum exp(x - max)
  void (*row_sum)(float *out, const float *x, ptrdiff_t rows, ptrdiff_t columns);
  void (*row_dot)(float *out, const float *a, const float *b, ptrdiff_t rows, ptrdiff_t columns);
  // y = (x - mean) reciprocal gain + bias, reciprocal = 1 / sqrt(mean (x - mean)^2 + epsilon)
  void (*layer_norm)(float *y, float *mean, float *reciprocal, const float *x, const float *gain,
                     const float *bias, float epsilon, ptrdiff_t rows, ptrdiff_t columns);
  void (*layer_norm_pullback)(float *dx, const float *dy, const float *x, const float *mean,
                              const float *reciprocal, const float *gain, ptrdiff_t rows, ptrdiff_t columns);
  // One chunk of at most COLUMN_CHUNK rows: dgain = sum dy (x - mean) reciprocal.
  void (*layer_norm_gain_sum)(float *dgain, const float *dy, const float *x, const float *mean,
                              const float *reciprocal, ptrdiff_t rows, ptrdiff_t columns);
  // loss = log_sum_exp(x) - x[label]; a negative label is ignored: loss and gradient +0.
  void (*cross_entropy)(float *loss, const float *x, const int32_t *labels, ptrdiff_t rows, ptrdiff_t columns);
  // dx = (softmax(x) - onehot(label)) dloss
  void (*cross_entropy_pullback)(float *dx, const float *x, const int32_t *labels, const float *dloss,
                                 ptrdiff_t rows, ptrdiff_t columns);
  // Position of the largest entry, the first of equals.
  void (*arg_max)(int32_t *out, const float *x, ptrdiff_t rows, ptrdiff_t columns);

  // --- columns: one chunk of at most COLUMN_CHUNK rows ---
  void (*column_sum)(float *out, const float *x, ptrdiff_t rows, ptrdiff_t columns);

  // --- scalars: one chunk of at most SCALAR_CHUNK elements, as a row reduction ---
  float (*sum)(const float *x, ptrdiff_t n);
  float (*sum_of_squares)(const float *x, ptrdiff_t n);  // fma into the lanes
  int32_t (*has_nonfinite)(const float *x, ptrdiff_t n);  // any NaN or infinity; any n

  // --- tables ---
  void (*lookup)(float *out, const float *table, const int32_t *ids, ptrdiff_t count, ptrdiff_t width);
  // Rows first...end-1 of dtable (pointer to row `first`): sum of dy over positions with that id, ascending, from +0.
  void (*lookup_pullback)(float *dtable, ptrdiff_t first, ptrdiff_t end, const float *dy, const int32_t *ids,
                          ptrdiff_t count, ptrdiff_t width);

  // --- distances: out[i,j] = sum_k (a_ik - b_jk)^2, an fma row reduction over k ---
  void (*squared_distance)(float *out, const float *a, const float *b, ptrdiff_t a_rows, ptrdiff_t b_rows,
                           ptrdiff_t width);

  // --- masses: out[n] = (sum_i erf(edges[n+1] factor_i - shift_i) - erf(edges[n] factor_i - shift_i)) / 2, a row reduction
  //     over i, of `bins` bins between edges, of `count` numbers. Equal, bit for bit, to scale, subtract,
  //     error_function, subtract, row_sum, scale. ---
  void (*gaussian_masses)(float *out, const float *factor, const float *shift, const float *edges, ptrdiff_t bins,
                          ptrdiff_t count);

  // --- company: bit t of row s of `times` and bit s of row t of `present` both say that s was there at t ---
  // out row i [words]: those of `candidates` that were there most often when asking[i] was; nobody where none ever was.
  void (*most_together)(uint64_t *out, const ptrdiff_t *asking, ptrdiff_t count, const uint64_t *times,
                        ptrdiff_t time_words, const uint64_t *present, ptrdiff_t present_rows,
                        ptrdiff_t present_words, const uint64_t *candidates, ptrdiff_t words);

  // --- randomness ---
  // The words of elements first...first+n-1 of a place.
  void (*random_words)(uint32_t *out, const random_place *place, uint64_t first, ptrdiff_t n);
  // keep ? scale x : +0
  void (*dropout)(float *out, const float *x, const dropout_mask *mask, ptrdiff_t n);

  // --- attention of one head: scores = scale q k^T; probability = softmax over what a query sees (0 elsewhere);
  //     context = dropout(probability) v. `probability` [queries, keys] is kept, before dropout; not when it is NULL.
  //     Equal, bit for bit, to matmul, scale, softmax of each visible prefix, dropout, matmul (over visible keys). ---
  void (*attention)(float *context, float *_Nullable probability, const float *q, const float *k, const float *v,
                    const attention_head *head);
  // Overwrites dq, dk, dv (same strides as q, k, v). dk and dv of masked keys are +0.
  void (*attention_pullback)(float *dq, float *dk, float *dv, const float *dcontext, const float *probability,
                             const float *q, const float *k, const float *v, const attention_head *head);

  // --- attention by content and distance: score_ij = scale (content_i . k_j + positional_i . r_{first + j - i});
  //     probability = softmax over the keys that a query sees (0 elsewhere); context = dropout(probability) v.
  //     `probability` [queries, keys] is kept, before dropout; not when it is NULL.
  //     Equal, bit for bit, to two matmuls, the shifted sum, scale, softmax of what is seen, dropout, matmul. ---
  void (*relative_attention)(float *context, float *_Nullable probability, const float *content,
                             const float *positional, const float *k, const float *v, const float *r,
                             const relative_attention_head *head);
  // Overwrites the gradients of both queries, of k and of v. Adds to dr, which sequences share: one chunk of
  // PRODUCT_CHUNK queries after the other.
  void (*relative_attention_pullback)(float *dcontent, float *dpositional, float *dk, float *dv, float *dr,
                                      const float *dcontext, const float *probability, const float *content,
                                      const float *positional, const float *k, const float *v, const float *r,
                                      const relative_attention_head *head);

  // --- continuous attention of one head: r_ij = N(mean_i; c_j, variance_i + sigma_j^2), the normal density;
  //     context_i = sum_j r_ij v_j. With p = 1 / (variance + sigma^2): r = sqrt(p / 2 pi) exp(-(mean - c)^2 p / 2).
  //     Equal, bit for bit, to making r [queries, functions] and matmul. ---
  void (*continuous_attention)(float *context, const float *mean, const float *variance, const float *v,
                               const continuous_head *head);
  // Overwrites dmean, dvariance and dv (laid out as mean, variance and v). With dr = dcontext v^T:
  //   dmean_i = -sum_j dr r (mean - c) p,  dvariance_i = sum_j dr r p ((mean - c)^2 p - 1) / 2,  dv = r^T dcontext
  void (*continuous_attention_pullback)(float *dmean, float *dvariance, float *dv, const float *dcontext,
                                        const float *mean, const float *variance, const float *v,
                                        const continuous_head *head);

  // --- optimizer: one Adam step, in place; g is multiplied by gradient_scale first ---
  //   m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
  //   p = p - rate (m / correction1) / (sqrt(v / correction2) + epsilon)
  void (*adam)(float *p, float *m, float *v, const float *g, ptrdiff_t n, float gradient_scale, float rate,
               float beta1, float beta2, float epsilon, float correction1, float correction2);

  // Runs `rounds` rounds of independent fmas in registers (a yardstick for speed); returns how many floating-point
  // operations that was. `sink` receives 16 floats so that nothing is optimized away.
  double (*fma_rounds)(float *sink, ptrdiff_t rounds);
} kernel_table;

// The instruction sets, best last. A table is NULL when this processor cannot run it.
enum { ISA_PORTABLE = 0, ISA_AVX2 = 1, ISA_AVX512 = 2, ISA_COUNT = 3 };
const char *isa_name(int32_t isa);
const kernel_table *_Nullable kernels_for(int32_t isa);
int32_t isa_best(void);

// MXCSR: round to nearest even, no flush to zero, no denormals-are-zero, all exceptions masked.
void set_floating_point_environment(void);
int32_t floating_point_environment_is_standard(void);

// A moment of rest for a thread that watches for a change.
static inline void pause_thread(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

// Lets the allocator keep freed memory; for the whole process, and once is enough.
void keep_freed_memory(void);

// Hands back to the system what is freed and was kept: for measuring how much memory something needs.
void return_freed_memory(void);

#pragma clang assume_nonnull end

#include "timed_kernels.h"

#endif
