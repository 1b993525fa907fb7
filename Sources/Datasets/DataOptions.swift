/// How to read a data set. Each kind of data uses the options that it knows and ignores the others,
/// so that `--data` may name data of another kind.
///
/// In a recipe they are fields next to the path:
/// `data: {path: iris.csv, label: species, ignore: [date], missing: mean, test: more.csv}` or
/// `data: {path: photographs, shape: [64, 64, 3]}`. `data: NAME` alone is `data: {path: NAME}`.
package struct DataOptions: Hashable, Sendable {
  /// How missing values of a table are treated.
  package enum Missing: String, Hashable, Sendable, CaseIterable {
    /// They are replaced by the mean of the training examples' column, in every file.
    case mean
    /// They stay NaN, and the loss leaves them out.
    case mask
  }

  /// CSV: whether the first line has the column names; nil for yes, but then a line that is clearly
  /// numbers is an error.
  package var header: Bool?
  /// CSV: the field separator, one ASCII character, neither a quote nor a line break; nil to detect
  /// it.
  package var separator: Character?
  /// CSV: the decimal sign, `.` or `,`; nil to detect it.
  package var decimal: Character?
  /// CSV: the columns that are features, in this order, by name, or by number from 1 if there is no
  /// header; nil for all except `label` and `ignore`.
  package var columns: [String]?
  /// CSV: the column of classes; NPZ: the array of labels; NPY: another NPY file with the labels.
  /// nil for none; in an archive, for an array with a usual name.
  package var label: String?
  /// CSV: columns to leave out.
  package var ignore: [String]
  /// CSV: how to treat missing values; nil: they are an error.
  package var missing: Missing?
  /// Images: the shape to resize to, `[H, W, C]` with C 1 or 3; nil for the size that all images
  /// have.
  package var shape: [Int]?
  /// Images: how to resize those of another aspect ratio than `shape`.
  package var fit = ImageFit.squash
  /// NPZ: the array of training examples; nil for one with a usual name.
  package var array: String?
  /// Another data set, by name or path, whose training examples are used as test examples.
  package var test: String?
  /// Time series: examples are windows of this many rows; nil for single rows. Later data are
  /// windowed alike.
  package var window: Int?
  /// Rows from the start of one window to the start of the next.
  package var stride = 1
  /// CSV: the column of times, which is not a feature; no window crosses a gap in it.
  package var time: String?
  /// The number of training examples to read, from the first; nil for all. Not a field of `data`.
  package var rowLimit: Int?

  /// The bytes of examples in memory beyond which they stay in their files, where the format allows
  /// that; nil for never. Not a field of a recipe.
  package var streaming: Int?
  /// The same for the examples of a test or validation.
  package var streamingLater: Int?

  /// The program's cache folder, where the numbers of a table are that does not fit into memory; nil
  /// if there is none. Not a field of a recipe.
  package var cacheFolder = CacheFolder.path()

  /// The features of a trained model (`Dataset.featureNames`), for reading other data. Columns are
  /// matched by these names and put in their order; other columns are ignored with a note; a
  /// missing column is an error; the label may be missing. In a file without a header, the same
  /// number of columns is expected, in this order. Not a field of a recipe.
  package var expecting: [String]?

  package init(
    header: Bool? = nil, separator: Character? = nil, decimal: Character? = nil,
    columns: [String]? = nil, label: String? = nil, ignore: [String] = [],
    missing: Missing? = nil, shape: [Int]? = nil, fit: ImageFit = .squash,
    array: String? = nil, test: String? = nil, window: Int? = nil, stride: Int = 1,
    time: String? = nil
  ) {
    precondition(window ?? 1 > 0 && stride > 0, "window and stride must be positive")
    precondition(separator?.isASCII ?? true, "the separator must be an ASCII character")
    precondition([nil, ".", ","].contains(decimal), "the decimal sign must be a point or a comma")
    precondition(
      shape == nil || shape?.count == 3 && [1, 3].contains(shape?[2]),
      "images must be [H, W, 1] or [H, W, 3]")
    self.header = header
    self.separator = separator
    self.decimal = decimal
    self.columns = columns
    self.label = label
    self.ignore = ignore
    self.missing = missing
    self.shape = shape
    self.fit = fit
    self.array = array
    self.test = test
    self.window = window
    self.stride = stride
    self.time = time
  }

  /// These options, for reading other data with a trained model.
  /// - Parameter featureNames: the features of the training data; nil if they have no names.
  package func expecting(_ featureNames: [String]?) -> DataOptions {
    var options = self
    options.expecting = featureNames
    options.streaming = streamingLater
    options.test = nil
    options.rowLimit = nil
    return options
  }
}
