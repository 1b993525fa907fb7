import Glibc
import Plans
import Synchronization

/// The sentence that this process leaves if an OpenCL driver ends it: by a crash, or by a call of `exit`.
enum LastWords {
  /// A sentence for each signal of `deaths`, then one for `exit`; replaced as a whole, and never freed,
  /// as a handler may be reading it.
  private typealias Sentences = UnsafeMutablePointer<UnsafeMutablePointer<CChar>>
  private static let sentences = Atomic<UInt>(0)
  private static let deaths: [(signal: Int32, name: String)] = [
    (SIGSEGV, "SIGSEGV"), (SIGABRT, "SIGABRT"), (SIGBUS, "SIGBUS"), (SIGFPE, "SIGFPE"),
    (SIGILL, "SIGILL"),
  ]

  /// To be called when a device is used from now on. Another process tells the end of one for `doctor`,
  /// and a launcher that of a rank, which MPI may end, too.
  /// - Parameters:
  ///   - work: such as `dense was checked`.
  ///   - advice: what else can be done.
  static func prepare(on device: DeviceInformation, work: String, advice: String = "") {
    guard device.kind != .native, !DoctorProcess.isHere, RankedProcess.launch == nil else {
      return sentences.store(0, ordering: .sequentiallyConsistent)
    }
    let isFirst = sentences.load(ordering: .sequentiallyConsistent) == 0
    let causes = deaths.map(\.name) + ["a call of exit"]
    let all = Sentences.allocate(capacity: causes.count)
    for (place, cause) in causes.enumerated() {
      // Swift's own checks end a process by it, too.
      let fault = cause == "SIGILL" ? "in aegpu or" : "most likely"
      let sentence =
        "\naegpu: \(cause) ended the process while \(work) on device \(device.identifier) "
        + "(\(device.name.printable(nil))), \(fault) in its driver \(device.driver.printable(nil)); "
        + "update the driver, or choose another device with --device\(advice)\n"
      (all + place).initialize(to: strdup(sentence))
    }
    sentences.store(UInt(bitPattern: all), ordering: .sequentiallyConsistent)
    if isFirst { listen() }
  }

  /// The end of the process is its own from now on.
  static func end() { sentences.store(0, ordering: .sequentiallyConsistent) }

  private static func listen() {
    for (signal, _) in deaths {
      var action = sigaction()
      sigaction(signal, nil, &action)
      // PoCL goes on after a division by zero, as OpenCL has it.
      let isTaken = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) != 0
      if signal == SIGFPE, isTaken { continue }
      action = sigaction()
      action.__sigaction_handler.sa_handler = { LastWords.tell(death: $0) }
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
      sigaction(signal, &action, nil)
    }
    atexit {
      guard LastWords.write(LastWords.deaths.count) else { return }
      // No driver is asked to close; it may call this a success.
      _exit(EXIT_FAILURE)
    }
  }

  /// The signal handler. It only makes calls that are allowed in a handler.
  private static func tell(death signal: Int32) {
    for place in 0..<deaths.count where deaths[place].signal == signal { _ = write(place) }
    // As it would have ended: the handler is gone, and the signal comes when this function returns.
    raise(signal)
  }

  /// - Returns: whether there was a sentence.
  private static func write(_ place: Int) -> Bool {
    let all = sentences.exchange(0, ordering: .sequentiallyConsistent)
    guard let all = Sentences(bitPattern: all) else { return false }
    _ = Glibc.write(STDERR_FILENO, all[place], strlen(all[place]))
    return true
  }
}
