// Every kernel, once more for the instruction set that the including file has chosen.

#include "lanes.h"

#include "kernels/functions.h"
#include "kernels/elementwise.h"
#include "kernels/sigmoid.h"
#include "kernels/gelu.h"
#include "kernels/sums.h"
#include "kernels/softmax.h"
#include "kernels/layer_norm.h"
#include "kernels/cross_entropy.h"
#include "kernels/tables.h"
#include "kernels/distance.h"
#include "kernels/gaussian_mass.h"
#include "kernels/together.h"
#include "kernels/random.h"
#include "kernels/tile.h"
#include "kernels/packing.h"
#include "kernels/finish.h"
#include "kernels/matmul.h"
#include "kernels/attention.h"
#include "kernels/relative_attention.h"
#include "kernels/continuous_attention.h"
#include "kernels/adam.h"
#include "kernels/yardstick.h"

const kernel_table TABLE = {
    .name = NAME,
    .matmul = matmul,
    .matmul_finished = matmul_finished,
    .add = add,
    .subtract = subtract,
    .multiply = multiply,
    .scale = scale,
    .add_to_rows = add_to_rows,
    .exponential = exponential,
    .logarithm = logarithm,
    .logarithm_pullback = logarithm_pullback,
    .hyperbolic_tangent = hyperbolic_tangent,
    .error_function = error_function,
    .relu = relu,
    .relu_pullback = relu_pullback,
    .at_least = at_least,
    .at_least_pullback = at_least_pullback,
    .sigmoid = sigmoid,
    .sigmoid_pullback = sigmoid_pullback,
    .softplus = softplus,
    .softplus_pullback = softplus_pullback,
    .gelu_tanh = gelu_tanh,
    .gelu_tanh_pullback = gelu_tanh_pullback,
    .gelu_exact = gelu_exact,
    .gelu_exact_pullback = gelu_exact_pullback,
    .softmax = softmax,
    .softmax_pullback = softmax_pullback,
    .log_sum_exp = log_sum_exp,
    .row_sum = row_sum,
    .row_dot = row_dot,
    .layer_norm = layer_norm,
    .layer_norm_pullback = layer_norm_pullback,
    .layer_norm_gain_sum = layer_norm_gain_sum,
    .cross_entropy = cross_entropy,
    .cross_entropy_pullback = cross_entropy_pullback,
    .arg_max = arg_max,
    .column_sum = column_sum,
    .sum = sum,
    .sum_of_squares = sum_of_squares,
    .has_nonfinite = has_nonfinite,
    .lookup = lookup,
    .lookup_pullback = lookup_pullback,
    .squared_distance = squared_distance,
    .gaussian_masses = gaussian_masses,
    .most_together = most_together,
    .random_words = random_words,
    .dropout = dropout,
    .attention = attention,
    .attention_pullback = attention_pullback,
    .relative_attention = relative_attention,
    .relative_attention_pullback = relative_attention_pullback,
    .continuous_attention = continuous_attention,
    .continuous_attention_pullback = continuous_attention_pullback,
    .adam = adam,
    .fma_rounds = fma_rounds,
};
