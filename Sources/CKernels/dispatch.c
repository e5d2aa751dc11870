// Which tables this processor can run, and the floating-point environment that all of them assume.

#include "include/CKernels.h"

extern const kernel_table kernels_portable, kernels_avx2, kernels_avx512;

static const char *const names[ISA_COUNT] = {"portable", "avx2", "avx512"};

const char *isa_name(int32_t isa) { return isa >= 0 && isa < ISA_COUNT ? names[isa] : "unknown"; }

// The compiler's run-time library asks cpuid, and asks the operating system whether it saves the wide
// registers.
const kernel_table *kernels_for(int32_t isa) {
  __builtin_cpu_init();
  switch (isa) {
    case ISA_PORTABLE: return &kernels_portable;
    case ISA_AVX2: return __builtin_cpu_supports("x86-64-v3") ? &kernels_avx2 : 0;
    case ISA_AVX512: return __builtin_cpu_supports("x86-64-v4") ? &kernels_avx512 : 0;
    default: return 0;
  }
}

int32_t isa_best(void) {
  for (int32_t isa = ISA_COUNT - 1; isa > ISA_PORTABLE; isa--)
    if (kernels_for(isa)) return isa;
  return ISA_PORTABLE;
}

// MXCSR with every exception masked, round to nearest even, and neither flush to zero nor denormals-are-zero.
// The low six bits are flags that record what happened: they change nothing.
enum { STANDARD = 0x1f80, FLAGS = 0x003f };

void set_floating_point_environment(void) { __builtin_ia32_ldmxcsr(STANDARD); }

int32_t floating_point_environment_is_standard(void) {
  return (__builtin_ia32_stmxcsr() & ~(uint32_t)FLAGS) == STANDARD;
}
