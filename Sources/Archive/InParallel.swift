import Dispatch
import Synchronization

/// What `body` gives for every element, in the order of the elements, by as many threads as there are processors.
///
/// For looking at many files at once, never for HDF5, which is called by one thread at a time. Blocks until all is done.
package func inParallel<Element: Sendable, Found: Sendable>(
  _ elements: [Element], _ body: @Sendable (Element) -> Found
) -> [Found] {
  // Pieces so small that no thread waits long for another's last one.
  let size = 64
  guard elements.count > size else { return elements.map(body) }
  let pieces = (elements.count + size - 1) / size
  let found = Mutex<[[Found]]>(Array(repeating: [], count: pieces))
  DispatchQueue.concurrentPerform(iterations: pieces) { piece in
    let part = elements[piece * size..<min(elements.count, (piece + 1) * size)].map(body)
    found.withLock { $0[piece] = part }
  }
  return found.withLock { $0.flatMap(\.self) }
}
