import Glibc

/// The folders in which data sets are looked for, first to last, each set in a folder of its name.
package struct DataFolders: Sendable {
  package let paths: [String]

  /// - `directory`: what `--data-dir` named.
  /// - `environment`: a variable's value by its name; an empty value counts as none.
  /// - `system`: where Debian's packages put their data sets.
  package init(
    directory: String?, environment: (String) -> String? = DataFolders.variable,
    system: String = "/usr/share/datasets"
  ) {
    func variable(_ name: String) -> String? {
      environment(name).flatMap { $0.isEmpty ? nil : $0 }
    }
    // The XDG specification has relative paths ignored.
    let xdg = variable("XDG_DATA_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
    let user = xdg ?? variable("HOME").map { $0 + "/.local/share" }
    let candidates = [directory, variable("AEGPU_DATA_DIR"), user.map { $0 + "/aegpu" }, system]
    paths = candidates.compactMap { $0 }.map(Self.withoutTrailingSlash)
  }

  package static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  private static func withoutTrailingSlash(_ path: String) -> String {
    path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }
}
