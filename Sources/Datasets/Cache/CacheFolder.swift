/// The program's cache folder: `AEGPU_CACHE_DIR`, else `aegpu` in the user's.
package enum CacheFolder {
  /// - Parameter environment: the value of an environment variable.
  /// - Returns: `nil` if the user has no cache folder.
  package static func path(
    environment: (String) -> String? = DataFolders.variable
  ) -> String? {
    func absolute(_ name: String) -> String? {
      environment(name).flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    let own = absolute("AEGPU_CACHE_DIR")
    let user = absolute("XDG_CACHE_HOME") ?? absolute("HOME").map { "\($0)/.cache" }
    return own ?? user.map { "\($0)/aegpu" }
  }
}
