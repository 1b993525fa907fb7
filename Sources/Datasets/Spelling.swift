/// Finds the name that was probably meant by a misspelt one.
package enum Spelling {
  /// The nearest of `known` by Damerau-Levenshtein distance; `nil` if none is within a third of the
  /// name's length, or within 1 for a short name. Upper and lower case are equal.
  package static func nearest(to name: String, of known: [String]) -> String? {
    guard name.count <= 60 else { return nil }
    let distances = known.map { (name: $0, distance: distance(name.lowercased(), $0.lowercased())) }
    let nearest = distances.min { $0.distance < $1.distance }
    guard let nearest, nearest.distance <= max(name.count / 3, 1) else { return nil }
    return nearest.name
  }

  /// `; did you mean dense?`, or nothing.
  package static func hint(_ name: String, of known: [String]) -> String {
    nearest(to: name, of: known).map { "; did you mean \($0)?" } ?? ""
  }

  /// The number of insertions, deletions, replacements and swaps of neighbouring letters that
  /// convert one text to the other (Damerau, 1964; no letter is edited twice).
  static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var least = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          least = min(least, before[j - 1] + 1)
        }
        row.append(least)
      }
      (before, last) = (last, row)
    }
    return last[b.count]
  }
}
