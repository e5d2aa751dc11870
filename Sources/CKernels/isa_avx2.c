// AVX2 with FMA: sixteen registers of eight floats, so a tile of 6 x 16.
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define TABLE kernels_avx2
#define NAME "avx2"
#define MEMORY_MASKS 256
#define WIDE 16
#define TALL_1 6
#define TALL_2 0
#define STRAIGHT_ROWS 64
#define YARDSTICK_CHAINS 6
#define EACH_TILE(T) T(1, 1) T(2, 1) T(3, 1) T(4, 1) T(5, 1) T(6, 1)
#include "all.h"
#pragma clang attribute pop
