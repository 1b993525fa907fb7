/// Examples to train on and to test on, and where they came from.
package struct Dataset: Hashable, Sendable {
  package let name: String
  package let training: Examples
  /// The data set's own test split, of the training examples' shape.
  package let test: Examples?
  /// The files it was read from, for the run's `environment.json`; none where it was generated.
  package let files: [DatasetFile]
  /// What each label means, where that is known.
  package let labelNames: [String]?
  /// What each feature is called, in order, where that is known.
  package let featureNames: [String]?
  /// What was made of the data, for the line that names them: `label: state, 3 classes`,
  /// `ignored: date`.
  package let details: [String]
  /// What a person should know of the reading: what was skipped, resized, filled in, each a
  /// sentence with its count.
  package let notes: [String]
  /// Where the rows of the training examples, as a series, begin and go on after a gap or in another
  /// file; in ascending order, the first of them at row 0.
  package let stretches: [SeriesStretch]

  package init(
    name: String, training: Examples, test: Examples?, files: [DatasetFile] = [],
    labelNames: [String]? = nil, featureNames: [String]? = nil,
    details: [String] = [], notes: [String] = [],
    stretches: [SeriesStretch] = [SeriesStretch(start: 0)]
  ) {
    precondition(test == nil || test?.shape == training.shape, "test and training shapes differ")
    self.name = name
    self.training = training
    self.test = test
    self.files = files
    self.labelNames = labelNames
    self.featureNames = featureNames
    self.details = details
    self.notes = notes
    self.stretches = stretches
  }
}

/// A file that was read, and the hash of the very bytes that were parsed; or a folder of images,
/// and the hash of the list that `sha256sum` prints of them (see `ImageFolder`).
package struct DatasetFile: Hashable, Sendable {
  package let path: String
  /// SHA-256, 64 lower-case hexadecimal digits.
  package let sha256: String
  /// Where a large file was read in part: the hash is that of its first so many bytes.
  package let hashedByteCount: Int?

  package init(path: String, sha256: String, hashedByteCount: Int? = nil) {
    self.path = path
    self.sha256 = sha256
    self.hashedByteCount = hashedByteCount
  }
}
