// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, 2011), eight counters at a time, in the low halves of 64-bit
// lanes. What the high halves hold is never looked at.

// The words of eight counters: 32, in order.
INLINE void philox(uint32_t *out, const random_place *place, pairs counter) {
  const pairs low_half = (pairs)0xffffffffu;
  pairs c0 = counter, c1 = ((counter >> 32) & 0xffffffu) | (uint64_t)place->purpose << 24;
  pairs c2 = (pairs)(uint64_t)place->step, c3 = (pairs)(uint64_t)place->site;
  uint32_t k0 = place->key[0], k1 = place->key[1];
  for (int round = 0; round < 10; round++, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u) {
    const pairs first = (c0 & low_half) * 0xD2511F53u, second = (c2 & low_half) * 0xCD9E8D57u;
    c0 = (second >> 32) ^ c1 ^ (uint64_t)k0;
    c1 = second;
    c2 = (first >> 32) ^ c3 ^ (uint64_t)k1;
    c3 = first;
  }
  const pairs front = (c0 & low_half) | c1 << 32, back = (c2 & low_half) | c3 << 32;
  pairs *to = (pairs *)out;
  to[0] = shuffle(front, back, 0, 8, 1, 9, 2, 10, 3, 11);
  to[1] = shuffle(front, back, 4, 12, 5, 13, 6, 14, 7, 15);
}

INLINE void philox_from(uint32_t *out, const random_place *place, uint64_t first) {
  philox(out, place, (pairs)first + (pairs){0, 1, 2, 3, 4, 5, 6, 7});
}

INLINE void philox_at(uint32_t *out, const random_place *place, const uint64_t counters[8]) {
  philox(out, place, *(const pairs *)counters);
}

// One piece of a long row of random words: PIECE wanted, and room for the words around them.
enum { GROUP = 32, PIECE = 512 };

// Writes the words of elements first...first+n-1, rounded outward to whole groups, and returns where `first`
// stands.
INLINE const uint32_t *piece_of_words(uint32_t room[PIECE + 2 * GROUP], const random_place *place,
                                      uint64_t first, ptrdiff_t n) {
  const ptrdiff_t skip = (ptrdiff_t)(first % 4);
  for (ptrdiff_t i = 0; i < skip + n; i += GROUP) philox_from(room + i, place, first / 4 + (uint64_t)i / 4);
  return room + skip;
}

static void random_words(uint32_t *out, const random_place *place, uint64_t first, ptrdiff_t n) {
  uint32_t room[PIECE + 2 * GROUP];
  for (ptrdiff_t done = 0; done < n; done += PIECE) {
    const ptrdiff_t count = n - done < PIECE ? n - done : PIECE;
    const uint32_t *words_here = piece_of_words(room, place, first + (uint64_t)done, count);
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
  for (ptrdiff_t done = 0; done < n; done += PIECE) {
    const ptrdiff_t count = n - done < PIECE ? n - done : PIECE;
    keep(out + done, x + done, piece_of_words(room, mask->place, first + (uint64_t)done, count), mask, count);
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
  const random_place place = *mask->place;  // a copy, which nothing written to x can change
  const dropout_mask same = *mask;
  for (ptrdiff_t r = 0; r < rows; r++, x += x_row, first += (uint64_t)mask_row)
    for (ptrdiff_t j = 0; j < columns; j += GROUP) {
      uint32_t room[GROUP];
      philox_from(room, &place, (first + (uint64_t)j) / 4);
      keep(x + j, x + j, room, &same, columns - j < GROUP ? columns - j : GROUP);
    }
}

static void dropout(float *out, const float *x, const dropout_mask *mask, ptrdiff_t n) {
  if (mask->place) drop(out, x, mask, mask->first_element, n);
  else OVER(n, store(out + i, load(x + i, left), left));
}
