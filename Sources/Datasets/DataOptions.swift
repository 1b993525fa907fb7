/// How a data set that a person brings is to be read; each kind of data takes the options that it
/// knows and passes over the others, so that `--data` may name data of another kind.
///
/// A recipe spells them beside the path:
/// `data: {path: iris.csv, header: true, separator: ",", columns: [a, b], label: species, test: more.csv}`
/// or `data: {path: photographs, shape: [64, 64, 3]}`. `data: NAME` alone is `data: {path: NAME}`.
package struct DataOptions: Hashable, Sendable {
  /// CSV: the first line names the columns.
  package var header = true
  /// CSV: the one ASCII character between fields, neither a quote nor a line break.
  package var separator: Character = ","
  /// CSV: the columns that are features, in this order, by name, or by number from 1 where there is
  /// no header; nil for all but `label`.
  package var columns: [String]?
  /// CSV: the column with the classes; NPZ: the array with the labels; NPY: another NPY file with the
  /// labels. nil for none, in an archive for one of a usual name.
  package var label: String?
  /// Images: what they are resized to, `[H, W, C]` with C 1 or 3; nil for the size that
  /// they have in common.
  package var shape: [Int]?
  /// Images of other proportions than `shape`: what becomes of them.
  package var fit = ImageFit.squash
  /// An NPZ archive: the array of training examples; nil for one of a usual name.
  package var array: String?
  /// Another data set, by name or path, whose training examples are this one's test examples.
  package var test: String?
  /// Only so many training examples are read; nil for all. No field of `data`.
  package var rowLimit: Int?

  package init(
    header: Bool = true, separator: Character = ",", columns: [String]? = nil,
    label: String? = nil, shape: [Int]? = nil, fit: ImageFit = .squash,
    array: String? = nil, test: String? = nil
  ) {
    precondition(separator.isASCII, "fields are separated by an ASCII character")
    precondition(
      shape == nil || shape?.count == 3 && [1, 3].contains(shape?[2]),
      "images are [H, W, 1] or [H, W, 3]")
    self.header = header
    self.separator = separator
    self.columns = columns
    self.label = label
    self.shape = shape
    self.fit = fit
    self.array = array
    self.test = test
  }
}
