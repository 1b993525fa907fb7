/// Arrays whose numbers may stay in their files: an NPY file, an IDX file, an array of a safetensors
/// or HDF5 file, or of several, its shards.
struct StoredFiles {
  private let arrays: [StoredArray]
  /// The path as it was given.
  private let name: String

  /// nil if the path names nothing of the kind; NPY files are only taken if they are large.
  /// - Parameter name: a path; see `TensorPath`.
  init?(_ name: String, _ options: DataOptions) throws(DatasetError) {
    self.name = name
    if let tensors = try Self.tensors(name) {
      arrays = tensors
      return
    }
    guard InputFile.exists(name) else { return nil }
    switch InputFile.fileExtension(name) {
    case _ where Self.isIDX(name): arrays = [try StoredArray(idx: name)]
    case "npy":
      guard let streaming = options.streaming, options.window == nil,
        try Self.loadedByteCount(npy: name, limit: options.rowLimit) > streaming
      else { return nil }
      arrays = [try StoredArray(npy: name)]
    default: return nil
    }
  }

  private static func isIDX(_ path: String) -> Bool {
    let ending = InputFile.fileExtension(path)
    return ending == "idx" || InputFile.lastComponent(path).contains("-idx") && ending != "gz"
  }

  /// The bytes of the numbers of an NPY file's first rows in memory; 0 if its header is not right,
  /// which the reader tells of.
  private static func loadedByteCount(
    npy path: String, limit: Int?
  ) throws(DatasetError) -> Int {
    var reader = try FileReader(path)
    guard let header = try? NPY.header(&reader, place: path).header, let type = NPYType(header.type)
    else { return 0 }
    var shape = header.shape
    if let limit, let count = shape.first { shape[0] = min(count, limit) }
    return (try? [shape.elementCount(path: path), type.keptSize].elementCount(path: path)) ?? 0
  }

  /// The tensors of one or more safetensors or HDF5 files; nil if the path names none.
  private static func tensors(_ name: String) throws(DatasetError) -> [StoredArray]? {
    guard let named = TensorPath(name) else { return nil }
    let files = InputFile.exists(named.path) ? [named.path] : FilePattern.matches(named.path)
    guard !files.isEmpty else { return nil }
    var tensors: [StoredArray] = []
    for file in files {
      try tensors.append(
        named.isHDF5
          ? StoredArray(hdf5: file, dataset: named.name)
          : StoredArray(safetensors: file, tensor: named.name))
    }
    return tensors
  }

  /// The examples: in memory, if they need at most `options.streaming` bytes there or that is nil.
  func load(_ options: DataOptions) throws(DatasetError) -> Dataset {
    let first = arrays[0]
    for array in arrays.dropFirst()
    where array.shape.dropFirst() != first.shape.dropFirst() || array.element != first.element {
      throw .unexpected(
        place: array.path,
        expected: "\(first.element.rawValue) \(first.exampleShape), as in \(first.path)",
        received: "\(array.element.rawValue) \(array.exampleShape)",
        advice: "leave the file out, or save all with one type and shape")
    }
    let staysInFiles = try staysInFiles(options)
    var range = StoredRange(first.element, mayMiss: options.missing != nil)
    var rows: [RowFile] = []
    var files: [DatasetFile] = []
    var rowsLeft = options.rowLimit ?? .max
    for array in arrays {
      let found = try array.examine(&range, rows: rowsLeft)
      rowsLeft = max(rowsLeft - array.shape[0], 0)
      rows.append(found.rows)
      files.append(found.file)
    }
    var stored = StoredRows(rows, rowSize: first.rowSize, range)
    var labels: [Int32]?
    if let path = options.label, InputFile.fileExtension(path) == "npy" {
      let own = try ArrayFile.labels(path, count: stored.count, limit: options.rowLimit)
      labels = own.labels
      files.append(own.file)
    }
    if let limit = options.rowLimit, limit < stored.count { stored = stored[0..<limit] }
    return Dataset(
      name: InputFile.lastComponent(name),
      training: Examples(
        count: stored.count, shape: first.exampleShape,
        elements: staysInFiles ? .stored(stored) : try stored.loaded(), labels: labels),
      test: nil, files: files,
      notes: [NPY.channelNote(first.shape, place: name)].compactMap(\.self))
  }

  /// Whether the examples are not to be loaded. Throws if they are, and do not fit.
  private func staysInFiles(_ options: DataOptions) throws(DatasetError) -> Bool {
    let first = arrays[0]
    let all = arrays.map { $0.shape[0] }.reduce(0, +)
    let count = min(all, options.rowLimit ?? all)
    let needed = count * first.rowSize * first.element.loadedByteCount
    if let streaming = options.streaming, needed > streaming, options.window == nil { return true }
    try AvailableMemory.check(
      needed, place: name, what: "\(first.element.rawValue) [\(count), \(first.rowSize)]"
    ) { available in
      "use the first examples with --limit \(max(available / 4 / max(needed / max(count, 1), 1), 1)), "
        + "or a machine with more memory"
    }
    return false
  }
}
