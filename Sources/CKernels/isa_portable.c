// Any x86-64 processor, and any other that C reaches: no fused multiply-add is assumed.
#define TABLE kernels_portable
#define NAME "portable"
#define SOFTWARE_FMA 1
#define WIDE 16
#define TALL_1 4
#define TALL_2 0
#define STRAIGHT_ROWS 64
#define YARDSTICK_CHAINS 1
#define EACH_TILE(T) T(1, 1) T(2, 1) T(3, 1) T(4, 1)
#include "all.h"
