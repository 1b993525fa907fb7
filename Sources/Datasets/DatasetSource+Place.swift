extension DatasetSource {
  /// Where a data set comes from.
  package enum Place: Hashable, Sendable {
    /// The program makes it.
    case program
    /// Its files lie in this folder.
    case folder(String)
    /// Its files are in none of the folders searched.
    case missing
  }

  /// Where this one would be loaded from; no file is read.
  package func place(in folders: DataFolders) -> Place {
    guard DataFetch.all.contains(where: { $0.name == name }) else { return .program }
    let found = folders.paths.map { "\($0)/\(name)" }.first { IDXFolder(path: $0).hasFiles }
    return found.map { .folder($0) } ?? .missing
  }
}
