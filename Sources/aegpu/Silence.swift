import Glibc
import OpenCLBackend

/// What becomes of a process whose device does not answer: its thread waits in the driver, where
/// nothing but the end of the process frees it.
enum Silence {
  /// Says so once; a signal that came, or comes, ends the process. What it kept before is whole.
  static func tell(_ silent: SilentDevice) {
    if Interruption.isRequested {
      Program.complain("interrupted; \(silent), and what was not kept yet is lost")
      // No driver is asked to close.
      _exit(Interruption.exitCode)
    }
    DoctorProcess.giveUp(on: silent)
    if silent.isNew { Program.complain("\(silent); Ctrl-C ends this") }
  }
}
