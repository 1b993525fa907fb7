import Foundation
import Tuning

/// Folders that the program and drivers keep things in.
extension Machine {
  /// - Parameter devices: whether PoCL is among the drivers, which keeps compiled kernels.
  package func folderFindings(hasPoCL: Bool) -> [Finding] {
    var findings: [Finding] = []
    if let folder = TuningFolder(environment: environment) {
      if !isWritable(folder.cache) {
        findings.append(
          Finding(
            .fault, "\(folder.cache) cannot be written to, so what tune and doctor find is lost",
            remedy: "make it writable, or set AEGPU_CACHE_DIR to another folder"))
      }
    } else {
      findings.append(
        Finding(
          .fault,
          "the user has no home folder (HOME is not set), so what tune and doctor find is lost",
          remedy: "set HOME, or AEGPU_CACHE_DIR"))
    }
    if hasPoCL {
      let own = environment("POCL_CACHE_DIR")
      let user = environment("XDG_CACHE_HOME") ?? environment("HOME").map { "\($0)/.cache" }
      let cache = own ?? user.map { "\($0)/pocl" }
      if let cache, !isWritable(cache) {
        findings.append(
          Finding(
            .fault,
            "\(cache) cannot be written to, so PoCL compiles kernels anew each time, or fails",
            remedy: "make it writable, or set POCL_CACHE_DIR to another folder"))
      }
    }
    return findings
  }

  /// Whether files can be made in a folder, or in the nearest above it that is there, so that it can be
  /// made.
  private func isWritable(_ folder: String) -> Bool {
    var url = URL(fileURLWithPath: folder)
    var isFolder: ObjCBool = false
    while !FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) {
      guard url.path != "/" else { return false }
      url.deleteLastPathComponent()
    }
    return isFolder.boolValue && access(url.path, W_OK | X_OK) == 0
  }
}
