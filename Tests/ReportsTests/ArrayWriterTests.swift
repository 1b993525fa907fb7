import Foundation
import Reports
import TestFolders
import Testing

@Suite struct ArrayWriterTests {
  /// Three rows of `[2]` in two pieces.
  private func written(_ form: ArrayForm, labels: [String]?) throws -> Data {
    var data = Data()
    try inFolder { folder in
      let path = folder + "/out"
      let writer = try ArrayWriter(
        path, form: form, rows: 3, shape: [2], names: ["a", "b,c"], labels: labels,
        facts: [("run", "runs/\"x\""), ("data", "digits")])
      try writer.write([1, 2.5])
      try writer.write([.nan, 4, 5, -0.1])
      try writer.finish()
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    }
    return data
  }

  @Test func csv() throws {
    #expect(
      try String(decoding: written(.csv, labels: ["x", "y", "x"]), as: UTF8.self)
        == "row,a,\"b,c\",label\n0,1.0,2.5,x\n1,nan,4.0,y\n2,5.0,-0.1,x\n")
    #expect(
      try String(decoding: written(.csv, labels: nil), as: UTF8.self)
        == "row,a,\"b,c\"\n0,1.0,2.5\n1,nan,4.0\n2,5.0,-0.1\n")
  }

  @Test func json() throws {
    let object = try JSONSerialization.jsonObject(with: written(.json, labels: ["x", "y", "x"]))
    let fields = try #require(object as? [String: Any])
    #expect(fields["run"] as? String == "runs/\"x\"" && fields["data"] as? String == "digits")
    #expect(fields["shape"] as? [Int] == [3, 2])
    #expect(fields["labels"] as? [String] == ["x", "y", "x"])
    let values = try #require(fields["values"] as? [[Any]])
    #expect(values.map(\.count) == [2, 2, 2])
    #expect(values[1][0] is NSNull && values[1][1] as? Double == 4)
    let without = try JSONSerialization.jsonObject(with: written(.json, labels: nil))
    #expect((without as? [String: Any])?["labels"] == nil)
  }

  /// The format that NumPy reads: a header with the shape, then the values.
  @Test func npy() throws {
    let data = try written(.npy, labels: nil)
    #expect(data.count == 128 + 24)
    #expect(String(decoding: data[10..<128], as: UTF8.self).contains("'shape': (3, 2), }"))
    #expect(data.suffix(4) == withUnsafeBytes(of: Float(-0.1)) { Data($0) })
  }

  @Test func endings() {
    #expect(ArrayForm(endingOf: "a/b.NPY") == .npy)
    #expect(ArrayForm(endingOf: "x.tar.csv") == .csv)
    #expect(ArrayForm(endingOf: "x.png") == .png)
    #expect(ArrayForm(endingOf: "dir.npy/x") == nil)
    #expect(ArrayForm(endingOf: ".csv") == nil)
    #expect(ArrayForm(endingOf: "-") == nil)
  }
}
