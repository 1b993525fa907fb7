// Checks a recipe on the first OpenCL device with the kernels of one style, as a training does before
// its first epoch and as `aegpu doctor` does, and says what came of it.
//
//     DoctorProbe vae thin [key.path=value…]
//     DoctorProbe vae thin --weights FILE [key.path=value…]     writes what some steps train
//
// Tools/doctor-mutations runs it with kernels that are changed on their way to the driver.

import Benchmarks
import Datasets
import Doctor
import Foundation
import OpenCLBackend
import Plans
import Recipes
import Training

struct Answer: Codable {
  /// `right`, or what is wrong.
  var preFlight = "right"
  var doctor = "right"
}

var arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 2, let style = WorkStyle(rawValue: arguments[1]) else {
  print("DoctorProbe: expected a recipe and fat or thin, received \(arguments)")
  exit(64)
}
let wantsWeights = arguments.dropFirst(2).first == "--weights"
var document = try RecipeDocument(named: arguments[0])
for setting in arguments.dropFirst(wantsWeights ? 4 : 2) {
  let parts = setting.split(separator: "=", maxSplits: 1)
  try document.set(String(parts[0]), to: String(parts[1]))
}
var recipe = try document.recipe()
recipe.earlyStopping = nil
(recipe.pictures.reconstructions, recipe.pictures.samples) = (0, 0)
let data = try TrainingData(randomFor: recipe, batches: 2, validationCount: 70)
let plans = try RunPlans(recipe, data)

if wantsWeights {
  recipe.epochs = 2
  let backend = try OpenCLBackend(deviceIndex: 0, style: style)
  let trainer = try Trainer(recipe, data, plans: plans, on: backend)
  var losses: [Double] = []
  _ = try trainer.run { event in
    if case .epoch(let report) = event {
      losses += [report.training.loss, report.validation?.loss ?? 0]
    }
  }
  let weights = try trainer.session.weights()
  let bytes = (weights.flat + weights.state + losses).withUnsafeBytes { Data($0) }
  try bytes.write(to: URL(fileURLWithPath: arguments[3]))
  exit(0)
}

var answer = Answer()
do {
  var notices: [String] = []
  try PreFlight(nil) { notices.append($0) }
    .check(recipe, plans, on: OpenCLBackend(deviceIndex: 0, style: style))
  // What was set aside is said so.
  answer.preFlight = notices.first { $0.contains("wrong") } ?? "right"
} catch {
  answer.preFlight = "\(error)"
}
do {
  let result = try Checkup(nil).run(
    recipe, plans, on: OpenCLBackend(deviceIndex: 0, style: style))
  answer.doctor = result.evidence.first.map { "\($0)" } ?? "right"
} catch {
  answer.doctor = "\(error)"
}
print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
