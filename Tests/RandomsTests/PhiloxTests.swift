import Randoms
import Testing

@Suite struct PhiloxTests {
  /// Random123 1.14, `kat_vectors`, the three lines `philox4x32 10`.
  static let knownAnswers: [(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, words: SIMD4<UInt32>)] = [
    (
      SIMD4(0, 0, 0, 0), SIMD2(0, 0), SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
    ),
    (
      SIMD4(repeating: .max), SIMD2(repeating: .max),
      SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
    ),
    (
      SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), SIMD2(0xa409_3822, 0x299f_31d0),
      SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
    ),
  ]

  @Test(arguments: 0..<3) func givesTheKnownAnswers(index: Int) {
    let answer = Self.knownAnswers[index]
    #expect(Philox.block(counter: answer.counter, key: answer.key) == answer.words)
  }

  @Test func placesSeedStepAndStreamAsTheContractSays() {
    let philox = Philox(
      seed: 0x299f_31d0_a409_3822, stream: RandomStream(rawValue: 0x0370_7344),
      step: 0x1319_8a2e_85a3_08d3)
    let words: [UInt32] = [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
    #expect((0..<4).map { philox.word(4 * 0x243f_6a88 + $0) } == words)
  }

  @Test func streamsHaveTheirDocumentedValues() {
    let streams: [RandomStream] = [.shuffle, .inputNoise, .latent, .dropout, .sampling]
    #expect(streams.map(\.rawValue) == [1, 2, 3, 4, 5])
    #expect(RandomStream.weights(tensor: 7).rawValue == 65543)
    #expect(RandomStream.evaluation.rawValue == 6 && RandomStream.evaluationNoise.rawValue == 7)
    #expect(RandomStream.dropout(layer: 7).rawValue == 131_079)
    #expect(RandomStream.noise(layer: 7).rawValue == 196_615)
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5, 257]) func arraysEqualTheirElements(count: Int) {
    let philox = Philox(seed: 11, stream: .latent, step: 3)
    #expect(philox.uniforms(count: count) == (0..<count).map(philox.uniform))
    #expect(philox.doubleNormals(count: count) == (0..<count).map(philox.normal))
    #expect(philox.normals(count: count) == (0..<count).map { Float(philox.normal($0)) })
  }

  @Test func uniformsHaveTheirMoments() {
    let values = Philox(seed: 1, stream: .dropout).uniforms(count: 400_000).map(Double.init)
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    // Five standard errors: √(1/12 / n) = 4.6e-4, and for the second moment √(4/45 / n) = 4.7e-4.
    #expect(abs(mean(values) - 1.0 / 2) < 2.3e-3)
    #expect(abs(mean(values.map { $0 * $0 }) - 1.0 / 3) < 2.4e-3)
  }

  @Test func normalsHaveTheirMoments() {
    let values = Philox(seed: 2, stream: .inputNoise).doubleNormals(count: 400_000)
    // Five standard errors of each moment: √(var / n) with var 1, 2, 15 and 96.
    #expect(abs(mean(values)) < 7.9e-3)
    #expect(abs(mean(values.map { $0 * $0 }) - 1) < 1.2e-2)
    #expect(abs(mean(values.map { $0 * $0 * $0 })) < 3.1e-2)
    #expect(abs(mean(values.map { $0 * $0 * $0 * $0 }) - 3) < 7.8e-2)
    // Neighbours, the two of a pair included, are uncorrelated.
    #expect(abs(mean(zip(values, values.dropFirst()).map { $0 * $1 })) < 7.9e-3)
  }

  @Test func normalsFollowBoxMuller() {
    // Words 6627e8d5 and e169c58d, the known answer of all zeros; by hand u₁ = 0.399046481,
    // u₂ = 0.880520165, −2 ln u₁ = 1.83735475, tan 2πu₂ = −0.93293090, in the fourth quadrant.
    let philox = Philox(seed: 0, stream: RandomStream(rawValue: 0))
    let (first, second) = (philox.normal(0), philox.normal(1))
    #expect(abs(first * first + second * second - 1.837_354_75) < 1e-8)
    #expect(abs(second / first + 0.932_930_90) < 1e-8)
    #expect(first > 0)
  }

  private func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }
}
