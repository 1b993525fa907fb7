/// Training and test examples, and their origin.
package struct Dataset: Hashable, Sendable {
  package let name: String
  package let training: Examples
  /// The data set's test examples, of the training examples' shape.
  package let test: Examples?
  /// The files that were read, for the run's `environment.json`; none if the data were generated.
  package let files: [DatasetFile]
  /// The name of each class, if known.
  package let labelNames: [String]?
  /// The name of each feature, in order, if known.
  package let featureNames: [String]?
  /// How the data were interpreted, for the line that describes them: `label: state, 3 classes`,
  /// `ignored: date`.
  package let details: [String]
  /// Notes for the user about reading the data: what was skipped, resized or filled in, one
  /// sentence each, with a count.
  package let notes: [String]
  /// The stretches of the training rows as a series: a stretch begins at the start, after a gap or
  /// with another file. In ascending order, the first at row 0.
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

/// A file that was read, and the hash of the bytes that were parsed; or a folder of images, and the
/// hash of its list of hashes in the form of `sha256sum` (see `ImageFolder`).
package struct DatasetFile: Hashable, Sendable {
  package let path: String
  /// SHA-256, 64 lower-case hexadecimal digits.
  package let sha256: String
  /// If only a part of a large file was read: the number of bytes at its start that the hash is of.
  package let hashedByteCount: Int?

  package init(path: String, sha256: String, hashedByteCount: Int? = nil) {
    self.path = path
    self.sha256 = sha256
    self.hashedByteCount = hashedByteCount
  }
}
