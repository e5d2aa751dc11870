// One step of Adam, in place.

static void adam(float *p, float *m, float *v, const float *g, ptrdiff_t n, float gradient_scale, float rate,
                 float beta1, float beta2, float epsilon, float correction1, float correction2) {
  const float rest1 = 1 - beta1, rest2 = 1 - beta2;
  OVER(n, {
    const lanes gradient = load(g + i, left) * all(gradient_scale);
    const lanes first = fused(all(beta1), load(m + i, left), all(rest1) * gradient);
    const lanes second = fused(all(beta2), load(v + i, left), all(rest2) * (gradient * gradient));
    const lanes root = __builtin_elementwise_sqrt(second / all(correction2));
    const lanes step = (first / all(correction1)) / (root + all(epsilon));
    store(m + i, first, left);
    store(v + i, second, left);
    store(p + i, fused(all(-rate), step, load(p + i, left)), left);
  });
}
