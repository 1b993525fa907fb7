import CCrypto

/// SHA-256 over bytes that arrive in pieces, by libcrypto.
package struct SHA256: ~Copyable {
  private let context: OpaquePointer

  package init() throws(DatasetError) {
    try self.init(owning: EVP_MD_CTX_new())
  }

  /// - Parameter context: freed by this value; `nil` if libcrypto has no memory for it.
  package init(owning context: OpaquePointer?) throws(DatasetError) {
    guard let context, EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      EVP_MD_CTX_free(context)
      throw Self.noMemory
    }
    self.context = context
  }

  private static var noMemory: DatasetError {
    .unexpected(
      place: "SHA-256", expected: "memory for a hash", received: "none from libcrypto",
      advice: "free some memory and run the command again")
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    precondition(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1)
  }

  /// The hash of all bytes, as 64 lower-case hexadecimal digits.
  package consuming func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    precondition(EVP_DigestFinal_ex(context, &digest, nil) == 1)
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The hash of a file of any size, in constant memory.
  package static func hash(ofFile path: String) throws(DatasetError) -> String {
    var reader = try FileReader(path)
    _ = try reader.skipToEnd()
    return try reader.finish().sha256
  }
}
