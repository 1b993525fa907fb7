/// Selects the arrays of an NPZ archive that are examples, labels and test examples, by their
/// names.
///
/// | examples | labels | test examples (labels likewise) |
/// |---|---|---|
/// | `x_train`, `train_x` | `y_train`, `train_y` | `x_test`, `test_x` |
/// | `train_images`, `train_data` | `train_labels` | `test_images`, `test_data` |
/// | `x`, `images`, `imgs`, `data`, `features` | `y`, `labels`, `targets`, `target` | `x_test`, `test_images` |
/// | `arr_0` (`numpy.savez` without names), or the only array of two dimensions or more | | |
///
/// Upper and lower case are equal; if several names exist, the first in the table counts; `val` is
/// used if there is no `test`. The names are those of scikit-learn, Keras and MedMNIST.
struct ArchiveArrays: Sendable {
  /// The arrays' names and their indices among the archive's members.
  private let arrays: [(name: String, member: Int)]

  init(members: [String]) {
    arrays = members.enumerated().compactMap { index, name in
      name.hasSuffix(".npy") ? (String(name.dropLast(4)), index) : nil
    }
  }

  static let examples = [
    "x_train", "train_x", "train_images", "train_data", "x", "images", "imgs", "data", "features",
    "arr_0",
  ]
  private static let labels = ["y", "labels", "targets", "target"]

  var names: [String] { arrays.map(\.name) }

  /// The array of this name; upper and lower case are distinguished only if both exist.
  func member(_ name: String) -> Int? {
    (arrays.first { $0.name == name }
      ?? arrays.first { $0.name.lowercased() == name.lowercased() })?.member
  }

  /// The first of these names that exists, as the archive spells it.
  func first(of names: [String]) -> String? {
    names.lazy.compactMap { name in member(name) }.first.flatMap { member in
      arrays.first { $0.member == member }?.name
    }
  }

  /// The labels that belong to examples of this name.
  func labels(of name: String) -> String? {
    let parts = name.lowercased().split(separator: "_", omittingEmptySubsequences: false)
    let partners = ["x": ["y"], "features": Self.labels, "arr": []]
    let names = parts.indices.flatMap { index in
      let part = String(parts[index])
      guard
        let own = partners[part] ?? (["images", "imgs", "data"].contains(part) ? Self.labels : nil)
      else { return [] as [String] }
      return own.map { partner in
        var parts = parts.map(String.init)
        parts[index] = partner
        return parts.joined(separator: "_")
      }
    }
    return first(
      of: names
        + (Self.examples.prefix(9).dropFirst(4).contains(name.lowercased()) ? Self.labels : []))
  }

  /// The test examples that belong to training examples of this name.
  func test(of name: String) -> String? {
    let name = name.lowercased()
    let names = ["test", "val", "valid", "validation"].flatMap { part in
      name.contains("train")
        ? [name.replacing("train", with: part)]
        : Self.examples.contains(name) && name != "arr_0"
          ? ["\(name)_\(part)", "\(part)_\(name)", "x_\(part)", "\(part)_images"] : []
    }
    return first(of: names)
  }
}
