// Sixteen lanes, whatever the hardware: one zmm, two ymm or four xmm registers. No kernel knows which.
#ifndef LANES_H
#define LANES_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "include/CKernels.h"

enum { LANES = 16 };

// As many numbers as whole vectors have that hold n.
static inline ptrdiff_t whole_vectors(ptrdiff_t n) { return (n + LANES - 1) / LANES * LANES; }

// The virtual width of row reductions: four vectors of lanes.
enum { VIRTUAL = 4 };

typedef float lanes __attribute__((ext_vector_type(16), aligned(4), may_alias));
typedef int32_t ints __attribute__((ext_vector_type(16), aligned(4), may_alias));
typedef uint32_t words __attribute__((ext_vector_type(16), aligned(4), may_alias));
typedef uint64_t pairs __attribute__((ext_vector_type(8), aligned(4), may_alias));

// Vectors passed by value must never meet the calling convention: it differs between instruction sets.
#define INLINE static inline __attribute__((always_inline))

#define shuffle __builtin_shufflevector
// The compiler must not know where a pointer comes from.
#define HIDE(pointer) __asm__("" : "+r"(pointer))
#define UNROLL _Pragma("clang loop unroll(full)")

#if SOFTWARE_FMA
typedef double doubles __attribute__((ext_vector_type(16)));
typedef int64_t longs __attribute__((ext_vector_type(16)));

// a b + c, rounded once, on processors that have no such instruction. The product is exact in double; the sum
// is rounded to odd there (when inexact, take the neighbour whose last bit is 1), after which rounding to
// float is the only rounding that shows: double has more than two bits beyond float's 24.
static __attribute__((noinline)) void fuse(lanes *result, const lanes *a, const lanes *b, const lanes *c) {
  const doubles addend = __builtin_convertvector(*c, doubles);
  const doubles product = __builtin_convertvector(*a, doubles) * __builtin_convertvector(*b, doubles);
  const doubles sum = product + addend;
  const doubles shadow = sum - product;
  const doubles error = (product - (sum - shadow)) + (addend - shadow);
  const longs bits = (longs)sum;
  const longs inexact = (error > 0.0) | (error < 0.0);   // not so for NaN
  const longs even = (bits & 1) - 1;                     // all ones where the last bit is 0
  const longs step = (((longs)error ^ bits) >> 63) | 1;  // -1 where the sum is too far from zero, else +1
  *result = __builtin_convertvector((doubles)(bits + (step & inexact & even)), lanes);
}
INLINE lanes fused(lanes a, lanes b, lanes c) {
  lanes result;
  fuse(&result, &a, &b, &c);
  return result;
}
#else
INLINE lanes fused(lanes a, lanes b, lanes c) { return __builtin_elementwise_fma(a, b, c); }
#endif

INLINE lanes all(float x) { return (lanes)x; }
INLINE ints bits_of(lanes x) { return (ints)x; }
INLINE lanes from_bits(ints x) { return (lanes)x; }

// Where a comparison holds take `a`, elsewhere `b`. Comparisons give all ones or all zeros.
INLINE lanes choose(ints condition, lanes a, lanes b) { return condition ? a : b; }

INLINE lanes absolute(lanes x) { return from_bits(bits_of(x) & 0x7fffffff); }
INLINE lanes with_sign_of(lanes magnitude, lanes sign) {
  return from_bits((bits_of(magnitude) & 0x7fffffff) | (bits_of(sign) & (int32_t)0x80000000));
}

