// Memory that kernels borrow while they run: one block a thread and purpose, grown when needed, never given
// back, so that a fixed pool of threads soon allocates nothing.

#include "lanes.h"

#include <stdio.h>
#include <stdlib.h>

static _Thread_local struct {
  float *start;
  size_t count;
} blocks[SCRATCH_COUNT];

float *scratch_floats(int purpose, size_t count) {
  if (blocks[purpose].count < count) {
    const size_t bytes = (count * sizeof(float) + 63) / 64 * 64;
    free(blocks[purpose].start);
    blocks[purpose].start = aligned_alloc(64, bytes);
    blocks[purpose].count = count;
    if (!blocks[purpose].start) {
      fprintf(stderr, "kernels: no memory for %zu bytes of scratch\n", bytes);
      abort();
    }
  }
  return blocks[purpose].start;
}
