/// The entry of a name, or all where none is named.
///
/// - Parameter unknown: what to throw for a name that nothing has, given the names there are.
func chosen<Entry>(
  _ name: String?, of entries: [Entry], by nameOf: KeyPath<Entry, String>,
  unknown: (_ name: String, _ known: [String]) -> any Error
) throws -> [Entry] {
  guard let name else { return entries }
  guard let entry = entries.first(where: { $0[keyPath: nameOf] == name }) else {
    throw unknown(name, entries.map { $0[keyPath: nameOf] })
  }
  return [entry]
}
