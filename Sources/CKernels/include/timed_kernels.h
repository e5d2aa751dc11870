// The same kernels with the clock read before and after each call, for whoever wants to know where time goes.
#ifndef TIMED_KERNELS_H
#define TIMED_KERNELS_H

#include "CKernels.h"

#pragma clang assume_nonnull begin

// What was written down of one call.
typedef struct {
  uint64_t ticks;        // how long it took, by kernel_clock
  ptrdiff_t operations;  // useful floating-point operations: of matrix products and attention; 0 for others
  int32_t kernel;        // which: kernel_name tells
} kernel_call;

// The table of an instruction set, each kernel timed: the same bits. NULL where kernels_for is.
const kernel_table *_Nullable timed_kernels_for(int32_t isa);

// The kernels of a table, in its order, by the names of its members.
int32_t kernel_count(void);
const char *kernel_name(int32_t kernel);

// The clock of calls: the processor's own, whose frequency nobody tells.
uint64_t kernel_clock(void);

// From here on the calling thread's calls of timed kernels are written down, in their order; what was written down
// before is forgotten. 0, and nothing happens, where that is going on already.
int32_t begin_kernel_log(void);
// What was written down, valid until this thread begins again or ends; NULL where that is nothing.
const kernel_call *_Nullable end_kernel_log(ptrdiff_t *count);

#pragma clang assume_nonnull end

#endif
