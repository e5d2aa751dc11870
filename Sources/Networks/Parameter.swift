package import Tensors

/// A learned tensor with the path it is known by in checkpoints, logs and oracle files.
package final class Parameter {
  /// Dotted, from the model's root: `layers.3.attention.input.weight`.
  package let path: String
  /// The numbers as a constant. The optimizer changes them in place.
  package let value: Tensor
  private unowned let owner: Parameters

  fileprivate init(path: String, value: Tensor, owner: Parameters) {
    self.path = path
    self.value = value
    self.owner = owner
  }

  /// What a layer computes with: watched while gradients are being taken, a constant otherwise.
  package var tensor: Tensor { owner.read(self) }
}

/// Everything a model learns, in the order of declaration.
package final class Parameters {
  package let seed: UInt64
  package private(set) var all: [Parameter] = []

  private let stored: [String: [Float]]?
  private let isOutline: Bool
  private var paths: Set<String> = []
  private var sites: [UInt32: String] = [:]
  private var tape: Tape?
  private var watched: [ObjectIdentifier: Tensor] = [:]

  /// - seed: Initial values are looked up by it, the path and the shape, so models that share a parameter start equal.
  /// - stored: Values by path that a model starts from instead; it must have one for every parameter declared.
  package init(seed: UInt64, stored: [String: [Float]]? = nil) {
    self.seed = seed
    self.stored = stored
    isOutline = false
  }

  private init() { (seed, stored, isOutline) = (0, nil, true) }

  /// Parameters of which only paths and shapes mean anything: to count and to list those of a model of any size
  /// costs next to nothing.
  package static func outline() -> Parameters { Parameters() }

  package var root: Scope { Scope(path: "", parameters: self) }

  /// How many numbers are learned.
  package var count: Int { all.reduce(0) { $0 + $1.value.shape.count } }

  package subscript(_ path: String) -> Parameter? { all.first { $0.path == path } }

  func declare(_ path: String, _ shape: Shape, _ initialization: Initialization) -> Parameter {
    require(paths.insert(path).inserted, "the parameter \(path) is declared twice")
    let place = Place(seed: seed, purpose: .initialization, site: registerSite(path), step: 0)
    if isOutline {
      all.append(Parameter(path: path, value: Tensor(unwritten: shape), owner: self))
      return all[all.count - 1]
    }
    if let stored { require(stored[path] != nil, "the stored parameters have no \(path)") }
    let values = stored?[path] ?? initialization.values(shape, at: place)
    let parameter = Parameter(path: path, value: Tensor(shape, values), owner: self)
    all.append(parameter)
    return parameter
  }

  /// The address of a path's random numbers. Two paths with one address would share numbers, so that is refused.
  func registerSite(_ path: String) -> UInt32 {
    let site = siteHash(path)
    if let other = sites[site] {
      fatalError("\(path) and \(other) have the same site hash, or are one site twice; rename one")
    }
    sites[site] = path
    return site
  }

  fileprivate func read(_ parameter: Parameter) -> Tensor {
    guard let tape else { return parameter.value }
    if let tensor = watched[ObjectIdentifier(parameter)] { return tensor }
    let tensor = tape.watch(parameter.value)
    watched[ObjectIdentifier(parameter)] = tensor
    return tensor
  }

  /// A loss and its gradient for every parameter, in the order of `all`; nil for those it does not depend on.
  ///
  /// Only inside `loss` do parameters read as watched: whatever is computed elsewhere is a constant, so a segment
  /// without labels costs no tape and no gradient crosses a segment.
  package func gradients(of loss: () -> Tensor) -> (loss: Tensor, gradients: [Tensor?]) {
    require(tape == nil, "gradients are being taken already")
    let tape = Tape()
    self.tape = tape
    let loss = loss()
    self.tape = nil
    let leaves = all.map { watched[ObjectIdentifier($0)] }
    watched = [:]
    let found = tape.gradients(of: loss, for: leaves.compactMap { $0 })
    var next = found.makeIterator()
    return (loss.detached, leaves.map { leaf in leaf == nil ? nil : next.next() ?? nil })
  }

  /// Runs `body` with parameters read as constants, also inside `gradients`.
  package func withoutGradient<R>(_ body: () -> R) -> R {
    let suspended = tape
    tape = nil
    defer { tape = suspended }
    return body()
  }
}

/// A place in a model's tree of names, where a layer declares what it learns.
package struct Scope {
  package let path: String
  private let parameters: Parameters

  init(path: String, parameters: Parameters) {
    self.path = path
    self.parameters = parameters
  }

  package subscript(_ name: String) -> Scope {
    Scope(path: path.isEmpty ? name : "\(path).\(name)", parameters: parameters)
  }
  package subscript(_ index: Int) -> Scope { self[String(index)] }

  package func parameter(_ name: String, _ shape: Shape, _ initialization: Initialization) -> Parameter {
    parameters.declare(self[name].path, shape, initialization)
  }

  /// The address of this place's random numbers.
  package func site() -> UInt32 { parameters.registerSite(path) }
}
