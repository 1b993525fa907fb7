import Benchmarks
import CPUBackend
import NetworkSuite
import Recipes
import Testing

/// The networks of the suite are what they are said to be, and train.
struct NetworkSuiteTests {
  @Test(arguments: NetworkSuite.names) func trains(_ name: String) throws {
    let text = try #require(NetworkSuite.text(named: name))
    var document = try RecipeDocument(text: text, source: name)
    #expect(text.hasPrefix("# ") && text.contains("\nname: \(name)\n"))
    let batchSize = try document.recipe().batchSize
    #expect((1...8192).contains(batchSize))
    try document.set("batchSize", to: "2")
    var settings = BenchmarkSettings()
    (settings.windows, settings.windowSeconds, settings.batches) = (1, 0.001, 1)
    settings.peakSizes = [8]
    let row = try BenchmarkRow(document.recipe(), settings, on: CPUBackend())
    #expect(row.recipe == name && row.batchSize == 2)
    #expect(row.samplesPerSecond.median > 0)
  }

  @Test func coversSizes() throws {
    let sizes = try NetworkSuite.names.map { name in
      try RecipeDocument(text: NetworkSuite.text(named: name)!, source: name).recipe().batchSize
    }
    #expect(sizes.count == 20 && sizes.contains(1) && sizes.contains(8192))
  }
}
