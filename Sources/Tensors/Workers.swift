import CKernels
import Glibc

/// A fixed pool of threads that share out the outputs of one operation.
///
/// Work is cut into contiguous ranges of outputs by a formula of the count alone, and every kernel's bits are a
/// function of the outputs it computes: so results depend neither on the number of threads nor on which finishes first.
package final class Workers: @unchecked Sendable {  // All mutable state is touched under `mutex`.
  package let threads: Int

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let finished = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var generation = 0
  private var waiting = 0
  private var ends = false
  private var body: ((Int) -> Void)?

  package init(threads: Int) {
    require(threads >= 1, "a processor needs at least one thread, not \(threads)")
    self.threads = threads
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(wake, nil)
    pthread_cond_init(finished, nil)
    for number in 1..<max(threads, 1) where threads > 1 { start(number) }
  }

  /// Calls `body` with ranges that together are 0 ..< `count`; `cost` is about how many operations one output takes.
  ///
  /// Small work stays on the calling thread: waking another costs some microseconds.
  package func share(_ count: Int, cost: Int, _ body: (Range<Int>) -> Void) {
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
      pthread_mutex_lock(mutex)
      require(
        self.body == nil,
        "a pool of threads was given work while it was working; give whoever computes at the same time a pool of its own"
      )
      self.body = { number in Processor.$current.withValue(processor) { body(number) } }
      waiting = threads - 1
      generation += 1
      pthread_cond_broadcast(wake)
      pthread_mutex_unlock(mutex)
      body(0)
      pthread_mutex_lock(mutex)
      while waiting > 0 { pthread_cond_wait(finished, mutex) }
      self.body = nil
      pthread_mutex_unlock(mutex)
    }
  }

  private func start(_ number: Int) {
    let context = Unmanaged.passRetained(Start(workers: self, number: number))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { argument in
        let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
        start.loop()
        return nil
      }, context.toOpaque())
    require(status == 0, "no thread number \(number) could be started: \(String(cString: strerror(status)))")
    pthread_detach(thread)
  }

  /// What a new thread needs to know. It does not own the pool, so that an unused pool can end.
  private final class Start {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private unowned(unsafe) let workers: Workers
    private let number: Int

    init(workers: Workers, number: Int) {
      (self.workers, self.number, mutex) = (workers, number, workers.mutex)
    }

    func loop() {
      set_floating_point_environment()
      var seen = 0
      pthread_mutex_lock(mutex)
      while true {
        while workers.generation == seen && !workers.ends { pthread_cond_wait(workers.wake, mutex) }
        if workers.ends { break }
        seen = workers.generation
        // In a scope of its own: the work must be let go of before the caller hears that it is done.
        do {
          let body = workers.body
          pthread_mutex_unlock(mutex)
          require(
            floating_point_environment_is_standard() != 0,
            "a thread's floating-point environment was changed; results would differ")
          body?(number)
        }
        pthread_mutex_lock(mutex)
        workers.waiting -= 1
        if workers.waiting == 0 { pthread_cond_signal(workers.finished) }
      }
      workers.waiting -= 1
      pthread_cond_signal(workers.finished)
      pthread_mutex_unlock(mutex)
    }
  }

  deinit {
    pthread_mutex_lock(mutex)
    ends = true
    waiting = threads - 1
    pthread_cond_broadcast(wake)
    while waiting > 0 { pthread_cond_wait(finished, mutex) }
    pthread_mutex_unlock(mutex)
    pthread_cond_destroy(wake)
    pthread_cond_destroy(finished)
    pthread_mutex_destroy(mutex)
    wake.deallocate()
    finished.deallocate()
    mutex.deallocate()
  }
}
