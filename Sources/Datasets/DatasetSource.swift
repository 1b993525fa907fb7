/// A data set known by name. To add one: a file that makes its `DatasetSource`, and a line in `all`.
package struct DatasetSource: Sendable {
  package let name: String
  /// One line for `--help` and listings.
  package let summary: String
  /// Reads or makes the data set; generated ones need no folders.
  let read: @Sendable (DataFolders) throws(DatasetError) -> Dataset

  package static let all: [DatasetSource] = [.fashionMNIST, .mnist, .digits, .curve3D]
}

extension Dataset {
  /// Loads a data set by its name, or from a folder with four IDX files by the folder's path; a
  /// folder that has a data set's name is `./digits`.
  /// - `directory`: what `--data-dir` named; looked into before the usual folders.
  package static func load(_ name: String, directory: String?) throws(DatasetError) -> Dataset {
    try load(name, folders: DataFolders(directory: directory))
  }

  /// The same with the folders to look into.
  package static func load(_ name: String, folders: DataFolders) throws(DatasetError)
    -> Dataset
  {
    if let source = DatasetSource.all.first(where: { $0.name == name }) {
      return try source.read(folders)
    }
    guard InputFile.isFolder(name) else {
      throw .unknownName(name, known: DatasetSource.all.map(\.name))
    }
    return try IDXFolder(path: name).load(name: InputFile.lastComponent(name), labelNames: nil)
  }
}
