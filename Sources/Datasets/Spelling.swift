/// Which of several names was meant, where one was mistyped.
package enum Spelling {
  /// The nearest of `known` by the Damerau-Levenshtein distance; `nil` where none is nearer than a
  /// third of the name's length, or than 1 for a short one. Case does not count.
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

  /// How many letters must be put in, left out, exchanged for others or swapped with their
  /// neighbours to make one text of the other (Damerau, 1964; no letter is touched twice).
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
