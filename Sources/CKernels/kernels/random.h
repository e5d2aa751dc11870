// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, 2011), eight counters at a time, in the low halves of 64-bit
// lanes. What the high halves hold is never looked at.
//
// A round waits for the last one, so that several eights go side by side: one alone keeps a processor waiting half of the
// time.

// What all counters of a place share: the keys of all rounds, and the counter's words but the first.
// Words of eight counters.
enum { GROUP = 32 };

typedef struct {
  uint64_t keys[10][2];
  uint64_t purpose, step, site;
} philox_schedule;

INLINE philox_schedule schedule_of(const random_place *place) {
  philox_schedule s = {.purpose = (uint64_t)place->purpose << 24, .step = place->step, .site = place->site};
  for (uint32_t round = 0; round < 10; round++) {
    s.keys[round][0] = place->key[0] + round * 0x9E3779B9u;
    s.keys[round][1] = place->key[1] + round * 0xBB67AE85u;
  }
  return s;
}

INLINE pairs low_product(pairs a, uint32_t factor) {
#if MEMORY_MASKS == 512
  return (pairs)_mm512_mul_epu32((__m512i)a, _mm512_set1_epi64((int64_t)factor));  // clang finds it by itself half of the time
#else
  return (a & (pairs)0xffffffffu) * (uint64_t)factor;
#endif
}
INLINE pairs high_half(pairs a) {
  return (pairs)shuffle((words)a, (words)a, 1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11, 13, 13, 15, 15);
}

// The words of eight counters `eights` times: two vectors each, in order.
INLINE void philox(words *out, const philox_schedule *s, const pairs *counters, int eights) {
  pairs c0[4], c1[4], c2[4], c3[4];
  // The first round's products of what all counters share are numbers.
  const uint64_t shared = s->step * 0xCD9E8D57u;
  UNROLL for (int e = 0; e < eights; e++) {
    const pairs first = low_product(counters[e], 0xD2511F53u);
    c0[e] = (((counters[e] >> 32) & 0xffffffu) | s->purpose) ^ ((shared >> 32) ^ s->keys[0][0]);
    c1[e] = (pairs)shared;
    c2[e] = high_half(first) ^ (s->site ^ s->keys[0][1]);
    c3[e] = first;
  }
  UNROLL for (int round = 1; round < 10; round++) {
    UNROLL for (int e = 0; e < eights; e++) {
      const pairs first = low_product(c0[e], 0xD2511F53u), second = low_product(c2[e], 0xCD9E8D57u);
      c0[e] = high_half(second) ^ c1[e] ^ s->keys[round][0];
      c1[e] = second;
      c2[e] = high_half(first) ^ c3[e] ^ s->keys[round][1];
      c3[e] = first;
    }
  }
  UNROLL for (int e = 0; e < eights; e++) {
    const pairs front = (c0[e] & (pairs)0xffffffffu) | c1[e] << 32, back = (c2[e] & (pairs)0xffffffffu) | c3[e] << 32;
    out[2 * e] = (words)shuffle(front, back, 0, 8, 1, 9, 2, 10, 3, 11);
    out[2 * e + 1] = (words)shuffle(front, back, 4, 12, 5, 13, 6, 14, 7, 15);
  }
}

// The words of consecutive counters: `eights` whole eights of them.
INLINE void philox_from(uint32_t *out, const philox_schedule *s, uint64_t first, ptrdiff_t eights) {
  for (; eights > 0; eights -= 4, first += 32, out += 4 * GROUP) {
    pairs c[4];
    UNROLL for (int e = 0; e < 4; e++) c[e] = (pairs)(first + 8 * (uint64_t)e) + (pairs){0, 1, 2, 3, 4, 5, 6, 7};
    switch (eights) {
      case 1: philox((words *)out, s, c, 1); break;
      case 2: philox((words *)out, s, c, 2); break;
      case 3: philox((words *)out, s, c, 3); break;
      default: philox((words *)out, s, c, 4); break;
    }
  }
}

// One piece of a long row of random words: PIECE wanted, and room for the words around them.
enum { PIECE = 512 };

