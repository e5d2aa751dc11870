// How much of many normal distributions lies between neighbouring edges.

// (edge - mean) / (deviation sqrt 2), and its error function.
INLINE lanes error_function_at(float edge, const float *factor, const float *shift, ptrdiff_t left) {
  return error_function_of(all(edge) * load(factor, left) - load(shift, left));
}

// Each edge's error functions are kept for the bin beyond it.
static void gaussian_masses(float *out, const float *factor, const float *shift, const float *edges, ptrdiff_t bins,
                            ptrdiff_t count) {
  float *below = scratch_floats(SCRATCH_TABLE, (size_t)whole_vectors(count));
  OVER(count, store(below + i, error_function_at(edges[0], factor + i, shift + i, left), LANES));
  for (ptrdiff_t n = 0; n < bins; n++) {
    lanes sum[VIRTUAL] = {};
    OVER_VIRTUAL(count, {
      const lanes above = error_function_at(edges[n + 1], factor + i, shift + i, left);
      sum[slot] += existing(above - load(below + i, LANES), 0, left);
      store(below + i, above, LANES);
    });
    out[n] = 0.5f * fold(sum);
  }
}
