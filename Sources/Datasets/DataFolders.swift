import Glibc

/// The folders that are searched for data sets, in order; each data set is in a subfolder of its
/// name.
package struct DataFolders: Sendable {
  package let paths: [String]

  /// - Parameter directory: the value of `--data-dir`.
  /// - Parameter environment: the value of an environment variable; an empty value counts as none.
  /// - Parameter system: the folder of Debian's data set packages.
  package init(
    directory: String?, environment: (String) -> String? = DataFolders.variable,
    system: String = "/usr/share/datasets"
  ) {
    func variable(_ name: String) -> String? {
      environment(name).flatMap { $0.isEmpty ? nil : $0 }
    }
    // The XDG specification says to ignore relative paths.
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
