/// Small letters for captions: a to z, space, colon and comma, 5 pixels wide and 9 high, of which
/// two above and two below belong to letters such as b and g.
enum BitmapFont {
  static let height = 9
  /// From one letter to the next.
  static let advance = 6

  /// The pixels of a text at scale 1: `(x, y)` of each that is drawn. Characters that the font does
  /// not have are left blank.
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

  /// The letters of each band, and the band as it is drawn.
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
