import Archive
import Foundation

/// An oracle file, opened: configuration, arrays by path, weights in this program's layout.
struct OracleFile {
  let name: String
  var root: Group
  private let configuration: [String: Double]
  private let lists: [String: [Double]]

  init(_ path: String) throws(OracleError) {
    name = path.split(separator: "/").last.map { String($0) } ?? path
    do throws(ArchiveError) {
      root = try HDF5.read(path)
    } catch {
      throw .file(path, error.description)
    }
    guard root.attribute("format")?.text?.hasPrefix("sequence-model oracle") == true else {
      throw .file(path, "its attribute \"format\" does not say so")
    }
    configuration = try OracleFile.numbers(in: root.attribute("config")?.text, path)
    lists = try OracleFile.object(in: root.attribute("config")?.text, path).compactMapValues {
      $0 as? [Double]
    }
  }

  /// The model's public name.
  var model: String { root.attribute("model")?.text ?? "" }

  func has(_ path: String) -> Bool { root[path] != nil }

  /// A text attribute of the file.
  func text(_ attribute: String) -> String? { root.attribute(attribute)?.text }

  /// The names in a group, in order.
  func names(in path: String) throws(OracleError) -> [String] {
    guard let group = root.group(path) else { throw .missing(file: name, what: "group \(path)") }
    return group.names
  }

  /// A number of the public configuration, under its own key.
  func setting(_ key: String) throws(OracleError) -> Double {
    guard let value = configuration[key] else { throw .missing(file: name, what: "setting \(key)") }
    return value
  }

  func integer(_ key: String) throws(OracleError) -> Int {
    guard let value = Int(exactly: try setting(key)) else {
      throw .file(name, "its setting \(key) is not a whole number")
    }
    return value
  }

  /// Numbers of the public configuration that stand in a list.
  func list(_ key: String) throws(OracleError) -> [Double] {
    guard let values = lists[key] else { throw .missing(file: name, what: "list \(key) among its settings") }
    return values
  }

  /// Numbers of a JSON attribute such as `sizes` or `training`.
  func numbers(_ attribute: String) throws(OracleError) -> [String: Double] {
    try OracleFile.numbers(in: root.attribute(attribute)?.text, name)
  }

  func doubles(_ path: String) throws(OracleError) -> [Double] {
    guard let values = root.dataset(path)?.elements.doubles else { throw .missing(file: name, what: path) }
    return values
  }

  func integers(_ path: String) throws(OracleError) -> [Int] {
    guard let values = root.dataset(path)?.elements.integers else { throw .missing(file: name, what: path) }
    return values
  }

  func shape(_ path: String) throws(OracleError) -> [Int] {
    guard let dataset = root.dataset(path) else { throw .missing(file: name, what: path) }
    return dataset.shape
  }

  /// The arrays of a group of parameters (`weights`, `gradients`), under this program's names and in its layout:
  /// matrices are [inputs, outputs] here.
  func parameters(_ group: String, named names: [String: String]) throws(OracleError) -> [String: [Double]] {
    var arrays: [String: [Double]] = [:]
    for (path, publicName) in names {
      guard let dataset = root.dataset("\(group)/\(publicName)"), let values = dataset.elements.doubles else {
        continue  // Without a gradient there is no dataset; weights are counted by the caller.
      }
      let layout = root.dataset("weights/\(publicName)")?.attribute("layout")?.text
      arrays[path] =
        switch layout {
        case "out_in": OracleFile.permuted(values, dataset.shape, [1, 0])
        // A convolution's inputs are those of all taps, the earliest first.
        case "out_in_tap": OracleFile.permuted(values, dataset.shape, [2, 1, 0])
        // Heads lie side by side.
        case "head_place_width": OracleFile.permuted(values, dataset.shape, [1, 0, 2])
        default: values
        }
    }
    return arrays
  }

  /// The numbers of an array with its axes in another order: axis i of the result was axis `order[i]`.
  private static func permuted(_ values: [Double], _ shape: [Int], _ order: [Int]) -> [Double] {
    let strides = shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
    var places = [0]
    for axis in order {
      places = places.flatMap { place in (0..<shape[axis]).map { place + $0 * strides[axis] } }
    }
    return places.map { values[$0] }
  }

  private static func numbers(in text: String?, _ file: String) throws(OracleError) -> [String: Double] {
    try object(in: text, file).compactMapValues { ($0 as? NSNumber)?.doubleValue }
  }

  private static func object(in text: String?, _ file: String) throws(OracleError) -> [String: Any] {
    guard let text, let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    else {
      throw .file(file, "its configuration is not a JSON object")
    }
    return object
  }
}
