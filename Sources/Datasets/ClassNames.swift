/// The classes of a data set whose labels are texts: sorted by number if all are whole numbers,
/// else by their bytes. The index of a class is its label.
struct ClassNames: Sendable {
  let names: [String]
  private let labels: [String: Int32]

  init(_ texts: some Sequence<String>) {
    let distinct = Set(texts)
    let numbers = distinct.compactMap { text in Int(text).map { (number: $0, text: text) } }
    names =
      numbers.count == distinct.count
      ? numbers.sorted { ($0.number, $0.text) < ($1.number, $1.text) }.map(\.text)
      : distinct.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    labels = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
  }

  /// The label of one of the texts.
  func label(_ text: String) -> Int32 {
    labels[text]!
  }
}
