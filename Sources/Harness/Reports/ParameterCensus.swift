import Models
import Networks
import Tasks
import Tensors

/// What a run's model learns, group by group, with the sums a person can check: nothing of it is made to be counted.
struct ParameterCensus: Sendable {
  /// Parameters that belong together: those of one part of the model, or of the same part of equal layers.
  struct Group: Sendable, Equatable {
    /// `embedding`, `layers.*.attention`; a number stands where layers differ.
    let name: String
    /// Extents of each parameter, by the end of its path, in the order of declaration.
    let shapes: [(name: String, extents: [Int])]
    /// How many equal layers have such a group.
    let layers: Int

    /// Of one layer.
    var each: Int { shapes.reduce(0) { $0 + $1.extents.reduce(1, *) } }
    var count: Int { each * layers }

    static func == (one: Group, other: Group) -> Bool {
      one.name == other.name && one.layers == other.layers && one.isAlike(other)
    }

    func isAlike(_ other: Group) -> Bool {
      shapes.count == other.shapes.count
        && zip(shapes, other.shapes).allSatisfy { $0.name == $1.name && $0.extents == $1.extents }
    }
  }

  let groups: [Group]
  /// What the published implementation allocates besides, without using it.
  let unused: [UnusedParameter]

  var count: Int { groups.reduce(0) { $0 + $1.count } }
  var unusedCount: Int { unused.reduce(0) { $0 + $1.count } }

  init(_ run: Specification) {
    let model = run.model
    self = ParameterCensus.of(run, model)
  }

  private static func of<M: SequenceModel>(_ run: Specification, _ model: M.Type) -> ParameterCensus {
    let outline = Parameters.outline()
    let vocabulary = Workload.tokens(of: run).vocabulary
    let configuration = run.configuration(of: M.self)
    _ = M(configuration, vocabulary: vocabulary, in: outline.root)
    return ParameterCensus(
      outline.all.map { ($0.path, $0.value.shape.extents) },
      unused: M.unusedParameters(of: configuration, vocabulary: vocabulary))
  }

  init(_ parameters: [(path: String, extents: [Int])], unused: [UnusedParameter]) {
    self.unused = unused
    var names: [String] = []
    var shapes: [String: [(String, [Int])]] = [:]
    for (path, extents) in parameters {
      let (name, rest) = ParameterCensus.divided(path)
      if shapes[name] == nil { names.append(name) }
      shapes[name, default: []].append((rest, extents))
    }
    groups = ParameterCensus.merged(names.map { Group(name: $0, shapes: shapes[$0] ?? [], layers: 1) })
  }

  /// The group of a parameter and its name there: a part of the model, or a part of one of its layers.
  private static func divided(_ path: String) -> (group: String, rest: String) {
    let words = path.split(separator: ".")
    let isLayer = words.count > 2 && Int(words[1]) != nil
    let depth = isLayer && words.count > 3 ? 3 : isLayer ? 2 : 1
    guard depth < words.count else { return (path, "") }
    return (words[..<depth].joined(separator: "."), words[depth...].joined(separator: "."))
  }

  /// Groups of equal layers as one, where every layer has the same.
  private static func merged(_ groups: [Group]) -> [Group] {
    var merged: [Group] = []
    var seen: Set<String> = []
    for group in groups {
      guard let general = generalized(group.name) else {
        merged.append(group)
        continue
      }
      let alike = groups.filter { generalized($0.name) == general }
      guard alike.allSatisfy(group.isAlike) else {
        merged.append(group)
        continue
      }
      if seen.insert(general).inserted {
        merged.append(Group(name: general, shapes: group.shapes, layers: alike.count))
      }
    }
    return merged
  }

  /// `layers.3.attention` as `layers.*.attention`; nil for what is not of a layer.
  private static func generalized(_ name: String) -> String? {
    var words = name.split(separator: ".").map { String($0) }
    guard words.count > 1, Int(words[1]) != nil else { return nil }
    words[1] = "*"
    return words.joined(separator: ".")
  }
}
