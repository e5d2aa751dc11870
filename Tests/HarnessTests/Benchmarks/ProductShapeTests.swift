import Expectations
import Tensors
import Testing

@testable import Harness

@Suite struct ProductShapeTests {
  @Test func `every shape of the yardstick's table is there in three products`() {
    let shapes = ProductShape.all.map(\.shape)
    #expect(shapes.count == 3 * (13 + 4))
    for shape in ["2048x512x1536", "8192x2048x512", "1024x64x64", "2048x512x128"] {
      #expect(shapes.count { $0 == shape } == 3, "\(shape)")
    }
    for shape in ["64 of 256x64x256", "64 of 1024x1024x64", "64 of 32x32x32", "128 of 64x64x32"] {
      #expect(shapes.contains(shape), "\(shape)")
    }
  }

  @Test func `the three products of a map have equally many operations`() {
    for product in ProductShape.map(6, 4, 10) { #expect(product.products.operations == 2 * 6 * 4 * 10) }
    for product in ProductShape.heads(3, 6, 4) { #expect(product.products.operations == 2 * 3 * 6 * 4 * 6) }
  }

  @Test func `what is timed is the product of its shape`() {
    for product in ProductShape.map(6, 4, 10) + ProductShape.heads(3, 6, 4) {
      let products = product.products
      let (a, b) = products.operands
      let found = products.computed(a, b).values
      #expect(found.count == products.count * products.M * products.N)
      let expected = Self.stated(products, a.values, b.values)
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(product.shape) \(product.use)")
      guard let library = OpenBLAS(threads: 1) else { continue }
      let other = products.computed(a, b, by: library).values
      #expect(zip(other, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(product.shape) \(product.use)")
    }
  }

  @Test func `threads share the rows of a batch without changing a bit`() {
    let products = Products(.secondTransposed, count: 5, M: 130, K: 40, N: 70)
    let (a, b) = products.operands
    let one = products.computed(a, b).values
    let three = Processor.$current.withValue(Processor(.best, threads: 3)) { products.computed(a, b).values }
    expectSameBits(one, three)
  }

  @Test func `matmul says what it measured, and whether OpenBLAS is there`() {
    let table = MatrixProductBenchmark(ProductShape.map(8, 4, 6) + ProductShape.heads(2, 4, 2), tries: 1) {
      _ in
    }
    .table
    let lines = table.text.split(separator: "\n")
    #expect(lines.count == 2 + 1 + 6)
    let isInstalled = OpenBLAS(threads: 1) != nil
    #expect(lines[1].contains(isInstalled ? "OpenBLAS: installed" : "OpenBLAS: not installed"))
    #expect(lines[3].hasPrefix("8x4x6       forward x W "))
    #expect(
      table.rows.allSatisfy { if case .number(let rate)? = $0.cells["gigaflops"] { rate > 0 } else { false } }
    )
  }

  private static func stated(_ products: Products, _ a: [Float], _ b: [Float]) -> [Float] {
    let (M, K, N) = (products.M, products.K, products.N)
    return (0..<products.count * M * N).map { place in
      let (product, i, j) = (place / (M * N), place / N % M, place % N)
      return (0..<K).reduce(0) { sum, k in
        let x = a[product * M * K + (products.form == .firstTransposed ? k * M + i : i * K + k)]
        return sum + x * b[product * K * N + (products.form == .secondTransposed ? j * K + k : k * N + j)]
      }
    }
  }
}
