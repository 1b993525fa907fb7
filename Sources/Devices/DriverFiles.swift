import Glibc

/// The files by which OpenCL's loader finds drivers, one each.
struct DriverFiles {
  /// `/etc/OpenCL/vendors/pocl.icd`, …, sorted.
  let paths: [String]

  /// Those that the loader would read: in the folder, or the one file, that a variable names.
  /// - Parameter environment: a variable's value.
  init(environment: (String) -> String?) {
    let named = Self.variables.lazy.compactMap(environment).first { !$0.isEmpty }
    let place = named ?? "/etc/OpenCL/vendors"
    let names = Self.names(in: place)
    paths =
      names.map { $0.filter { $0.hasSuffix(".icd") }.sorted().map { "\(place)/\($0)" } }
      ?? (place.hasSuffix(".icd") ? [place] : [])
  }

  /// What the two loaders in use read.
  static let variables = ["OCL_ICD_VENDORS", "OPENCL_VENDOR_PATH"]

  /// A folder with links to some of these files, for a loader that is to see no others.
  /// - Returns: `nil` where none can be made.
  static func folder(of paths: [String]) -> String? {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/aegpu-drivers-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    for (place, path) in paths.enumerated() {
      guard let whole = realpath(path, nil) else { continue }
      // In their order, whatever they are called.
      symlink(whole, "\(folder)/\(place).icd")
      free(whole)
    }
    return folder
  }

  static func remove(_ folder: String) {
    for name in names(in: folder) ?? [] { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  /// `nil` where it is no folder.
  private static func names(in folder: String) -> [String]? {
    guard let stream = opendir(folder) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
