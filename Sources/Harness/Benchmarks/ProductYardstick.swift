/// Another program that computes the same matrix products.
///
/// It is called with `--matmul --threads N --json` and prints one line of JSON for each product.
package struct ProductYardstick: Sendable {
  package let command: String
  private let threads: Int

  package init(command: String, threads: Int) { (self.command, self.threads) = (command, threads) }

  /// `{"shape": "2048x512x1536", "what": "forward x W'", "gflops": 87.0}`: the first word of `what` says which product.
  struct Answer: Decodable, Sendable {
    let shape: String
    let what: String
    let gflops: Double
  }

  package func measure() async throws -> [ProductRate] {
    let child = MeasuringProcess(command: command, ["--matmul", "--threads", "\(threads)", "--json"])
    let expected = "a line of JSON with `shape`, `what` and `gflops` for each product"
    return try await child.answers(Answer.self, expected: expected).map {
      ProductRate(shape: $0.shape, product: $0.what, gigaflops: $0.gflops)
    }
  }
}

/// How fast somebody computes one product.
package struct ProductRate: Sendable {
  let shape: String
  let product: String
  let gigaflops: Double
}

extension BenchmarkTable {
  /// A table of products with a yardstick's rates beside it: the medians of its rounds.
  package func beside(_ rounds: [[ProductRate]], of command: String) throws -> BenchmarkTable {
    func key(_ shape: String, _ product: String) -> String {
      "\(shape) \(product.prefix { $0 != " " })"
    }
    var rates: [String: [Double]] = [:]
    for rate in rounds.joined() { rates[key(rate.shape, rate.product), default: []].append(rate.gigaflops) }
    let others = rows.compactMap { row -> [String: Cell]? in
      guard case .text(let shape)? = row.cells["shape"], case .text(let product)? = row.cells["product"],
        let rate = rates[key(shape, product)]
      else { return nil }
      return ["shape": .text(shape), "product": .text(product), "gigaflops": .number(median(rate))]
    }
    var table = try joined(others, as: "theirs", of: command)
    table.notes.append("theirs: \(command); ×: our rate divided by theirs")
    return table
  }
}
