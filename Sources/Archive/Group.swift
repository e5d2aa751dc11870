/// What an HDF5 file holds, as a value: attributes, and named groups and datasets in order.
package struct Group: Sendable, Equatable {
  package var attributes: [Attribute]
  package var members: [Member]

  package init(attributes: [Attribute] = [], members: [Member] = []) {
    self.attributes = attributes
    self.members = members
  }

  /// A named thing in a group.
  package struct Member: Sendable, Equatable {
    package let name: String
    package var item: Item

    package init(_ name: String, _ item: Item) {
      self.name = name
      self.item = item
    }
  }

  /// A group or a dataset.
  package enum Item: Sendable, Equatable {
    case group(Group)
    case dataset(Dataset)
  }

  /// The thing at a path such as `segments/0/logits`, counted from this group; nil if there is none.
  package subscript(_ path: String) -> Item? {
    var item = Item.group(self)
    for name in path.split(separator: "/") {
      guard case .group(let group) = item,
        let member = group.members.first(where: { $0.name == name })
      else { return nil }
      item = member.item
    }
    return item
  }

  /// The dataset at a path, if there is one.
  package func dataset(_ path: String) -> Dataset? {
    if case .dataset(let dataset)? = self[path] { dataset } else { nil }
  }

  /// The group at a path, if there is one.
  package func group(_ path: String) -> Group? {
    if case .group(let group)? = self[path] { group } else { nil }
  }

  /// The value of this group's attribute of a name, if it has one.
  package func attribute(_ name: String) -> Attribute? {
    attributes.first { $0.name == name }
  }

  /// The names of the members, in order.
  package var names: [String] { members.map(\.name) }

  /// Adds a member at a path, making the groups on the way; what stands there already is replaced.
  package mutating func set(_ item: Item, at path: some StringProtocol) {
    let parts = path.split(separator: "/", maxSplits: 1)
    guard let name = parts.first.map({ String($0) }) else { return }
    let index = members.firstIndex { $0.name == name }
    guard parts.count == 2 else {
      if let index { members[index].item = item } else { members.append(Member(name, item)) }
      return
    }
    var inner = Group()
    if let index, case .group(let present) = members[index].item { inner = present }
    inner.set(item, at: parts[1])
    if let index { members[index].item = .group(inner) } else { members.append(Member(name, .group(inner))) }
  }

  /// All datasets below this group with their paths, in order.
  package var datasets: [(path: String, dataset: Dataset)] {
    members.flatMap { member -> [(path: String, dataset: Dataset)] in
      switch member.item {
      case .dataset(let dataset): [(member.name, dataset)]
      case .group(let group): group.datasets.map { (member.name + "/" + $0.path, $0.dataset) }
      }
    }
  }
}

/// Numbers with a shape and attributes.
package struct Dataset: Sendable, Equatable {
  /// Extents, slowest first; empty for a single value.
  package var shape: [Int]
  package var elements: Elements
  package var attributes: [Attribute]
  /// Whether the file holds them shuffled and deflated.
  package var compressed: Bool
  /// The name of the dimension this dataset is the scale of; nil for an ordinary dataset.
  package var scaleName: String?
  /// For every dimension the absolute path of its scale, or nil; an empty list stands for no scales.
  package var dimensions: [String?]

  package init(
    shape: [Int], _ elements: Elements, attributes: [Attribute] = [], compressed: Bool = false,
    scaleName: String? = nil, dimensions: [String?] = []
  ) {
    self.shape = shape
    self.elements = elements
    self.attributes = attributes
    self.compressed = compressed
    self.scaleName = scaleName
    self.dimensions = dimensions
  }

  /// The value of the attribute of a name, if there is one.
  package func attribute(_ name: String) -> Attribute? {
    attributes.first { $0.name == name }
  }
}
