extension Dataset {
  /// Loads a data set by its name, or by a path: a folder with four IDX files, a folder of images,
  /// an NPY, NPZ or CSV file. A folder that has a data set's name is `./digits`.
  /// - `directory`: what `--data-dir` named; looked into before the usual folders.
  package static func load(
    _ name: String, directory: String?, options: DataOptions = DataOptions()
  ) throws(DatasetError) -> Dataset {
    try load(name, folders: DataFolders(directory: directory), options: options)
  }

  /// The same with the folders to look into.
  package static func load(
    _ name: String, folders: DataFolders, options: DataOptions = DataOptions()
  ) throws(DatasetError) -> Dataset {
    let dataset = try loadOne(name, folders: folders, options: options)
    guard let test = options.test else { return dataset }
    var testOptions = options
    testOptions.rowLimit = nil
    let other = try loadOne(test, folders: folders, options: testOptions)
    return Dataset(
      name: dataset.name, training: dataset.training,
      test: try dataset.fitting(other.training, of: other, place: test),
      files: dataset.files + other.files, labelNames: dataset.labelNames,
      featureNames: dataset.featureNames, notes: dataset.notes + other.notes)
  }

  private static func loadOne(
    _ name: String, folders: DataFolders, options: DataOptions
  ) throws(DatasetError) -> Dataset {
    if let source = DatasetSource.all.first(where: { $0.name == name }) {
      return try source.read(folders)
    }
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
    case "csv": return try CSVFile(path: name).load(options)
    case _ where ImageFormat.isImage(name): return try ImageFolder.loadFile(name, options)
    case let other:
      throw .unexpected(
        place: name, expected: "a file that ends in .npy, .npz, .csv, .png or .jpg",
        received: other.isEmpty ? "no ending" : ".\(other)",
        advice: "convert it, or rename it if it is one of these")
    }
  }
}

extension Dataset {
  /// What `--validation PATH` names, to judge this data set's model by: the test examples of
  /// `other` where it has some, else its training examples. Labels mean what they mean here.
  ///
  /// Throws where its examples have another shape or a class is unknown here.
  package func validation(from other: Dataset) throws(DatasetError) -> Examples {
    try fitting(other.test ?? other.training, of: other, place: other.name)
  }

  /// Examples of another data set in this one's terms: of its shape, labels by its class names.
  fileprivate func fitting(
    _ examples: Examples, of other: Dataset, place: String
  ) throws(DatasetError) -> Examples {
    guard examples.shape == training.shape else {
      throw .unexpected(
        place: place, expected: "examples of the training examples' shape \(training.shape)",
        received: "\(examples.shape)", advice: "prepare both alike")
    }
    guard let labels = examples.labels, let names = labelNames, let others = other.labelNames,
      names != others
    else { return examples }
    let here = Dictionary(
      uniqueKeysWithValues: others.enumerated().compactMap { index, other in
        names.firstIndex(of: other).map { (Int32(index), Int32($0)) }
      })
    if let label = labels.first(where: { here[$0] == nil }) {
      throw .unexpected(
        place: place, expected: "the training examples' classes \(names.joined(separator: ", "))",
        received: others.indices.contains(Int(label)) ? others[Int(label)] : "\(label)",
        advice: "prepare both alike")
    }
    return Examples(
      count: examples.count, shape: examples.shape, elements: examples.elements,
      labels: labels.map { here[$0] ?? 0 }, names: examples.names)
  }
}
