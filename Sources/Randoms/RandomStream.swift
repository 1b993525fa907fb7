/// The purpose of a random number: the last counter word of Philox, so that two uses never share
/// numbers.
///
/// | stream | raw value | step | element |
/// |---|---|---|---|
/// | `shuffle` | 1 | epoch | word of the shuffle, in the order drawn |
/// | `inputNoise` | 2 | training step | value in the batch |
/// | `latent` | 3 | training step | value in the batch of latent vectors |
/// | `dropout` | 4 | training step | value in the batch |
/// | `sampling` | 5 | number of the sample, from 0 | value in its code |
/// | `evaluation` | 6 | row of the example in its feed | value in its latent vector |
/// | `evaluationNoise` | 7 | row of the example in its feed | value in the example |
/// | `mixture` | 8 | 0 first centres, 1 components, 2 codes | centre, sample, value in the sample |
/// | `importance` | 9 | row of the example in its feed + 2³² · number of the draw | value in its latent vector |
/// | `split` | 10 | 0 | word of the shuffle by which examples are held out for validation |
/// | `prior` | 11 | training step | value in the batch of draws from the prior |
/// | `evaluationPrior` | 12 | row of the example in its feed | value in its draw from the prior |
/// | `codebook` | 13 | training step + 1 | code that is restarted |
/// | `weights(tensor:)` | 65536 + tensor | 0 | value in the tensor, in canonical layout |
/// | `dropout(layer:)` | 131072 + layer | training step | value in the layer's input |
/// | `noise(layer:)` | 196608 + layer | training step | value in the layer's input |
///
/// Training draws new numbers for the batch in each step. Evaluation draws for each example or
/// sample separately: batch size and start of batches do not matter.
///
/// Raw values determine the meaning of a seed: a new stream gets a new value, and existing values
/// never change.
package struct RandomStream: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  package static let shuffle = RandomStream(rawValue: 1)
  package static let inputNoise = RandomStream(rawValue: 2)
  package static let latent = RandomStream(rawValue: 3)
  package static let dropout = RandomStream(rawValue: 4)
  package static let sampling = RandomStream(rawValue: 5)
  package static let evaluation = RandomStream(rawValue: 6)
  package static let evaluationNoise = RandomStream(rawValue: 7)
  package static let mixture = RandomStream(rawValue: 8)
  package static let importance = RandomStream(rawValue: 9)
  package static let split = RandomStream(rawValue: 10)
  package static let prior = RandomStream(rawValue: 11)
  package static let evaluationPrior = RandomStream(rawValue: 12)
  package static let codebook = RandomStream(rawValue: 13)

  /// The initial weights of the tensor with this index, counted from 0 over the whole network.
  package static func weights(tensor: Int) -> RandomStream {
    RandomStream(rawValue: 0x1_0000 + UInt32(tensor))
  }

  /// The elements that a dropout layer sets to 0; layers that draw numbers are counted from 0 over
  /// the whole network.
  package static func dropout(layer: Int) -> RandomStream {
    RandomStream(rawValue: 0x2_0000 + UInt32(layer))
  }

  /// The noise that a layer adds to its input; layers are counted as for `dropout(layer:)`.
  package static func noise(layer: Int) -> RandomStream {
    RandomStream(rawValue: 0x3_0000 + UInt32(layer))
  }
}
