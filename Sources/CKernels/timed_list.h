// Every kernel with its parameters, its arguments and the useful operations of a call, in the order of kernel_table:
// NOTHING(set, kernel, parameters, arguments, operations) where it returns nothing, else NUMBER with what it returns
// after the set. Whoever includes this says what they are.
//
// Useful operations are those that the shapes ask of matrix products, as Tensors/UsefulOperations counts them: two for
// every pair of factors that takes part, and for attention only pairs of which the query sees the key.
#ifndef TIMED_LIST_H
#define TIMED_LIST_H

#include "include/CKernels.h"

// Keys that queries see, summed over them: query i of `queries` sees past + i + 1, but `most` at most.
static inline ptrdiff_t seen_keys(ptrdiff_t queries, ptrdiff_t past, ptrdiff_t most) {
  const ptrdiff_t room = most > past ? most - past : 0;
  const ptrdiff_t growing = room < queries ? room : queries;
  return growing * past + growing * (growing + 1) / 2 + (queries - growing) * most;
}

static inline ptrdiff_t pairs_of(const attention_head *head) {
  return head->causal ? seen_keys(head->queries, head->past, head->visible) : head->queries * head->visible;
}

static inline ptrdiff_t relative_pairs_of(const relative_attention_head *head) {
  return seen_keys(head->queries, head->past, head->window);
}

