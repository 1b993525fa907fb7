import AEGPU

let digits = try Dataset("digits")
let recipe = try Recipe(
  "digits", encoder: [.flatten, .dense(128, .relu)], latent: ["variational": ["units": 8]],
  decoder: [.dense(128, .relu), .dense(.input), .reshape([28, 28, 1])],
  loss: ["reconstruction": "binaryCrossEntropyWithLogits", "reduction": "batchMean"], epochs: 3)

let model = try Autoencoder.train(recipe, on: digits, device: .automatic) { progress in
  if case .epoch(let epoch) = progress { print("epoch \(epoch.epoch): \(epoch.training.loss)") }
}
let codes = try model.encode(digits)
print("\(codes.count) codes of \(codes.shape)")
let images = try model.sample(16, seed: 3)
print("\(images.count) images of \(images.shape)")
try model.save(to: CommandLine.arguments[1])
