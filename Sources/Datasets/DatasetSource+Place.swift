extension DatasetSource {
  /// Where a data set is found.
  package enum Place: Hashable, Sendable {
    /// The program generates it.
    case program
    /// Its files are in this folder.
    case folder(String)
    /// Its files are in none of the searched folders.
    case missing
  }

  /// Where this data set would be loaded from; no file is read.
  package func place(in folders: DataFolders) -> Place {
    guard DataFetch.all.contains(where: { $0.name == name }) else { return .program }
    let found = folders.paths.map { "\($0)/\(name)" }.first { IDXFolder(path: $0).hasFiles }
    return found.map { .folder($0) } ?? .missing
  }
}
