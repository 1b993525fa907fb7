import Glibc
import Kernels
import Plans

extension OpenCLBackend {
  /// All that decides what this device's compiler makes of plans, beside them: the texts of all
  /// kernels, how launches are cut and queued, what computes which product, and the library's
  /// version.
  package func fingerprint(of plans: [Plan]) -> String {
    let choices = products.list.map { "\($0.shape): \($0.candidate)" }.joined(separator: "; ")
    let texts = kernelFileNames.map { kernelSource(named: $0) }.joined()
    return "\(sizes) \(plans.map(schedule)) \(choices) \(Self.libraryFile ?? "")\n\(texts)"
  }

  /// The file that CLBlast was loaded from, whose name ends in its version.
  package static let libraryFile: String? = {
    guard let file = fopen("/proc/self/maps", "re") else { return nil }
    defer { fclose(file) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, file) >= 0, let line {
      let text = String(cString: line)
      guard text.contains("/libclblast"), let start = text.firstIndex(of: "/") else { continue }
      return String(text[start...].prefix { $0 != "\n" })
    }
    return nil
  }()
}
