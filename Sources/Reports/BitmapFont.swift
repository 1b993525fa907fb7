/// A small font for captions: a to z, space, colon and comma, 5 pixels wide and 9 high; the top two
/// and bottom two rows are for ascenders and descenders.
enum BitmapFont {
  static let height = 9
  /// The distance from one letter to the next.
  static let advance = 6

  /// The pixels `(x, y)` of a text at scale 1. Other characters are left blank.
  static func pixels(_ text: String) -> [(x: Int, y: Int)] {
    var pixels: [(x: Int, y: Int)] = []
    for (place, character) in text.enumerated() {
      guard let rows = glyphs[character] else { continue }
      for (y, row) in rows.enumerated() {
        for (x, mark) in row.enumerated() where mark == "#" {
          pixels.append((place * advance + x, y))
        }
      }
    }
    return pixels
  }

  static func width(_ text: String) -> Int { max(text.count * advance - 1, 0) }

  /// The letters of each band, and their pixels.
  private static let bands: [(letters: String, rows: String)] = [
    (
      "abcdefghij",
      """
      ..... #.... ..... ....# ..... ..##. ..... #.... ..#.. ...#.
      ..... #.... ..... ....# ..... .#... ..... #.... ..... .....
      .###. ####. .###. .#### .###. ###.. .#### ####. .##.. ..##.
      ....# #...# #.... #...# #...# .#... #...# #...# ..#.. ...#.
      .#### #...# #.... #...# ##### .#... #...# #...# ..#.. ...#.
      #...# #...# #.... #...# #.... .#... #...# #...# ..#.. ...#.
      .#### ####. .###. .#### .###. .#... .#### #...# .###. ...#.
      ..... ..... ..... ..... ..... ..... ....# ..... ..... #..#.
      ..... ..... ..... ..... ..... ..... .###. ..... ..... .##..
      """
    ),
    (
      "klmnopqrst",
      """
      #.... .##.. ..... ..... ..... ..... ..... ..... ..... .#...
      #.... ..#.. ..... ..... ..... ..... ..... ..... ..... .#...
      #..#. ..#.. ##.#. ####. .###. ####. .#### #.##. .#### ###..
      #.#.. ..#.. #.#.# #...# #...# #...# #...# ##..# #.... .#...
      ##... ..#.. #.#.# #...# #...# #...# #...# #.... .###. .#...
      #.#.. ..#.. #.#.# #...# #...# #...# #...# #.... ....# .#..#
      #..#. .###. #.#.# #...# .###. ####. .#### #.... ####. ..##.
      ..... ..... ..... ..... ..... #.... ....# ..... ..... .....
      ..... ..... ..... ..... ..... #.... ....# ..... ..... .....
      """
    ),
    (
      "uvwxyz:,",
      """
      ..... ..... ..... ..... ..... ..... ..... .....
      ..... ..... ..... ..... ..... ..... ..... .....
      #...# #...# #...# #...# #...# ##### .##.. .....
      #...# #...# #...# .#.#. #...# ...#. .##.. .....
      #...# #...# #.#.# ..#.. #...# ..#.. ..... .....
      #...# .#.#. #.#.# .#.#. #...# .#... .##.. .##..
      .#### ..#.. .#.#. #...# .#### ##### .##.. .##..
      ..... ..... ..... ..... ....# ..... ..... ..#..
      ..... ..... ..... ..... .###. ..... ..... .#...
      """
    ),
  ]

  private static let glyphs: [Character: [Substring]] = {
    var glyphs: [Character: [Substring]] = [:]
    for band in bands {
      let rows = band.rows.split(separator: "\n").map { $0.split(separator: " ") }
      for (place, letter) in band.letters.enumerated() {
        glyphs[letter] = rows.map { $0[place] }
      }
    }
    return glyphs
  }()
}
