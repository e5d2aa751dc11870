import CKernels

/// What random numbers are for: the highest eight bits of their address. Raw values are part of the numerics.
package enum Purpose: UInt32, Sendable, CaseIterable {
  case initialization = 1
  case dropout = 2
  case shuffle = 3
  case data = 4
  case memory = 5
}

/// FNV-1a (32 bit) of the UTF-8 of a path: the site at which a parameter or a layer looks up its numbers.
package func siteHash(_ path: String) -> UInt32 {
  path.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
}

/// A place in the space of random numbers, which are looked up and never drawn.
///
/// The same place always holds the same numbers: Philox4x32-10 (Salmon et al., 2011) with the seed as key, and a
/// counter that names the place. A run that resumes, skips a step, changes its threads or adds a layer therefore
/// disturbs nothing else, and there is no state to store.
///
///     counter word   0                    1                                 2      3
///                    low (element / 4)    purpose << 24 | high (element/4)  step   site
///
/// Element `e` is output word `e mod 4` of that counter. Elements have 58 bits.
package struct Place: Sendable, Equatable {
  package let seed: UInt64
  package let purpose: Purpose
  package let site: UInt32
  package let step: UInt32

  package init(seed: UInt64, purpose: Purpose, site: UInt32, step: UInt32) {
    self.seed = seed
    self.purpose = purpose
    self.site = site
    self.step = step
  }

  /// The 32 random bits of `element`.
  package func word(_ element: UInt64) -> UInt32 {
    require(element < 1 << 58, "random element \(element) is beyond 58 bits")
    let quarter = element >> 2
    let counter: SIMD4<UInt32> = [
      UInt32(truncatingIfNeeded: quarter),
      purpose.rawValue << 24 | UInt32(truncatingIfNeeded: quarter >> 32),
      step,
      site,
    ]
    return philox(counter, key: [UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)])[
      Int(element & 3)]
  }

  /// The words of `count` consecutive elements.
  package func words(first: UInt64, count: Int) -> [UInt32] {
    require(first + UInt64(count) <= 1 << 58, "random element \(first) + \(count) is beyond 58 bits")
    return [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
      var place = address
      if let out = buffer.baseAddress { Processor.current.kernels.random_words(out, &place, first, count) }
      initialized = count
    }
  }

  /// The place in the form that kernels read.
  var address: random_place {
    random_place(
      key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)),
      site: site, step: step, purpose: purpose.rawValue)
  }

  /// Uniform in [0, 1), a multiple of 2⁻⁵³, from the words of elements 2 `element` and 2 `element` + 1.
  package func uniform(_ element: UInt64) -> Double {
    Place.uniform(word(2 * element), word(2 * element + 1))
  }

  /// `uniform` of the elements from `first` on.
  package func uniforms(first: UInt64, count: Int) -> [Double] {
    let words = words(first: 2 * first, count: 2 * count)
    return (0..<count).map { Place.uniform(words[2 * $0], words[2 * $0 + 1]) }
  }

  private static func uniform(_ high: UInt32, _ low: UInt32) -> Double {
    Double(UInt64(high >> 5) << 26 | UInt64(low >> 6)) * 0x1p-53
  }

  /// Uniform in 0 ..< `bound`, exactly (Lemire, 2019). A refused word is replaced by that of the element 2⁴⁰ further
  /// on, so `element` must stay below 2⁴⁰.
  package func below(_ bound: UInt32, element: UInt64) -> UInt32 {
    require(bound > 0, "a random number below 0 does not exist")
    require(element < 1 << 40, "random element \(element) leaves no room for another try")
    var product = UInt64(word(element)) * UInt64(bound)
    let threshold = (0 &- bound) % bound
    var element = element
    while UInt32(truncatingIfNeeded: product) < threshold {
      element += 1 << 40
      product = UInt64(word(element)) * UInt64(bound)
    }
    return UInt32(product >> 32)
  }
}

/// 0 ..< `count` in an order that depends on the place alone (Fisher–Yates).
package func shuffled(_ count: Int, at place: Place) -> [Int] {
  var order = Array(0..<count)
  for last in stride(from: count - 1, to: 0, by: -1) {
    order.swapAt(last, Int(place.below(UInt32(last + 1), element: UInt64(last))))
  }
  return order
}

/// Philox4x32-10: a bijection of 128-bit counters, keyed by 64 bits.
package func philox(_ counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
  var (counter, key) = (counter, key)
  for round in 0..<10 {
    if round > 0 { key &+= [0x9E37_79B9, 0xBB67_AE85] }
    let even = UInt64(counter[0]) * 0xD251_1F53
    let odd = UInt64(counter[2]) * 0xCD9E_8D57
    counter = [
      UInt32(truncatingIfNeeded: odd >> 32) ^ counter[1] ^ key[0],
      UInt32(truncatingIfNeeded: odd),
      UInt32(truncatingIfNeeded: even >> 32) ^ counter[3] ^ key[1],
      UInt32(truncatingIfNeeded: even),
    ]
  }
  return counter
}
