import Glibc
package import Records

/// Taking things out of a store, in one step each: a run is renamed away before it is deleted, so that it is there whole
/// or not there. Who is killed in between leaves it in `trash/`, which nobody reads.
extension Store {
  static let trashName = "trash"

  /// Removes a run with everything that was computed of it. One that is not there is removed already.
  ///
  /// - Returns: false where somebody works on it: then nothing is touched.
  package func remove(_ id: Digest) throws(ArchiveError) -> Bool {
    let place = run(id)
    guard Folder.exists(place.path) else { return true }
    try place.refuseLinks()
    guard let lock = try Claim.take(place.lockPath) else { return false }
    defer { _ = flock(lock.number, LOCK_UN) }
    try discard(place.path)
    return true
  }

  /// Removes an object; one that is not there is removed already.
  package func remove(_ object: StoredObject) throws(ArchiveError) {
    let path = place(of: object)
    guard Folder.exists(path) else { return }
    try Folder.remove(path)
    try synchronizeFolder(folder(of: path))
  }

  /// Renames a folder of the store away, then deletes it.
  func discard(_ path: String) throws(ArchiveError) {
    let trash = "\(root)/\(Store.trashName)"
    try Folder.make(trash)
    let number = String(UInt32.random(in: .min ... .max), radix: 16)
    let aside = "\(trash)/\(name(of: path))-\(getpid())-\(number)"
    guard rename(path, aside) == 0 else { throw ArchiveError.system(path, "moving it away", errno) }
    try synchronizeFolder(folder(of: path))
    try synchronizeFolder(trash)
    try Folder.removeWhole(aside)
  }

  /// What lies in the trash: its path and its bytes.
  func trash() throws(ArchiveError) -> [(path: String, bytes: Int)] {
    try Folder.names(in: "\(root)/\(Store.trashName)").map { name in
      let path = "\(root)/\(Store.trashName)/\(name)"
      return (path, StoreSizes.bytes(of: path))
    }
  }
}
