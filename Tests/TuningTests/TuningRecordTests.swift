import Foundation
import OpenCLBackend
import Plans
import Recipes
import TestFolders
import Testing
import Tuning

/// The records of a device, and the errors for files that cannot be used.
@Suite struct TuningRecordTests {
  private static func device(driver: String = "1.2") -> DeviceInformation {
    DeviceInformation(
      identifier: "0", name: "NVIDIA H200 (80 GB)", kind: .gpu, vendor: "NVIDIA", driver: driver,
      version: "OpenCL 3.0", computeUnits: 132, clockMegahertz: 1, globalMemoryBytes: 1,
      localMemoryBytes: 1, largestAllocationBytes: 1)
  }

  private static func product(_ m: Int, _ candidate: ProductCandidate) -> TuningRecord.Product {
    let timed = TuningRecord.Product.Timed(candidate, microseconds: 1.5)
    return TuningRecord.Product(
      ProductShape(m: m, n: 2, k: 3), fastest: timed, usual: timed, wrong: [.clblast])
  }

  private func recipe(_ name: String, batchSize: Int = 8) throws -> Recipe {
    var document = try RecipeDocument(named: name)
    try document.set("batchSize", to: "\(batchSize)")
    return try document.recipe()
  }

  private func inTuningFolder(_ body: (TuningFolder, String) throws -> Void) throws {
    try inFolder { path in
      try body(try #require(TuningFolder { $0 == "AEGPU_CACHE_DIR" ? path : nil }), path)
    }
  }

  @Test func whatIsMeasuredAgainIsReplaced() throws {
    var record = TuningRecord(TuningRecord.Device(Self.device()))
    record.add(Self.product(1, .clblast))
    record.add(Self.product(2, .clblast))
    record.add(Self.product(1, .square(tile: 64)))
    #expect(record.products.map(\.shape.m) == [2, 1])
    #expect(record.products.map(\.fastest.candidate) == [.clblast, .square(tile: 64)])
    #expect(
      record.table
        == ProductTable([
          ProductShape(m: 2, n: 2, k: 3): .clblast,
          ProductShape(m: 1, n: 2, k: 3): .square(tile: 64),
        ]))

    let (simple, larger, deep) = (
      try recipe("simple"), try recipe("simple", batchSize: 9), try recipe("deep")
    )
    record.add(try TuningRecord.Rate(simple, samplesPerSecond: 10))
    record.add(try TuningRecord.Rate(larger, samplesPerSecond: 20))
    record.add(try TuningRecord.Rate(simple, samplesPerSecond: 30))
    #expect(record.rates.count == 2)
    #expect(try record.rate(of: simple)?.samplesPerSecond == 30)
    #expect(try record.rate(of: larger)?.samplesPerSecond == 20)
    #expect(try record.rate(of: deep) == nil)
    var document = try RecipeDocument(named: "simple")
    try document.set("batchSize", to: "8")
    try document.set("encoder.0.dense.units", to: "31")
    #expect(try record.rate(of: document.recipe()) == nil)
  }

  @Test func aFileGivesBackTheRecord() throws {
    try inTuningFolder { folder, path in
      let device = Self.device()
      #expect(try folder.record(of: device) == nil)
      var record = TuningRecord(TuningRecord.Device(device))
      record.add(Self.product(1, .clblast))
      record.add(try TuningRecord.Rate(recipe("simple"), samplesPerSecond: 10, schedule: .fused))
      try folder.write(record, of: device)
      let file = folder.file(of: device)
      #expect(file == path + "/tuned/gpu-nvidia-h200-80-gb.json")
      #expect(try folder.record(of: device) == record)
      let text = try String(contentsOfFile: file, encoding: .utf8)
      #expect(text.contains("\"candidate\" : \"clblast\"") && text.hasSuffix("}\n"))
      // No temporary file stays.
      #expect(try FileManager.default.contentsOfDirectory(atPath: path + "/tuned").count == 1)
    }
  }

  @Test func anotherDriverIsTold() throws {
    try inTuningFolder { folder, _ in
      let record = TuningRecord(TuningRecord.Device(Self.device()))
      try folder.write(record, of: Self.device())
      let file = folder.file(of: Self.device())
      do {
        _ = try folder.record(of: Self.device(driver: "1.3"))
        Issue.record("it was taken")
      } catch {
        #expect(
          "\(error)"
            == "\(file): expected results for NVIDIA H200 (80 GB), driver 1.3, OpenCL 3.0, "
            + "received results for NVIDIA H200 (80 GB), driver 1.2, OpenCL 3.0")
      }
    }
  }

  @Test func noFolder() throws {
    let folder = try #require(TuningFolder { $0 == "AEGPU_CACHE_DIR" ? "/proc/aegpu" : nil })
    do {
      try folder.create()
      Issue.record("it was made")
    } catch {
      #expect(
        "\(error)"
          == "/proc/aegpu/tuned: expected a folder that can be written, for the results of tune; set "
          + "AEGPU_CACHE_DIR to another")
    }
  }

  @Test func aListIsNoRecord() throws {
    try inTuningFolder { folder, _ in
      try folder.create()
      let file = folder.file(of: Self.device())
      try "[]".write(toFile: file, atomically: true, encoding: .utf8)
      do {
        _ = try folder.record(of: Self.device())
        Issue.record("it was taken")
      } catch {
        #expect("\(error)".hasPrefix("\(file): expected a file of aegpu tune, but it is not "))
      }
    }
  }

  /// Faults in a good file, and their errors.
  @Test(arguments: [
    ("{", "", "it is not JSON"),
    ("\"driver\"", "\"drover\"", "the field driver is missing"),
    (
      "\"clblast\"", "\"cublas\"",
      "expected a product's candidate, such as square tile=64, received cublas"
    ),
    ("\"m\" : 1", "\"m\" : \"1\"", "products.Index 0.shape.m is not of type Int"),
  ])
  func brokenFiles(good: String, bad: String, reason: String) throws {
    try inTuningFolder { folder, _ in
      var record = TuningRecord(TuningRecord.Device(Self.device()))
      record.add(Self.product(1, .clblast))
      try folder.write(record, of: Self.device())
      let file = folder.file(of: Self.device())
      let text = try String(contentsOfFile: file, encoding: .utf8)
      #expect(text.contains(good))
      try text.replacing(good, with: bad).write(toFile: file, atomically: true, encoding: .utf8)
      do {
        _ = try folder.record(of: Self.device())
        Issue.record("it was taken")
      } catch {
        #expect("\(error)" == "\(file): expected a file of aegpu tune, but \(reason)")
      }
    }
  }

  @Test func folders() {
    func cache(_ variables: [String: String]) -> String? {
      TuningFolder { variables[$0] }?.cache
    }
    #expect(
      cache(["AEGPU_CACHE_DIR": "/a", "XDG_CACHE_HOME": "/x", "HOME": "/h"]) == "/a")
    #expect(cache(["XDG_CACHE_HOME": "/x", "HOME": "/h"]) == "/x/aegpu")
    #expect(
      cache(["AEGPU_CACHE_DIR": "", "XDG_CACHE_HOME": "x", "HOME": "/h"]) == "/h/.cache/aegpu")
    #expect(cache([:]) == nil)
  }
}
