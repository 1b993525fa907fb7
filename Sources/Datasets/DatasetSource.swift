/// A data set known by name. To add one: a file that makes its `DatasetSource`, and a line in
/// `all`.
package struct DatasetSource: Sendable {
  package let name: String
  /// One line for `--help` and listings.
  package let summary: String
  /// Reads or makes the data set; generated ones need no folders.
  let read: @Sendable (DataFolders) throws(DatasetError) -> Dataset

  package static let all: [DatasetSource] = [.fashionMNIST, .mnist, .digits, .curve3D, .daily]
}
