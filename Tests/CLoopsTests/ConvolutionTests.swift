import CLoops
import Testing

/// The loops for one channel, compared with the plain ones, on one thread and on two.
@Suite struct ConvolutionTests {
  private func numbers(_ count: Int, _ salt: Int) -> [Float] {
    (0..<count).map { Float(($0 * 7919 + salt) % 1009) / 1009 - 0.4 }
  }

  private func windows(
    _ images: Int, _ side: Int, _ channels: Int, _ size: Int, _ stride: Int
  ) -> loops_windows {
    let count = (side + stride - 1) / stride
    let offset = max((count - 1) * stride + size - side, 0) / 2
    return loops_windows(
      images: images, height: side, width: side, channels: channels, result_height: count,
      result_width: count, size: size, stride: stride, above: offset, left: offset)
  }

  private func close(_ a: [Float], _ b: [Float], within bound: Float) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= bound }
  }

  static let cases = [
    (images: 70, side: 9, channels: 17, size: 3, stride: 1),
    (images: 3, side: 28, channels: 32, size: 3, stride: 1),
    (images: 33, side: 13, channels: 40, size: 5, stride: 2),
    (images: 2, side: 12, channels: 8, size: 9, stride: 3),
  ]

  @Test(arguments: cases)
  func toOneChannel(images: Int, side: Int, channels: Int, size: Int, stride: Int) {
    var s = windows(images, side, channels, size, stride)
    let results = images * s.result_height * s.result_width
    let (x, w) = (numbers(images * side * side * channels, 1), numbers(size * size * channels, 2))
    var epilogue = loops_epilogue()
    var plain = [Float](repeating: .nan, count: results)
    loops_convolve(&s, 1, x, w, &plain, &epilogue, 2)
    for threads in [Int32(1), 2] {
      var thin = [Float](repeating: .nan, count: results)
      loops_convolve_to_one(&s, x, w, &thin, &epilogue, threads)
      #expect(close(thin, plain, within: 1e-4))
    }
  }

  @Test(arguments: cases)
  func backToOneChannel(images: Int, side: Int, channels: Int, size: Int, stride: Int) {
    var s = windows(images, side, 1, size, stride)
    let results = images * s.result_height * s.result_width
    let (y, w) = (numbers(results * channels, 5), numbers(size * size * channels, 6))
    var epilogue = loops_epilogue()
    var plain = [Float](repeating: .nan, count: images * side * side)
    loops_convolve_input_gradient(&s, channels, y, w, &plain, &epilogue, 2)
    for threads in [Int32(1), 2] {
      var thin = [Float](repeating: .nan, count: plain.count)
      loops_spread_to_one(&s, channels, y, w, &thin, &epilogue, threads)
      #expect(close(thin, plain, within: 1e-4))
    }
  }

  @Test(arguments: cases, [false, true])
  func weightGradients(
    _ sizes: (images: Int, side: Int, channels: Int, size: Int, stride: Int), xIsWide: Bool
  ) {
    var s = windows(
      sizes.images, sizes.side, xIsWide ? sizes.channels : 1, sizes.size, sizes.stride)
    let outputs = xIsWide ? 1 : sizes.channels
    let x = numbers(sizes.images * sizes.side * sizes.side * s.channels, 3)
    let dy = numbers(sizes.images * s.result_height * s.result_width * outputs, 4)
    let count = sizes.size * sizes.size * sizes.channels
    var epilogue = loops_epilogue()
    var plain = [Float](repeating: .nan, count: count)
    loops_convolve_weight_gradient(&s, outputs, x, dy, &plain, &epilogue, 2)
    var results: [[Float]] = []
    for threads in [Int32(1), 2] {
      var thin = [Float](repeating: .nan, count: count)
      var partial = [Float](repeating: .nan, count: loops_correlation_parts(&s) * count)
      loops_correlate(
        &s, sizes.channels, xIsWide ? x : dy, xIsWide ? dy : x, xIsWide ? 1 : 0, &partial, &thin,
        threads)
      #expect(close(thin, plain, within: 2e-3))
      results.append(thin)
    }
    #expect(results[0] == results[1])
  }
}