INLINE ints lane_numbers(void) {
  return (ints){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
}

// --- memory: `left` elements remain; past them one reads +0 and writes nothing ---

#if MEMORY_MASKS == 512
INLINE lanes load(const float *p, ptrdiff_t left) {
  if (left >= LANES) return *(const lanes *)p;
  return (lanes)_mm512_maskz_loadu_ps((__mmask16)((1u << left) - 1), p);
}
INLINE void store(float *p, lanes x, ptrdiff_t left) {
  if (left >= LANES) *(lanes *)p = x;
  else _mm512_mask_storeu_ps(p, (__mmask16)((1u << left) - 1), (__m512)x);
}
#elif MEMORY_MASKS == 256
INLINE lanes load(const float *p, ptrdiff_t left) {
  if (left >= LANES) return *(const lanes *)p;
  const ints mask = lane_numbers() < (int32_t)left;
  lanes x;
  x.lo = _mm256_maskload_ps(p, (__m256i)mask.lo);
  x.hi = _mm256_maskload_ps(p + 8, (__m256i)mask.hi);
  return x;
}
INLINE void store(float *p, lanes x, ptrdiff_t left) {
  if (left >= LANES) {
    *(lanes *)p = x;
    return;
  }
  const ints mask = lane_numbers() < (int32_t)left;
  _mm256_maskstore_ps(p, (__m256i)mask.lo, x.lo);
  _mm256_maskstore_ps(p + 8, (__m256i)mask.hi, x.hi);
}
#else
INLINE lanes load(const float *p, ptrdiff_t left) {
  if (left >= LANES) return *(const lanes *)p;
  lanes x = all(0);
  memcpy(&x, p, (size_t)left * sizeof(float));
  return x;
}
INLINE void store(float *p, lanes x, ptrdiff_t left) {
  if (left >= LANES) *(lanes *)p = x;
  else memcpy(p, &x, (size_t)left * sizeof(float));
}
#endif

// Past the caches, for what is not read soon, to a place aligned to whole vectors. Another thread may read it after
// `settle`.
typedef float aligned_lanes __attribute__((ext_vector_type(16), may_alias));
INLINE void store_past_caches(float *p, lanes x) { __builtin_nontemporal_store((aligned_lanes)x, (aligned_lanes *)p); }
INLINE void settle(void) { __sync_synchronize(); }

// Lanes where a comparison holds; the others read +0 and write nothing, wherever they are.
#if MEMORY_MASKS == 512
INLINE lanes load_where(const float *p, ints wanted) {
  return (lanes)_mm512_maskz_loadu_ps(_mm512_movepi32_mask((__m512i)wanted), p);
}
INLINE void store_where(float *p, lanes x, ints wanted) {
  _mm512_mask_storeu_ps(p, _mm512_movepi32_mask((__m512i)wanted), (__m512)x);
}
#elif MEMORY_MASKS == 256
INLINE lanes load_where(const float *p, ints wanted) {
  lanes x;
  x.lo = _mm256_maskload_ps(p, (__m256i)wanted.lo);
  x.hi = _mm256_maskload_ps(p + 8, (__m256i)wanted.hi);
  return x;
}
INLINE void store_where(float *p, lanes x, ints wanted) {
  _mm256_maskstore_ps(p, (__m256i)wanted.lo, x.lo);
  _mm256_maskstore_ps(p + 8, (__m256i)wanted.hi, x.hi);
}
#else
INLINE lanes load_where(const float *p, ints wanted) {
  lanes x = all(0);
  for (int l = 0; l < LANES; l++)
    if (wanted[l]) x[l] = p[l];
  return x;
}
INLINE void store_where(float *p, lanes x, ints wanted) {
  for (int l = 0; l < LANES; l++)
    if (wanted[l]) p[l] = x[l];
}
#endif

// `x` in the lanes that exist, `otherwise` in those past the end.
INLINE lanes existing(lanes x, float otherwise, ptrdiff_t left) {
  return left >= LANES ? x : choose(lane_numbers() < (int32_t)left, x, all(otherwise));
}
INLINE lanes existing_or(lanes x, lanes otherwise, ptrdiff_t left) {
  return left >= LANES ? x : choose(lane_numbers() < (int32_t)left, x, otherwise);
}

// Does something for each vector of elements 0...n-1. The body sees `i`, its first element, and `left`, the
// number of elements that remain, a constant for all but the last vector: so the tail is the same code, and
// costs nothing before.
#define OVER(n, ...)                                          \
  do {                                                        \
    ptrdiff_t i = 0;                                          \
    for (; i + LANES <= (n); i += LANES) {                    \
      enum { left = LANES };                                  \
      __VA_ARGS__;                                            \
    }                                                         \
    if (i < (n)) {                                            \
      const ptrdiff_t left = (n) - i;                         \
      __VA_ARGS__;                                            \
    }                                                         \
  } while (0)

// The same for row reductions: the body sees also `slot`, 0...3: lane l of it is virtual lane 16 slot + l.
#define OVER_VIRTUAL(n, ...)                                  \
  do {                                                        \
    ptrdiff_t i = 0;                                          \
    while (i + VIRTUAL * LANES <= (n)) {                      \
      enum { left = LANES };                                  \
      ON_SLOT(0, __VA_ARGS__)                                 \
      ON_SLOT(1, __VA_ARGS__)                                 \
      ON_SLOT(2, __VA_ARGS__)                                 \
      ON_SLOT(3, __VA_ARGS__)                                 \
    }                                                         \
    ptrdiff_t left = (n) - i;                                 \
    if (left > 0) ON_SLOT(0, __VA_ARGS__)                     \
    left -= LANES;                                            \
    if (left > 0) ON_SLOT(1, __VA_ARGS__)                     \
    left -= LANES;                                            \
    if (left > 0) ON_SLOT(2, __VA_ARGS__)                     \
    left -= LANES;                                            \
    if (left > 0) ON_SLOT(3, __VA_ARGS__)                     \
  } while (0)
#define ON_SLOT(number, ...)   \
  {                            \
    enum { slot = number };    \
    __VA_ARGS__;               \
    i += LANES;                \
  }

// --- folds: 64 virtual lanes to one number, by halves ---

INLINE lanes fold_64(const lanes a[VIRTUAL]) { return (a[0] + a[2]) + (a[1] + a[3]); }

INLINE float fold_16(lanes x) {
  typedef float half __attribute__((ext_vector_type(8)));
  typedef float quarter __attribute__((ext_vector_type(4)));
  const half e = x.lo + x.hi;
  const quarter q = e.lo + e.hi;
  return (q.x + q.z) + (q.y + q.w);
}

INLINE float fold(const lanes a[VIRTUAL]) { return fold_16(fold_64(a)); }

// The largest of the lanes. Its bits matter nowhere: kernels subtract it.
INLINE lanes larger(lanes a, lanes b) { return choose(a > b, a, b); }

INLINE float largest(lanes x) {
  typedef float half __attribute__((ext_vector_type(8)));
  typedef float quarter __attribute__((ext_vector_type(4)));
  const half e = x.lo > x.hi ? x.lo : x.hi;
  const quarter q = e.lo > e.hi ? e.lo : e.hi;
  const float a = q.x > q.z ? q.x : q.z, b = q.y > q.w ? q.y : q.w;
  return a > b ? a : b;
}

// --- scratch memory: one growing block a thread and purpose, 64-byte aligned, in scratch.c ---

enum {
  SCRATCH_PANELS,
  SCRATCH_ROWS,
  SCRATCH_PRODUCT,
  SCRATCH_SCORES,
  SCRATCH_POSITIONS,
  SCRATCH_KEYS,
  SCRATCH_VALUES,
  SCRATCH_QUERIES,
  SCRATCH_TABLE,
  SCRATCH_TIMES,
  SCRATCH_COUNT
};
float *scratch_floats(int purpose, size_t count);

#endif
