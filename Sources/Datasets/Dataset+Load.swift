extension Dataset {
  /// Loads a data set by its name, or by a path: a folder with four IDX files, a folder of images
  /// or of CSV files, an NPY, NPZ or CSV file, or a pattern of CSV files such as `logs/*.csv`. For
  /// a folder with the name of a data set, write `./digits`.
  /// - Parameter directory: the value of `--data-dir`, which is searched before the usual folders.
  package static func load(
    _ name: String, directory: String?, options: DataOptions = DataOptions()
  ) throws(DatasetError) -> Dataset {
    try load(name, folders: DataFolders(directory: directory), options: options)
  }

  /// The same, with the folders to search.
  package static func load(
    _ name: String, folders: DataFolders, options: DataOptions = DataOptions()
  ) throws(DatasetError) -> Dataset {
    let dataset = try loadOne(name, folders: folders, options: options)
    guard let test = options.test else { return dataset }
    let other = try loadOne(
      test, folders: folders, options: options.expecting(dataset.featureNames))
    let (examples, labelNames) = try dataset.matching(other, place: test, other.training)
    return Dataset(
      name: dataset.name, training: dataset.training, test: examples,
      files: dataset.files + other.files, labelNames: labelNames,
      featureNames: dataset.featureNames, details: dataset.details,
      notes: dataset.notes + other.notes.map { "\(other.name): \($0)" })
  }

  private static func loadOne(
    _ name: String, folders: DataFolders, options: DataOptions
  ) throws(DatasetError) -> Dataset {
    let dataset = try loadRows(name, folders: folders, options: options)
    guard let window = options.window else { return dataset }
    return try dataset.windowed(window, stride: options.stride)
  }

  private static func loadRows(
    _ name: String, folders: DataFolders, options: DataOptions
  ) throws(DatasetError) -> Dataset {
    if let source = DatasetSource.all.first(where: { $0.name == name }) {
      return try source.read(folders)
    }
    if let files = try StoredFiles(name, options) {
      return try files.load(options)
    }
    if let files = try CSVFiles(name) { return try files.load(options) }
    if InputFile.isFolder(name) {
      let idx = IDXFolder(path: name)
      return idx.hasFiles
        ? try idx.load(
          name: InputFile.lastComponent(name), labelNames: nil, limit: options.rowLimit)
        : try ImageFolder(path: name).load(options)
    }
    if let archive = ArchivePath(name) {
      var options = options
      options.array = archive.array
      return try ArrayFile(path: archive.path, options: options).loadNPZ()
    }
    guard InputFile.exists(name) else {
      throw .unknownName(name, known: DatasetSource.all.map(\.name))
    }
    switch InputFile.fileExtension(name) {
    case "npy": return try ArrayFile(path: name, options: options).loadNPY()
    case "npz": return try ArrayFile(path: name, options: options).loadNPZ()
    case "csv", "tsv": return try CSVFile(path: name).load(options)
    case _ where ImageFormat.isImage(name): return try ImageFolder.loadFile(name, options)
    case let other:
      let foreign = ForeignFormat.named(by: other)
      throw .unexpected(
        place: name,
        expected: "a file that ends in .npy, .npz, .safetensors, .h5, .csv, .tsv, .png or .jpg",
        received: foreign.map { "\($0.name) (.\(other))" }
          ?? (other.isEmpty ? "no extension" : ".\(other)"),
        advice: foreign?.advice ?? "convert it, or rename it if it has one of these formats")
    }
  }
}

extension Dataset {
  /// The examples for `--validation PATH`: the test examples of `other` if it has some, else its
  /// training examples. Labels have the same meaning as in this data set.
  /// - Parameter other: read with `options.expecting(featureNames)`, so that it has the columns of
  ///   this data set.
  /// - Returns: the examples, and the names of all classes: first those of this data set, then
  ///   those that only `other` has.
  ///
  /// Throws if its examples have another shape.
  package func matching(
    _ other: Dataset
  ) throws(DatasetError) -> (examples: Examples, labelNames: [String]?) {
    try matching(other, place: other.name, other.test ?? other.training)
  }

  /// The same data with a model's class numbers for these names; classes that the model does not
  /// know get the numbers after them.
  package func relabelled(_ known: [String]) -> Dataset {
    guard let own = labelNames, own != known else { return self }
    let names = known + own.filter { !known.contains($0) }
    let here = own.map { Int32(names.firstIndex(of: $0)!) }
    func relabelled(_ examples: Examples) -> Examples {
      examples.with(labels: examples.labels?.map { here[Int($0)] })
    }
    return Dataset(
      name: name, training: relabelled(training), test: test.map(relabelled), files: files,
      labelNames: names, featureNames: featureNames, details: details, notes: notes,
      stretches: stretches)
  }

  private func matching(
    _ other: Dataset, place: String, _ examples: Examples
  ) throws(DatasetError) -> (examples: Examples, labelNames: [String]?) {
    guard examples.shape == training.shape else {
      throw .unexpected(
        place: place, expected: "examples of the training examples' shape, \(training.shape)",
        received: "\(examples.shape)", advice: "prepare both data sets in the same way")
    }
    guard let labels = examples.labels, var names = labelNames, let others = other.labelNames,
      names != others
    else { return (examples, labelNames) }
    names += others.filter { !names.contains($0) }
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
    let here = others.map { places[$0]! }
    return (examples.with(labels: labels.map { here[Int($0)] }), names)
  }
}
