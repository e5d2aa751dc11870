// AVX-512: thirty-two registers of sixteen floats, so a tile of 12 x 32.
#include <immintrin.h>
#define TARGET __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#pragma clang attribute push(TARGET, apply_to = function)
#define TABLE kernels_avx512
#define NAME "avx512"
#define MEMORY_MASKS 512
#define WIDE 32
#define TALL_1 16
#define TALL_2 12
#define STRAIGHT_ROWS 64
#define YARDSTICK_CHAINS 24
#define EACH_TILE(T)                                                                        \
  T(1, 1) T(2, 1) T(3, 1) T(4, 1) T(5, 1) T(6, 1) T(7, 1) T(8, 1) T(9, 1)                   \
  T(10, 1) T(11, 1) T(12, 1) T(13, 1) T(14, 1) T(15, 1) T(16, 1)                            \
  T(1, 2) T(2, 2) T(3, 2) T(4, 2) T(5, 2) T(6, 2) T(7, 2) T(8, 2) T(9, 2)                   \
  T(10, 2) T(11, 2) T(12, 2)
#include "all.h"
#pragma clang attribute pop
