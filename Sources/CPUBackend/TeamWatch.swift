import CLoops
import Glibc

/// Looks after how long the threads of this process wait for CPUs, if they have been pinned.
final class TeamWatch {
  private var size: TeamSize
  private var isWatching = false
  private var last: (time: Double, waited: Int64) = (0, 0)

  init(threads: Int) { size = TeamSize(full: threads) }

  var full: Int { size.full }

  /// From now on `threads` may become fewer. Does nothing where waiting cannot be seen.
  func watch() {
    let waited = loops_waited_for_cpu()
    isWatching = size.full > 1 && waited >= 0
    last = (Self.now(), waited)
  }

  /// The number of threads of the next step.
  func threads() -> Int {
    guard isWatching else { return size.full }
    let now = Self.now()
    guard now - last.time >= TeamSize.window else { return size.current }
    let waited = loops_waited_for_cpu(), before = size.current
    // Less than before: a thread is gone, and its time with it.
    if waited >= last.waited {
      size.update(
        waited: Double(waited - last.waited) / 1e9, seconds: now - last.time, now: now)
    }
    last = (now, waited)
    if before == size.full, size.current < size.full {
      loops_unpin_threads(Int32(size.full))
    } else if before < size.full, size.current == size.full {
      loops_pin_threads(Int32(size.full))
    }
    return size.current
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
