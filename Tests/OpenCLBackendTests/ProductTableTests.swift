import Foundation
import Graphs
import OpenCLBackend
import Plans
import TestSupport
import Testing

/// A plan uses the choice of a table, but only if it supports the product.
@Suite(.serialized) struct ProductTableTests {
  private static let awkward: [ProductShape] = [1, 3, 17, 33, 65, 257].flatMap { m in
    [1, 20, 784].flatMap { n in
      [1, 20, 8192].flatMap { k in
        (0..<4).map { transposes in
          var shape = ProductShape(m: m, n: n, k: k)
          shape.transposeA = transposes & 1 == 1
          shape.transposeB = transposes & 2 == 2
          return shape
        }
      }
    }
  }

  @Test(arguments: OpenCLTestDevice.all)
  func namedShapesGetTheirCandidate(_ device: OpenCLTestDevice) throws {
    let named = ProductShape(m: 20, n: 10, k: 33)
    let chosen = ProductCandidate.panel(
      ProductCandidate.Panel(rows: 4, shares: 2, isPacked: true, slices: 2))
    let table = ProductTable([named: chosen])
    #expect(try candidate(of: named, table, device) == chosen)
    let usual = try candidate(of: named, ProductTable(), device)
    #expect(usual != chosen)
    let other = ProductShape(m: 20, n: 10, k: 34)
    #expect(try candidate(of: other, table, device) != chosen)
  }

  @Test(arguments: OpenCLTestDevice.all)
  func aCandidateThatDoesNotServeGivesWay(_ device: OpenCLTestDevice) throws {
    // Of another kind of device, of more rows or slices than there are, and of a B that wants
    // packing.
    var shape = ProductShape(m: 3, n: 10, k: 33)
    shape.transposeB = true
    let usual = try candidate(of: shape, ProductTable(), device)
    let useless: [ProductCandidate] = [
      .square(tile: 64), .block(ProductCandidate.Block(rows: 32, columns: 32)),
      .panel(ProductCandidate.Panel(rows: 4, shares: 1, isPacked: true)),
      .panel(ProductCandidate.Panel(rows: 2, shares: 1, isPacked: true, slices: 34)),
      .panel(ProductCandidate.Panel(rows: 2, shares: 1, isPacked: false)),
    ]
    for candidate in useless {
      #expect(try self.candidate(of: shape, ProductTable([shape: candidate]), device) == usual)
    }
  }

  /// The usual one first, each once, and none that could not compute it.
  @Test(arguments: OpenCLTestDevice.styled)
  func candidatesServe(_ device: OpenCLTestDevice) throws {
    let backend = try device.open()
    for shape in Self.awkward {
      let candidates = backend.candidates(shape)
      #expect(Set(candidates).count == candidates.count)
      #expect(candidates.count >= 2 && candidates.contains(.clblast))
      #expect(candidates.allSatisfy { $0.serves(shape, device.style) }, "\(shape)")
    }
  }

  /// On a large device a narrow result gets a narrow tile, and one of few tiles and many terms is
  /// sliced.
  @Test func usualOnAGPU() {
    func usual(_ m: Int, _ n: Int, _ k: Int) -> ProductCandidate {
      WorkSizes(.thin, computeUnits: 132, local: 256).usualProduct(ProductShape(m: m, n: n, k: k))
    }
    typealias Block = ProductCandidate.Block
    #expect(usual(8192, 8192, 784) == .block(Block(rows: 128, columns: 128)))
    #expect(usual(8192, 20, 128) == .block(Block(rows: 32, columns: 32)))
    #expect(usual(32_768, 10, 128) == .block(Block(rows: 128, columns: 16)))
    #expect(usual(512, 784, 256) == .block(Block(rows: 32, columns: 32)))
    #expect(usual(128, 20, 8192) == .block(Block(rows: 32, columns: 32, slices: 33)))
    #expect(usual(20, 10, 33) == .block(Block(rows: 32, columns: 16)))
  }

  @Test func textsRoundTrip() throws {
    let all = ProductCandidate.all(.fat) + ProductCandidate.all(.thin)
    #expect(Set(all).count == all.count)
    for candidate in all {
      #expect(ProductCandidate(candidate.description) == candidate)
      let json = try JSONEncoder().encode(candidate)
      #expect(try JSONDecoder().decode(ProductCandidate.self, from: json) == candidate)
    }
  }

  @Test(arguments: [
    "", "panel", "panel rows=17 shares=1 packed=0 slices=1",
    "panel rows=0 shares=1 packed=0 slices=1",
    "panel rows=8 shares=1 packed=2 slices=1", "panel rows=8 shares=0 packed=1 slices=1",
    "panel rows=8 shares=1 packed=1", "panel rows=8 shares=1 packed=1 slices=1 more=1",
    "square tile=48", "square", "block rows=48 columns=32 slices=1",
    "block rows=256 columns=32 slices=1", "block rows=32 columns=32 slices=0", "clblast ", "cublas",
  ])
  func otherTextsAreNone(_ text: String) throws {
    #expect(ProductCandidate(text) == nil)
    let json = try JSONEncoder().encode(text)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(ProductCandidate.self, from: json)
    }
  }

  private func candidate(
    of shape: ProductShape, _ table: ProductTable, _ device: OpenCLTestDevice
  ) throws -> ProductCandidate {
    let (m, n, k) = (shape.m, shape.n, shape.k)
    var graph = Graph()
    let a = graph.add(.input(name: "a"), TensorType(shape.transposeA ? [k, m] : [m, k]))
    let b = graph.add(.input(name: "b"), TensorType(shape.transposeB ? [n, k] : [k, n]))
    let op = Product(transposeA: shape.transposeA, transposeB: shape.transposeB)
    let c = try graph.add(.product(op), [a, b])[0]
    let backend = try OpenCLTestDevice(index: device.index, style: .fat).open(table)
    let store = try backend.makeStore(.empty)
    let plan = Plan("product", graph, outputs: [c], parameters: ParameterLayout([]))
    let choices = try store.prepare(plan).productChoices
    #expect(choices.map(\.shape) == [shape])
    return try #require(choices.first.flatMap { ProductCandidate($0.candidate) })
  }
}
