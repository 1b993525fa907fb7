/// A data set known by name. To add one: a file that makes its `DatasetSource`, and a line in
/// `all`.
package struct DatasetSource: Sendable {
  package let name: String
  /// One line for `--help` and listings.
  package let summary: String
  /// Reads or makes the data set; generated ones need no folders.
  let read: @Sendable (DataFolders) throws(DatasetError) -> Dataset

  /// What else `--data` takes, for errors and help.
  package static let paths =
    "the path of a folder of IDX files, images or CSV files, of an image, or of a .npy, .npz, .csv or "
    + ".tsv file (file.npz:name is one array of an archive), or a pattern of CSV files such as "
    + "'logs/*.csv'"

  package static let all: [DatasetSource] = [.fashionMNIST, .mnist, .digits, .curve3D, .daily]
}
