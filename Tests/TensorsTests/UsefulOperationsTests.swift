import Testing

@testable import Tensors

@Suite struct UsefulOperationsTests {
  private func counted(_ body: () -> Tensor) -> Double { UsefulOperations.counted { _ = body() } }

  @Test func `a product counts a multiplication and an addition for every pair of factors`() {
    let (x, weight) = (Tensor([30, 50], repeating: 1), Tensor([50, 70], repeating: 1))
    #expect(counted { x.mapped(by: weight) } == 2 * 30 * 50 * 70)
    let both = counted {
      let tape = Tape()
      let (x, weight) = (tape.watch(x), tape.watch(weight))
      return tape.gradients(of: x.mapped(by: weight).sum(), for: [x, weight])[0]!
    }
    #expect(both == 3 * 2 * 30 * 50 * 70)
  }

  @Test func `masked pairs of attention are not counted`() {
    let (B, L, D) = (3, 5, 8)
    let x = Tensor([B, L, 3 * D], repeating: 1)
    let causal = Attention(heads: 2, scale: 1, isCausal: true, dropout: nil)
    let pairs = Double(B * L * (L + 1) / 2)
    #expect(counted { causal(queryKeyValue_BLE: x) } == 2 * 2 * pairs * Double(D))
    let free = Attention(heads: 2, scale: 1, isCausal: false, dropout: nil)
    let (query, memory) = (Tensor([B, L, D], repeating: 1), Tensor([B, 4, 2 * D], repeating: 1))
    let seen = counted {
      free(query_BLD: query, keyValue_BME: memory, visible: [4, 0, 1]).context_BLD
    }
    #expect(seen == Double(2 * 2 * L * 5 * D))
  }
}
