import CZip

/// A zip archive in memory, by libzip: the names of its members, and each member's bytes.
struct ZipArchive: ~Copyable {
  private let archive: OpaquePointer
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private let path: String

  init(_ file: [UInt8], path: String) throws(DatasetError) {
    // libzip reads from the bytes for as long as the archive is open.
    bytes = .allocate(capacity: file.count)
    _ = bytes.initialize(from: file)
    self.path = path
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    let source = zip_source_buffer_create(bytes.baseAddress, zip_uint64_t(bytes.count), 0, &error)
    guard let source, let archive = zip_open_from_source(source, ZIP_RDONLY, &error) else {
      let reason = String(cString: zip_error_strerror(&error))
      zip_source_free(source)
      bytes.deallocate()
      throw .unexpected(
        place: path, expected: "a zip archive of NumPy arrays", received: reason.lowercased(),
        advice: "get the file again, or save it again with numpy.savez")
    }
    self.archive = archive
  }

  deinit {
    zip_discard(archive)
    bytes.deallocate()
  }

  /// The members' names in the archive's order.
  var names: [String] {
    (0..<max(zip_get_num_entries(archive, 0), 0)).map { index in
      zip_get_name(archive, zip_uint64_t(index), 0).map { String(cString: $0) } ?? ""
    }
  }

  /// Opens the member at this place among `names`; `place` is what messages call it.
  func open(_ index: Int, place: String) throws(DatasetError) -> ZipMember {
    guard let member = zip_fopen_index(archive, zip_uint64_t(index), 0) else {
      throw ZipMember.failure(zip_get_error(archive), place: place)
    }
    return ZipMember(member, largestCount: bytes.count * GzipReader.largestRatio, place: place)
  }
}

/// The decoded bytes of one member; its checksum is judged at its end.
struct ZipMember: ByteReader, ~Copyable {
  private let member: OpaquePointer
  /// Memory is taken for what the archive can hold, whatever a header in it promises.
  private let largestCount: Int
  private let place: String

  fileprivate init(_ member: OpaquePointer, largestCount: Int, place: String) {
    self.member = member
    self.largestCount = largestCount
    self.place = place
  }

  deinit {
    zip_fclose(member)
  }

  mutating func read(_ count: Int) throws(DatasetError) -> [UInt8] {
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(
      capacity: min(count, largestCount + 65_536))
    defer { buffer.deallocate() }
    var received = 0
    while received < buffer.count {
      let piece = UnsafeMutableBufferPointer(rebasing: buffer[received...])
      let made = zip_fread(member, piece.baseAddress, zip_uint64_t(piece.count))
      guard made >= 0 else { throw Self.failure(zip_file_get_error(member), place: place) }
      if made == 0 { break }
      received += Int(made)
    }
    return Array(buffer[..<received])
  }

  mutating func skipToEnd() throws(DatasetError) -> Int {
    var total = 0
    while true {
      let piece = try read(1 << 16)
      total += piece.count
      if piece.count < 1 << 16 { return total }
    }
  }

  fileprivate static func failure(
    _ error: UnsafeMutablePointer<zip_error_t>?, place: String
  ) -> DatasetError {
    .unexpected(
      place: place, expected: "an array that libzip can unpack",
      received: String(cString: zip_error_strerror(error)).lowercased(),
      advice: "get the file again, or save it again with numpy.savez")
  }
}