#define EACH_KERNEL(NOTHING, NUMBER, set)                                                                           \
  NOTHING(set, matmul,                                                                                              \
    (float *c, ptrdiff_t c_row, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b,                \
     ptrdiff_t b_row, ptrdiff_t b_column, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, int32_t accumulate),               \
    (c, c_row, a, a_row, a_column, b, b_row, b_column, M, N, K, accumulate), 2 * M * N * K)                         \
  NOTHING(set, matmul_finished,                                                                                     \
    (float *c, ptrdiff_t c_row, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b,                \
     ptrdiff_t b_row, ptrdiff_t b_column, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, ptrdiff_t first_row,               \
     ptrdiff_t first_column, const product_finish *finish),                                                         \
    (c, c_row, a, a_row, a_column, b, b_row, b_column, M, N, K, first_row, first_column, finish), 2 * M * N * K)    \
  NOTHING(set, add, (float *out, const float *a, const float *b, ptrdiff_t n), (out, a, b, n), 0)                   \
  NOTHING(set, subtract, (float *out, const float *a, const float *b, ptrdiff_t n), (out, a, b, n), 0)              \
  NOTHING(set, multiply, (float *out, const float *a, const float *b, ptrdiff_t n), (out, a, b, n), 0)              \
  NOTHING(set, scale, (float *out, const float *a, float s, ptrdiff_t n), (out, a, s, n), 0)                        \
  NOTHING(set, add_to_rows,                                                                                         \
    (float *out, const float *x, const float *row, ptrdiff_t rows, ptrdiff_t columns),                              \
    (out, x, row, rows, columns), 0)                                                                                \
  NOTHING(set, exponential, (float *out, const float *x, ptrdiff_t n), (out, x, n), 0)                              \
  NOTHING(set, logarithm, (float *out, const float *x, ptrdiff_t n), (out, x, n), 0)                                \
  NOTHING(set, logarithm_pullback, (float *dx, const float *x, const float *dy, ptrdiff_t n), (dx, x, dy, n), 0)    \
  NOTHING(set, hyperbolic_tangent, (float *out, const float *x, ptrdiff_t n), (out, x, n), 0)                       \
  NOTHING(set, error_function, (float *out, const float *x, ptrdiff_t n), (out, x, n), 0)                           \
  NOTHING(set, relu, (float *out, const float *x, ptrdiff_t n), (out, x, n), 0)                                     \
  NOTHING(set, relu_pullback, (float *dx, const float *x, const float *dy, ptrdiff_t n), (dx, x, dy, n), 0)         \
  NOTHING(set, at_least, (float *out, const float *x, float floor, ptrdiff_t n), (out, x, floor, n), 0)             \
  NOTHING(set, at_least_pullback,                                                                                   \
    (float *dx, const float *x, const float *dy, float floor, ptrdiff_t n),                                         \
    (dx, x, dy, floor, n), 0)                                                                                       \
  NOTHING(set, sigmoid, (float *out, const float *x, ptrdiff_t n), (out, x, n), 0)                                  \
  NOTHING(set, sigmoid_pullback, (float *dx, const float *y, const float *dy, ptrdiff_t n), (dx, y, dy, n), 0)      \
  NOTHING(set, softplus, (float *out, const float *x, ptrdiff_t n), (out, x, n), 0)                                 \
  NOTHING(set, softplus_pullback, (float *dx, const float *x, const float *dy, ptrdiff_t n), (dx, x, dy, n), 0)     \
  NOTHING(set, gelu_tanh, (float *out, const float *x, ptrdiff_t n), (out, x, n), 0)                                \
  NOTHING(set, gelu_tanh_pullback, (float *dx, const float *x, const float *dy, ptrdiff_t n), (dx, x, dy, n), 0)    \
  NOTHING(set, gelu_exact, (float *out, const float *x, ptrdiff_t n), (out, x, n), 0)                               \
  NOTHING(set, gelu_exact_pullback, (float *dx, const float *x, const float *dy, ptrdiff_t n), (dx, x, dy, n), 0)   \
  NOTHING(set, softmax, (float *y, const float *x, ptrdiff_t rows, ptrdiff_t columns), (y, x, rows, columns), 0)    \
  NOTHING(set, softmax_pullback,                                                                                    \
    (float *dx, const float *y, const float *dy, ptrdiff_t rows, ptrdiff_t columns),                                \
    (dx, y, dy, rows, columns), 0)                                                                                  \
  NOTHING(set, log_sum_exp,                                                                                         \
    (float *out, const float *x, ptrdiff_t rows, ptrdiff_t columns),                                                \
    (out, x, rows, columns), 0)                                                                                     \
  NOTHING(set, row_sum,                                                                                             \
    (float *out, const float *x, ptrdiff_t rows, ptrdiff_t columns),                                                \
    (out, x, rows, columns), 0)                                                                                     \
  NOTHING(set, row_dot,                                                                                             \
    (float *out, const float *a, const float *b, ptrdiff_t rows, ptrdiff_t columns),                                \
    (out, a, b, rows, columns), 0)                                                                                  \
  NOTHING(set, layer_norm,                                                                                          \
    (float *y, float *mean, float *reciprocal, const float *x, const float *gain, const float *bias,                \
     float epsilon, ptrdiff_t rows, ptrdiff_t columns),                                                             \
    (y, mean, reciprocal, x, gain, bias, epsilon, rows, columns), 0)                                                \
  NOTHING(set, layer_norm_pullback,                                                                                 \
    (float *dx, const float *dy, const float *x, const float *mean, const float *reciprocal, const float *gain,     \
     ptrdiff_t rows, ptrdiff_t columns),                                                                            \
    (dx, dy, x, mean, reciprocal, gain, rows, columns), 0)                                                          \
  NOTHING(set, layer_norm_gain_sum,                                                                                 \
    (float *dgain, const float *dy, const float *x, const float *mean, const float *reciprocal, ptrdiff_t rows,     \
     ptrdiff_t columns),                                                                                            \
    (dgain, dy, x, mean, reciprocal, rows, columns), 0)                                                             \
  NOTHING(set, cross_entropy,                                                                                       \
    (float *loss, const float *x, const int32_t *labels, ptrdiff_t rows, ptrdiff_t columns),                        \
    (loss, x, labels, rows, columns), 0)                                                                            \
  NOTHING(set, cross_entropy_pullback,                                                                              \
    (float *dx, const float *x, const int32_t *labels, const float *dloss, ptrdiff_t rows, ptrdiff_t columns),      \
    (dx, x, labels, dloss, rows, columns), 0)                                                                       \
  NOTHING(set, arg_max,                                                                                             \
    (int32_t *out, const float *x, ptrdiff_t rows, ptrdiff_t columns),                                              \
    (out, x, rows, columns), 0)                                                                                     \
  NOTHING(set, column_sum,                                                                                          \
    (float *out, const float *x, ptrdiff_t rows, ptrdiff_t columns),                                                \
    (out, x, rows, columns), 0)                                                                                     \
  NUMBER(set, float, sum, (const float *x, ptrdiff_t n), (x, n), 0)                                                 \
  NUMBER(set, float, sum_of_squares, (const float *x, ptrdiff_t n), (x, n), 0)                                      \
  NUMBER(set, int32_t, has_nonfinite, (const float *x, ptrdiff_t n), (x, n), 0)                                     \
  NOTHING(set, lookup,                                                                                              \
    (float *out, const float *table, const int32_t *ids, ptrdiff_t count, ptrdiff_t width),                         \
    (out, table, ids, count, width), 0)                                                                             \
  NOTHING(set, lookup_pullback,                                                                                     \
    (float *dtable, ptrdiff_t first, ptrdiff_t end, const float *dy, const int32_t *ids, ptrdiff_t count,           \
     ptrdiff_t width),                                                                                              \
    (dtable, first, end, dy, ids, count, width), 0)                                                                 \
  NOTHING(set, squared_distance,                                                                                    \
    (float *out, const float *a, const float *b, ptrdiff_t a_rows, ptrdiff_t b_rows, ptrdiff_t width),              \
    (out, a, b, a_rows, b_rows, width), 0)                                                                          \
  NOTHING(set, gaussian_masses,                                                                                     \
    (float *out, const float *factor, const float *shift, const float *edges, ptrdiff_t bins, ptrdiff_t count),     \
    (out, factor, shift, edges, bins, count), 0)                                                                    \
  NOTHING(set, most_together,                                                                                       \
    (uint64_t *out, const ptrdiff_t *asking, ptrdiff_t count, const uint64_t *times, ptrdiff_t time_words,          \
     const uint64_t *present, ptrdiff_t present_rows, ptrdiff_t present_words, const uint64_t *candidates,          \
     ptrdiff_t words),                                                                                              \
    (out, asking, count, times, time_words, present, present_rows, present_words, candidates, words), 0)            \
  NOTHING(set, random_words,                                                                                        \
    (uint32_t *out, const random_place *place, uint64_t first, ptrdiff_t n),                                        \
    (out, place, first, n), 0)                                                                                      \
  NOTHING(set, dropout, (float *out, const float *x, const dropout_mask *mask, ptrdiff_t n), (out, x, mask, n), 0)  \
  NOTHING(set, attention,                                                                                           \
    (float *context, float *probability, const float *q, const float *k, const float *v,                            \
     const attention_head *head),                                                                                   \
    (context, probability, q, k, v, head), 4 * pairs_of(head) * head->width)                                      \
  NOTHING(set, attention_pullback,                                                                                  \
    (float *dq, float *dk, float *dv, const float *dcontext, const float *probability, const float *q,              \
     const float *k, const float *v, const attention_head *head),                                                   \
    (dq, dk, dv, dcontext, probability, q, k, v, head), 8 * pairs_of(head) * head->width)                         \
  NOTHING(set, relative_attention,                                                                                  \
    (float *context, float *probability, const float *content, const float *positional, const float *k,             \
     const float *v, const float *r, const relative_attention_head *head),                                          \
    (context, probability, content, positional, k, v, r, head), 6 * relative_pairs_of(head) * head->width)        \
  NOTHING(set, relative_attention_pullback,                                                                         \
    (float *dcontent, float *dpositional, float *dk, float *dv, float *dr, const float *dcontext,                   \
     const float *probability, const float *content, const float *positional, const float *k, const float *v,       \
     const float *r, const relative_attention_head *head),                                                          \
    (dcontent, dpositional, dk, dv, dr, dcontext, probability, content, positional, k, v, r,                        \
     head), 12 * relative_pairs_of(head) * head->width)                                                           \
  NOTHING(set, continuous_attention,                                                                                \
    (float *context, const float *mean, const float *variance, const float *v, const continuous_head *head),        \
    (context, mean, variance, v, head), 2 * head->queries * head->functions * head->width)                          \
  NOTHING(set, continuous_attention_pullback,                                                                       \
    (float *dmean, float *dvariance, float *dv, const float *dcontext, const float *mean, const float *variance,    \
     const float *v, const continuous_head *head),                                                                  \
    (dmean, dvariance, dv, dcontext, mean, variance, v, head), 4 * head->queries * head->functions * head->width)   \
  NOTHING(set, adam,                                                                                                \
    (float *p, float *m, float *v, const float *g, ptrdiff_t n, float gradient_scale, float rate, float beta1,      \
     float beta2, float epsilon, float correction1, float correction2),                                             \
    (p, m, v, g, n, gradient_scale, rate, beta1, beta2, epsilon, correction1, correction2), 0)                      \
  NUMBER(set, double, fma_rounds, (float *sink, ptrdiff_t rounds), (sink, rounds), 0)

#endif
