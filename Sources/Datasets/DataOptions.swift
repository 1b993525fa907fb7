/// How a data set that a person brings is to be read; each kind of data takes the options that it
/// knows and passes over the others, so that `--data` may name data of another kind.
///
/// A recipe spells them beside the path:
/// `data: {path: iris.csv, label: species, ignore: [date], missing: mean, test: more.csv}` or
/// `data: {path: photographs, shape: [64, 64, 3]}`. `data: NAME` alone is `data: {path: NAME}`.
package struct DataOptions: Hashable, Sendable {
  /// What is done about missing values of a table.
  package enum Missing: String, Hashable, Sendable, CaseIterable {
    /// The mean of the training examples' column takes their place, in every file.
    case mean
    /// They stay NaN, and the loss counts only what is there.
    case mask
  }

  /// CSV: whether the first line names the columns; nil for yes, unless it is plainly numbers, which
  /// is refused.
  package var header: Bool?
  /// CSV: the one ASCII character between fields, neither a quote nor a line break; nil for what the
  /// lines show.
  package var separator: Character?
  /// CSV: `.` or `,` within numbers; nil for what the numbers show.
  package var decimal: Character?
  /// CSV: the columns that are features, in this order, by name, or by number from 1 where there is
  /// no header; nil for all but `label` and `ignore`.
  package var columns: [String]?
  /// CSV: the column with the classes; NPZ: the array with the labels; NPY: another NPY file with the
  /// labels. nil for none, in an archive for one of a usual name.
  package var label: String?
  /// CSV: columns that are left out.
  package var ignore: [String]
  /// CSV: what missing values become; nil refuses them.
  package var missing: Missing?
  /// Images: what they are resized to, `[H, W, C]` with C 1 or 3; nil for the size that
  /// they have in common.
  package var shape: [Int]?
  /// Images of other proportions than `shape`: what becomes of them.
  package var fit = ImageFit.squash
  /// An NPZ archive: the array of training examples; nil for one of a usual name.
  package var array: String?
  /// Another data set, by name or path, whose training examples are this one's test examples.
  package var test: String?
  /// A series: examples are windows of so many rows; nil for rows. Later data follow it.
  package var window: Int?
  /// Rows from the beginning of a window to that of the next.
  package var stride = 1
  /// CSV: the column of times, which is no feature; no window goes across a gap in it.
  package var time: String?
  /// Only so many training examples are read; nil for all. No field of `data`.
  package var rowLimit: Int?

  /// The features that a model knows (`Dataset.featureNames`), for a file that is read after the
  /// one that trained it: columns are matched by these names and put in their order, others are
  /// passed over with a note, and one that is not there is an error. A label need not be there. In a
  /// file without a header as many columns are expected, in this order. No field of a recipe.
  package var expecting: [String]?

  package init(
    header: Bool? = nil, separator: Character? = nil, decimal: Character? = nil,
    columns: [String]? = nil, label: String? = nil, ignore: [String] = [],
    missing: Missing? = nil, shape: [Int]? = nil, fit: ImageFit = .squash,
    array: String? = nil, test: String? = nil, window: Int? = nil, stride: Int = 1,
    time: String? = nil
  ) {
    precondition(window ?? 1 > 0 && stride > 0, "windows have rows, and follow each other")
    precondition(separator?.isASCII ?? true, "fields are separated by an ASCII character")
    precondition([nil, ".", ","].contains(decimal), "a decimal sign is a point or a comma")
    precondition(
      shape == nil || shape?.count == 3 && [1, 3].contains(shape?[2]),
      "images are [H, W, 1] or [H, W, 3]")
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

  /// These options for a file that is read after the one that they were given for.
  /// - Parameter featureNames: those of the data set that trained; nil where it has none.
  package func expecting(_ featureNames: [String]?) -> DataOptions {
    var options = self
    options.expecting = featureNames
    options.test = nil
    options.rowLimit = nil
    return options
  }
}
