import CLoops
import Glibc
import Testing

@Suite struct RandomTests {
  /// Random123's known answers.
  @Test(arguments: [
    (UInt32(0), [UInt32](arrayLiteral: 0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)),
    (UInt32.max, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
  ])
  func philoxKnownAnswers(word: UInt32, answer: [UInt32]) {
    var words = [UInt32](repeating: 0, count: 4)
    loops_philox([UInt32](repeating: word, count: 4), [word, word], &words)
    #expect(words == answer)
  }

  /// Box-Muller in `Double` from the same words; lengths end within a counter and within a block of
  /// 64.
  @Test(arguments: [1, 2, 3, 4, 5, 255, 256, 257, 1025, 20_001])
  func normalsEqualDouble(count: Int) {
    let (seed, step, stream) = (UInt64(0x0123_4567_89ab_cdef), UInt64(1 << 33 + 7), UInt32(3))
    let guarded: Float = 12345
    var y = [Float](repeating: guarded, count: count + 4)
    var draw = loops_draw(
      seed: seed, step: step, stream: stream, first: 0, rows: 1, columns: count, draws: 1)
    loops_normal(&draw, &y, 2)
    #expect(y[count...].allSatisfy { $0 == guarded })
    for element in 0..<count {
      var words = [UInt32](repeating: 0, count: 4)
      loops_philox(
        [UInt32(element / 4), UInt32(truncatingIfNeeded: step), UInt32(step >> 32), stream],
        [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)], &words)
      let pair = element % 4 / 2 * 2
      let radius = (-2 * log(Double((words[pair] >> 8) + 1) * 0x1p-24)).squareRoot()
      let angle = 2 * Double.pi * Double(words[pair + 1] >> 8) * 0x1p-24
      let exact = radius * (element % 2 == 0 ? cos(angle) : sin(angle))
      // Radius at most 5.77, sine and cosine within 1e-7.
      #expect(abs(Double(y[element]) - exact) <= 1e-6)
    }
  }

  @Test func threadsDrawTheSame() {
    var one = [Float](repeating: 0, count: 50_001)
    var two = one
    var draw = loops_draw(
      seed: 1, step: 2, stream: 3, first: 0, rows: 1, columns: one.count, draws: 1)
    loops_normal(&draw, &one, 1)
    loops_normal(&draw, &two, 2)
    #expect(one == two)
  }

  /// Rows of many widths: each draws independently, at its own step.
  @Test(arguments: [1, 3, 4, 20, 257, 1030], [1, 3])
  func rowsAreDrawnByThemselves(columns: Int, draws: Int) {
    let rows = 9 * draws
    let guarded: Float = 12345
    var all = [Float](repeating: guarded, count: rows * columns + 4)
    var draw = loops_draw(
      seed: 5, step: 1 << 32 - 4, stream: 6, first: 0, rows: rows, columns: columns, draws: draws)
    loops_normal(&draw, &all, 2)
    #expect(all[(rows * columns)...].allSatisfy { $0 == guarded })
    for row in 0..<rows {
      let step = UInt64(1 << 32 - 4 + row / draws) + UInt64(row % draws) << 32
      var one = loops_draw(
        seed: 5, step: step, stream: 6, first: 0, rows: 1, columns: columns, draws: 1)
      var alone = [Float](repeating: 0, count: columns)
      loops_normal(&one, &alone, 1)
      #expect(Array(all[row * columns..<(row + 1) * columns]) == alone)
    }
  }
}