// Writes the words of elements first...first+n-1, rounded outward to whole groups, and returns where `first`
// stands.
static const uint32_t *piece_of_words(uint32_t room[PIECE + 2 * GROUP], const philox_schedule *s,
                                      uint64_t first, ptrdiff_t n) {
  const ptrdiff_t skip = (ptrdiff_t)(first % 4);
  philox_from(room, s, first / 4, (skip + n + GROUP - 1) / GROUP);
  return room + skip;
}

static void random_words(uint32_t *out, const random_place *place, uint64_t first, ptrdiff_t n) {
  uint32_t room[PIECE + 2 * GROUP];
  const philox_schedule s = schedule_of(place);
  for (ptrdiff_t done = 0; done < n; done += PIECE) {
    const ptrdiff_t count = n - done < PIECE ? n - done : PIECE;
    const uint32_t *words_here = piece_of_words(room, &s, first + (uint64_t)done, count);
    memcpy(out + done, words_here, (size_t)count * sizeof(uint32_t));
  }
}

// out = word < threshold ? scale x : +0
INLINE void keep(float *out, const float *x, const uint32_t *random, const dropout_mask *mask, ptrdiff_t n) {
  OVER(n, {
    const ints below = *(const words *)(random + i) < (words)mask->threshold;
    store(out + i, choose(below, load(x + i, left) * all(mask->scale), all(0)), left);
  });
}

// The same with the words of elements first... of the mask's place.
static void drop(float *out, const float *x, const dropout_mask *mask, uint64_t first, ptrdiff_t n) {
  uint32_t room[PIECE + 2 * GROUP];
  const philox_schedule s = schedule_of(mask->place);
  for (ptrdiff_t done = 0; done < n; done += PIECE) {
    const ptrdiff_t count = n - done < PIECE ? n - done : PIECE;
    keep(out + done, x + done, piece_of_words(room, &s, first + (uint64_t)done, count), mask, count);
  }
}

// The same in place for several rows, whose elements begin `mask_row` apart. The key's schedule is made once.
static void drop_rows(float *x, ptrdiff_t x_row, const dropout_mask *mask, uint64_t first, ptrdiff_t mask_row,
                      ptrdiff_t rows, ptrdiff_t columns) {
  if (first % 4 != 0 || mask_row % 4 != 0) {
    for (ptrdiff_t r = 0; r < rows; r++)
      drop(x + r * x_row, x + r * x_row, mask, first + (uint64_t)(r * mask_row), columns);
    return;
  }
  // Copies, which nothing written to x can change.
  const philox_schedule s = schedule_of(mask->place);
  const dropout_mask same = *mask;
  // Short rows are made several at a time.
  const ptrdiff_t eights = (columns + GROUP - 1) / GROUP;
  if (eights == 1) {
    for (ptrdiff_t r = 0; r < rows; r += 4) {
      uint32_t room[4 * GROUP];
      const ptrdiff_t together = rows - r < 4 ? rows - r : 4;
      pairs c[4];
      UNROLL for (int e = 0; e < 4; e++)
        c[e] = (pairs)((first + (uint64_t)((r + e) * mask_row)) / 4) + (pairs){0, 1, 2, 3, 4, 5, 6, 7};
      philox((words *)room, &s, c, 4);
      for (ptrdiff_t e = 0; e < together; e++)
        keep(x + (r + e) * x_row, x + (r + e) * x_row, room + GROUP * e, &same, columns);
    }
    return;
  }
  for (ptrdiff_t r = 0; r < rows; r++, x += x_row, first += (uint64_t)mask_row)
    for (ptrdiff_t j = 0; j < columns; j += 4 * GROUP) {
      uint32_t room[4 * GROUP];
      const ptrdiff_t left = columns - j;
      philox_from(room, &s, (first + (uint64_t)j) / 4, left >= 4 * GROUP ? 4 : (left + GROUP - 1) / GROUP);
      keep(x + j, x + j, room, &same, left < 4 * GROUP ? left : 4 * GROUP);
    }
}

static void dropout(float *out, const float *x, const dropout_mask *mask, ptrdiff_t n) {
  if (mask->place) drop(out, x, mask, mask->first_element, n);
  else OVER(n, store(out + i, load(x + i, left), left));
}
