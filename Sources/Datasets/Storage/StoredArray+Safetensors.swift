extension StoredArray {
  /// A tensor of a safetensors file: 8 bytes with the length of a JSON header, the header with the
  /// type, shape and place of each tensor, then their numbers.
  /// - Parameter name: the tensor; nil: the only one of at least two dimensions.
  init(safetensors path: String, tensor name: String?) throws(DatasetError) {
    func wrong(_ expected: String, _ received: String, _ advice: String) -> DatasetError {
      .unexpected(place: path, expected: expected, received: received, advice: advice)
    }
    let damaged = "get the file again"
    let reader = try FileReader(path)
    let start = try reader.peek(8)
    let length = start.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard start.count == 8, length <= UInt64(max(reader.byteCount - 8, 0)), length <= 100 << 20
    else {
      throw wrong(
        "a safetensors file, whose header ends within its \(reader.byteCount) bytes",
        start.count == 8 ? "a header of \(length) bytes" : "\(start.count) bytes", damaged)
    }
    let end = 8 + Int(length)
    let fields: [(String, JSON)]
    do throws(JSON.Malformed) {
      let text = try Self.bytes(of: reader, end)
      guard case .object(let found) = try JSON(parsing: text[8...]) else {
        throw JSON.Malformed(reason: "another value")
      }
      fields = found.filter { $0.0 != "__metadata__" }
    } catch {
      throw wrong("a header that is a JSON object", error.reason, damaged)
    }
    let names = fields.map(\.0)
    let list = names.prefix(10).map { $0.printable() }.joined(separator: ", ")
    let chosen: (String, JSON)
    if let name {
      guard let found = fields.first(where: { $0.0 == name }) else {
        throw wrong("one of its tensors \(list)", name.printable(), "check the spelling")
      }
      chosen = found
    } else {
      let candidates = fields.filter {
        fields.count == 1 || $0.1["shape"]?.integers?.count ?? 0 > 1
      }
      guard candidates.count == 1, let found = candidates.first else {
        throw wrong(
          "only one tensor of at least two dimensions", list.isEmpty ? "none" : list,
          "name the tensor, such as --data \(path):\(candidates.first?.0.printable() ?? "name")")
      }
      chosen = found
    }
    let entry = chosen.1
    guard let shape = entry["shape"]?.integers, !shape.isEmpty,
      let offsets = entry["data_offsets"]?.integers, offsets.count == 2, offsets[0] <= offsets[1]
    else { throw wrong("shape and data_offsets of \(chosen.0.printable())", "others", damaged) }
    guard case .string(let type)? = entry["dtype"], let element = Self.element(type) else {
      throw wrong(
        "a tensor of U8, F16, BF16, F32 or F64", entry["dtype"]?.kind.printable() ?? "no type",
        "save tensor.float()")
    }
    let byteCount = try [shape.elementCount(path: path), element.byteCount].elementCount(path: path)
    guard byteCount == offsets[1] - offsets[0], offsets[1] <= reader.byteCount - end else {
      throw wrong(
        "\(byteCount) bytes of \(chosen.0.printable()) within the file",
        "bytes \(offsets[0]) to \(offsets[1]) of \(reader.byteCount - end)", damaged)
    }
    self.init(path: path, offset: end + offsets[0], shape: shape, element: element)
  }

  private static func bytes(
    of reader: FileReader, _ count: Int
  ) throws(JSON.Malformed) -> [UInt8] {
    guard let bytes = try? reader.peek(count), bytes.count == count else {
      throw JSON.Malformed(reason: "a file that cannot be read")
    }
    return bytes
  }

  private static func element(_ type: String) -> StoredElement? {
    switch type {
    case "U8": .uint8
    case "F16": .float16
    case "BF16": .bfloat16
    case "F32": .float32
    case "F64": .float64
    default: nil
    }
  }
}
