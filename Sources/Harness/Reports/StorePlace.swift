import Foundation

/// Where a store was looked for and is not.
package enum StorePlace {
  /// `there is no store at Results/store (in /home/a/project/Experiments); /home/a/project has one: go there, or …`
  ///
  /// A relative path begins in the current folder, and whoever is in a folder of the project means the project's store.
  package static func absence(of path: String, from folder: String = FileManager.default.currentDirectoryPath)
    -> String
  {
    guard !path.hasPrefix("/") else { return "there is no store at \(path)" + near(path, from: folder) }
    let start = "there is no store at \(path) (in \(folder))"
    if let other = above(path, from: folder) {
      return "\(start); \(other.folder) has one: go there, or add `--store \(other.store)`"
    }
    return start + near(path, from: folder)
  }

  /// What to say where a store is about to be made, and a folder above has one that may have been meant; else nil.
  package static func noteOnMaking(
    _ path: String, from folder: String = FileManager.default.currentDirectoryPath
  ) -> String? {
    guard !path.hasPrefix("/"), let other = above(path, from: folder) else { return nil }
    return
      "a new store is made at \(path) (in \(folder)); \(other.folder) has one, which `--store \(other.store)` names."
  }

  /// The nearest folder above that has a store at the same path.
  private static func above(_ path: String, from folder: String) -> (folder: String, store: String)? {
    var parent = folder
    while let slash = parent.lastIndex(of: "/"), parent != "/" {
      parent = slash == parent.startIndex ? "/" : String(parent[..<slash])
      let other = (parent == "/" ? "" : parent) + "/" + path
      if fileKind(at: other + "/VERSION") == .typeRegular { return (parent, other) }
    }
    return nil
  }

  private static func near(_ path: String, from folder: String) -> String {
    guard let near = nearestFile(to: path, from: folder, kind: .typeDirectory) else {
      return "; `mneme run` makes one, `--store` names another"
    }
    return "; did you mean \(near)? `mneme run` makes one, `--store` names another"
  }
}
