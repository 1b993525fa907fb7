/// A data set with a name. To add one, add a file with its `DatasetSource`, and a line in `all`.
package struct DatasetSource: Sendable {
  package let name: String
  /// One line for `--help` and listings.
  package let summary: String
  /// Reads or generates the data set; generated ones need no folders.
  let read: @Sendable (DataFolders) throws(DatasetError) -> Dataset

  /// The other values of `--data`, for errors and help.
  package static let paths =
    "the path of a folder of IDX files, images or CSV files, of an image, or of a .npy, .npz, .csv or "
    + ".tsv file (file.npz:name is one array of an archive), a .safetensors, .h5 or .idx file, or a "
    + "pattern of files such as 'logs/*.csv'"

  package static let all: [DatasetSource] = [.fashionMNIST, .mnist, .digits, .curve3D, .daily]
}
