import Foundation
import Recipes

/// What a run's files say of how it went, for a table of several.
package struct RunRecord: Sendable {
  package let saved: SavedRun
  /// For example `cpu (AMD EPYC)`.
  package let device: String
  package let data: String
  /// The examples that judge, so that equal texts mean the same ones.
  package let judgedBy: String
  /// That the losses are of, and how long all epochs took.
  package let epoch: Int
  package let seconds: Double
  /// By name, `loss` first among them.
  package let training: [String: Double]
  package let validation: [String: Double]?

  private struct Environment: Decodable {
    struct Device: Decodable {
      let identifier: String
      let name: String
    }
    struct Source: Decodable {
      struct File: Decodable {
        let sha256: String
      }
      let name: String
      let files: [File]
    }
    let device: Device
    let data: [Source]
  }

  private struct Line: Decodable {
    let epoch: Int
    let seconds: Double
    let train: [String: Double]
    let validation: [String: Double]?
  }

  /// Throws where a file is missing or is not what a run writes.
  package init(_ saved: SavedRun) throws {
    self.saved = saved
    func contents(_ name: String) throws -> Data {
      let path = "\(saved.folder)/\(name)"
      guard let data = FileManager.default.contents(atPath: path) else {
        throw TrainingError.unreadable(path: path, reason: "nothing")
      }
      return data
    }
    let environment: Environment
    let lines: [Line]
    do {
      let decoder = JSONDecoder()
      environment = try decoder.decode(Environment.self, from: contents("environment.json"))
      // A line that a kill cut short is no epoch.
      lines = try contents("metrics.jsonl").split(separator: UInt8(ascii: "\n"))
        .compactMap { try? decoder.decode(Line.self, from: Data($0)) }
    } catch let error as DecodingError {
      throw TrainingError.unreadable(
        path: "\(saved.folder)/environment.json", reason: "something else (\(error))")
    }
    let kept = Int(saved.epochOfWeights ?? "")
    guard let line = lines.last(where: { $0.epoch == kept }) ?? lines.last else {
      throw TrainingError.unreadable(path: saved.folder + "/metrics.jsonl", reason: "no epoch")
    }
    device = "\(environment.device.identifier) (\(environment.device.name))"
    data = environment.data.first?.name ?? saved.recipe.data ?? ""
    epoch = line.epoch
    seconds = lines.reduce(0) { $0 + $1.seconds }
    training = line.train
    validation = line.validation
    judgedBy = Self.judgedBy(saved.recipe, environment.data)
  }

  private static func judgedBy(_ recipe: Recipe, _ sources: [Environment.Source]) -> String {
    // Files are told apart by what is in them.
    func name(_ source: Environment.Source?) -> String {
      guard let source else { return recipe.data ?? "" }
      return source.name + source.files.map { " " + $0.sha256.prefix(8) }.joined()
    }
    switch recipe.validation {
    case .none: return "nothing"
    case .test: return "\(name(sources.first)), test"
    case .data: return name(sources.last)
    case .fraction(let share):
      let limit = recipe.limit.map { ", first \($0)" } ?? ""
      return "\(name(sources.first)), \(share) held out by seed \(recipe.seed)\(limit)"
    case .last(let share):
      let limit = recipe.limit.map { ", first \($0)" } ?? ""
      return "\(name(sources.first)), last \(share)\(limit)"
    }
  }
}
