import CZip
import Glibc

/// A zip archive, by libzip: the names of its members, and their bytes.
struct ZipArchive: ~Copyable {
  private let archive: OpaquePointer
  private let byteCount: Int
  let path: String

  /// - Parameter file: the archive's file, which stays open as long as the archive is used.
  init(_ file: FileReader) throws(DatasetError) {
    path = file.path
    byteCount = file.byteCount
    var code = Int32(0)
    let descriptor = dup(file.descriptor)
    guard descriptor >= 0, let archive = zip_fdopen(descriptor, 0, &code) else {
      close(descriptor)
      var error = zip_error_t()
      zip_error_init_with_code(&error, code)
      defer { zip_error_fini(&error) }
      throw .unexpected(
        place: path, expected: "a zip archive of NumPy arrays",
        received: String(cString: zip_error_strerror(&error)).lowercased(),
        advice: "download the file again, or save it again with numpy.savez")
    }
    self.archive = archive
  }

  deinit {
    zip_discard(archive)
  }

  /// The members' names in the archive's order.
  var names: [String] {
    (0..<max(zip_get_num_entries(archive, 0), 0)).map { index in
      zip_get_name(archive, zip_uint64_t(index), 0).map { String(cString: $0) } ?? ""
    }
  }

  /// Opens the member at this index of `names`; `place` is its name in messages.
  func open(_ index: Int, place: String) throws(DatasetError) -> ZipMember {
    guard let member = zip_fopen_index(archive, zip_uint64_t(index), 0) else {
      throw ZipMember.failure(zip_get_error(archive), place: place)
    }
    return ZipMember(
      member, largestCount: byteCount * GzipReader.largestRatio + 65_536, place: place)
  }
}

/// The decoded bytes of one member; its checksum is verified at the end.
struct ZipMember: ByteReader, ~Copyable {
  private let member: OpaquePointer
  /// The largest possible size in the archive, independent of headers.
  let largestCount: Int
  private let place: String

  fileprivate init(_ member: OpaquePointer, largestCount: Int, place: String) {
    self.member = member
    self.largestCount = largestCount
    self.place = place
  }

  deinit {
    zip_fclose(member)
  }

  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int {
    var received = 0
    while received < buffer.count {
      let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[received...])
      let made = zip_fread(member, piece.baseAddress, zip_uint64_t(piece.count))
      guard made >= 0 else { throw Self.failure(zip_file_get_error(member), place: place) }
      if made == 0 { break }
      received += Int(made)
    }
    return received
  }

  fileprivate static func failure(
    _ error: UnsafeMutablePointer<zip_error_t>?, place: String
  ) -> DatasetError {
    .unexpected(
      place: place, expected: "an array that libzip can unpack",
      received: String(cString: zip_error_strerror(error)).lowercased(),
      advice: "download the file again, or save it again with numpy.savez")
  }
}
