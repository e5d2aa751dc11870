import CKernels

/// Stops the program unless this thread rounds to the nearest even, keeps denormal numbers and traps nothing: any other
/// environment gives other results, and some library may have set one.
///
/// The threads of a pool ask before every piece of work; whoever leads a computation asks before every step of it.
package func requireStandardFloatingPoint() {
  require(
    floating_point_environment_is_standard() != 0,
    "a thread's floating-point environment was changed; results would differ")
}
