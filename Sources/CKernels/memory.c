#include <malloc.h>

#include "CKernels.h"

// Tensors have an arena of their own. What still comes from here and goes again each step is documents, labels and numbers
// copied out of tensors: by default the allocator hands large blocks and the top of its heap back to the kernel each time,
// and every page comes back as a fault.
void keep_freed_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);  // The most that may be asked for.
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

void return_freed_memory(void) { malloc_trim(0); }
