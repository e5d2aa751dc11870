import CKernels
import Glibc
import Synchronization

/// A fixed pool of threads that share out the outputs of one operation.
///
/// Work is cut into contiguous ranges of outputs by a formula of the count alone, and every kernel's bits are a
/// function of the outputs it computes: so results depend neither on the number of threads nor on which finishes first.
package final class Workers: Sendable {
  package let threads: Int
  private let board = Board()

  package init(threads: Int) {
    require(threads >= 1, "a processor needs at least one thread, not \(threads)")
    self.threads = threads
    for number in 1..<max(threads, 1) where threads > 1 { board.startThread(number) }
  }

  deinit { board.close() }

  /// Calls `body` with ranges that together are 0 ..< `count`; `cost` is about how many operations one output takes.
  ///
  /// Small work stays on the calling thread: waking another costs some microseconds.
  package func share(_ count: Int, cost: Int, _ body: (Range<Int>) -> Void) {
    requireStandardEnvironment()
    let parts = min(threads, max(1, count * max(cost, 1) / 65_536), count)
    guard parts > 1 else {
      if count > 0 { body(0..<count) }
      return
    }
    withoutActuallyEscaping(body) { body in
      run { number in
        guard number < parts else { return }
        body(count * number / parts..<count * (number + 1) / parts)
      }
    }
  }

  /// Runs `body` once on every thread of the pool, the caller being number 0. All compute with the caller's processor.
  private func run(_ body: (Int) -> Void) {
    let processor = Processor.current
    withoutActuallyEscaping(body) { body in
      board.post(for: threads - 1) { number in Processor.$current.withValue(processor) { body(number) } }
      body(0)
      board.waitUntilDone()
    }
  }
}

/// Every thread that computes asks before it does, whoever started it: libraries change the environment now and then.
private func requireStandardEnvironment() {
  require(
    floating_point_environment_is_standard() != 0,
    "a thread's floating-point environment was changed; results would differ")
}

/// Where the threads of a pool see what there is to do. It belongs to the pool and to each of its threads, so whoever
/// leaves last lets go of it.
///
/// Its sendability is unchecked: `work` is written before `generation` moves, and read after.
private final class Board: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let finished = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var work: ((Int) -> Void)?
  /// Pieces of work posted so far; -1 when there will be no more.
  private let generation = Atomic<Int>(0)
  /// Threads that have not done their part of the present piece.
  private let busy = Atomic<Int>(0)
  /// Threads that gave up watching and wait to be woken; and whether the caller does.
  private let sleepers = Atomic<Int>(0)
  private let callerSleeps = Atomic<Bool>(false)

  /// How often one that waits looks before it goes to sleep: some tens of microseconds, about what waking it costs.
  private static let looks = 1_000

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(wake, nil)
    pthread_cond_init(finished, nil)
  }

  deinit {
    pthread_cond_destroy(wake)
    pthread_cond_destroy(finished)
    pthread_mutex_destroy(mutex)
    wake.deallocate()
    finished.deallocate()
    mutex.deallocate()
  }

  func post(for threads: Int, _ work: @escaping (Int) -> Void) {
    require(
      busy.compareExchange(expected: 0, desired: threads, ordering: .sequentiallyConsistent).exchanged,
      "a pool of threads was given work while it was working; give whoever computes at the same time a pool of its own"
    )
    self.work = work
    generation.add(1, ordering: .sequentiallyConsistent)
    wakeSleepers()
  }

  func waitUntilDone() {
    defer { work = nil }
    for _ in 0..<Board.looks {
      if busy.load(ordering: .acquiring) == 0 { return }
      pause_thread()
    }
    pthread_mutex_lock(mutex)
    callerSleeps.store(true, ordering: .sequentiallyConsistent)
    while busy.load(ordering: .sequentiallyConsistent) > 0 { pthread_cond_wait(finished, mutex) }
    callerSleeps.store(false, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }

  func close() {
    generation.store(-1, ordering: .sequentiallyConsistent)
    wakeSleepers()
  }

  /// After `generation` has moved: who watches sees it, who sleeps must be told.
  private func wakeSleepers() {
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(wake)
    pthread_mutex_unlock(mutex)
  }

  func startThread(_ number: Int) {
    let context = Unmanaged.passRetained(Start(board: self, number: number))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { argument in
        let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
        start.board.serve(start.number)
        return nil
      }, context.toOpaque())
    require(status == 0, "no thread number \(number) could be started: \(String(cString: strerror(status)))")
    pthread_detach(thread)
  }

  /// What a new thread needs to know.
  private final class Start {
    let board: Board
    let number: Int

    init(board: Board, number: Int) { (self.board, self.number) = (board, number) }
  }

  /// The life of a thread.
  private func serve(_ number: Int) {
    set_floating_point_environment()
    var seen = 0
    while true {
      seen = next(after: seen)
      if seen < 0 { return }
      // In a scope of its own: the work must be let go of before the caller hears that it is done.
      do {
        let work = self.work
        requireStandardEnvironment()
        work?(number)
      }
      let left = busy.subtract(1, ordering: .sequentiallyConsistent).newValue
      guard left == 0, callerSleeps.load(ordering: .sequentiallyConsistent) else { continue }
      pthread_mutex_lock(mutex)
      pthread_cond_signal(finished)
      pthread_mutex_unlock(mutex)
    }
  }

  /// The generation after `seen`, once there is one.
  private func next(after seen: Int) -> Int {
    for _ in 0..<Board.looks {
      let now = generation.load(ordering: .acquiring)
      if now != seen { return now }
      pause_thread()
    }
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while generation.load(ordering: .sequentiallyConsistent) == seen { pthread_cond_wait(wake, mutex) }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    return generation.load(ordering: .sequentiallyConsistent)
  }
}
