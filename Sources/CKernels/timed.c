// The tables once more, every kernel with the clock read before and after it. Whoever wants to know where time goes
// computes with one of these; all others never meet them.

#include "timed_list.h"

#include <stdio.h>
#include <stdlib.h>

enum {
#define NUMBERED(set, name, ...) KERNEL_##name,
#define NUMBERED_TOO(set, type, name, ...) KERNEL_##name,
  EACH_KERNEL(NUMBERED, NUMBERED_TOO, ) KERNEL_COUNT
};

// The list has every kernel of the table: one word each, and the name.
_Static_assert(sizeof(kernel_table) == (KERNEL_COUNT + 1) * sizeof(void *), "timed_list.h lacks a kernel");

static const char *const names[KERNEL_COUNT] = {
#define NAMED(set, name, ...) #name,
#define NAMED_TOO(set, type, name, ...) #name,
    EACH_KERNEL(NAMED, NAMED_TOO, )};

int32_t kernel_count(void) { return KERNEL_COUNT; }

const char *kernel_name(int32_t kernel) {
  return kernel >= 0 && kernel < KERNEL_COUNT ? names[kernel] : "unknown";
}

// On processors of the last fifteen years it ticks evenly, whatever the cores' frequencies (constant_tsc), on all cores
// alike. It does not wait for what was begun before: some nanoseconds of a call may go to its neighbour. On Zen 5 it
// moves in steps of 10 ns, so that a short call is right in the mean and not by itself.
uint64_t kernel_clock(void) { return __builtin_ia32_rdtsc(); }

// As scratch memory, never given back: a fixed pool of threads soon allocates nothing.
static _Thread_local struct {
  kernel_call *calls;
  ptrdiff_t count, room;
  int32_t is_running;
} thread_log;

int32_t begin_kernel_log(void) {
  if (thread_log.is_running) return 0;
  thread_log.count = 0;
  thread_log.is_running = 1;
  return 1;
}

const kernel_call *end_kernel_log(ptrdiff_t *count) {
  thread_log.is_running = 0;
  *count = thread_log.count;
  return thread_log.calls;
}

static void make_room(void) {
  const ptrdiff_t room = thread_log.room ? 2 * thread_log.room : 4096;
  kernel_call *calls = realloc(thread_log.calls, (size_t)room * sizeof(kernel_call));
  if (!calls) {
    fprintf(stderr, "kernels: no memory for a log of %td calls\n", room);
    abort();
  }
  thread_log.calls = calls;
  thread_log.room = room;
}

static inline void note(int32_t kernel, uint64_t start, ptrdiff_t operations) {
  const uint64_t ticks = kernel_clock() - start;
  if (!thread_log.is_running) return;
  if (thread_log.count == thread_log.room) make_room();
  thread_log.calls[thread_log.count++] = (kernel_call){ticks, operations, kernel};
}

#define TIMED(set, name, parameters, arguments, operations) \
  static void timed_##set##_##name parameters {             \
    const uint64_t start = kernel_clock();                  \
    kernels_##set.name arguments;                           \
    note(KERNEL_##name, start, operations);                 \
  }
#define TIMED_NUMBER(set, type, name, parameters, arguments, operations) \
  static type timed_##set##_##name parameters {                          \
    const uint64_t start = kernel_clock();                               \
    const type result = kernels_##set.name arguments;                    \
    note(KERNEL_##name, start, operations);                              \
    return result;                                                       \
  }
#define ENTRY(set, name, ...) .name = timed_##set##_##name,
#define NUMBER_ENTRY(set, type, name, ...) .name = timed_##set##_##name,

#define TIMED_TABLE(set)                                                 \
  extern const kernel_table kernels_##set;                               \
  EACH_KERNEL(TIMED, TIMED_NUMBER, set)                                  \
  static const kernel_table timed_##set = {.name = #set, EACH_KERNEL(ENTRY, NUMBER_ENTRY, set)};

TIMED_TABLE(portable)
TIMED_TABLE(avx2)
TIMED_TABLE(avx512)

const kernel_table *timed_kernels_for(int32_t isa) {
  static const kernel_table *const tables[ISA_COUNT] = {&timed_portable, &timed_avx2, &timed_avx512};
  return kernels_for(isa) ? tables[isa] : 0;
}
