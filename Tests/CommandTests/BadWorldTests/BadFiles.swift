import Foundation

/// Files that are good, to be cut, and files that lie.
enum BadFiles {
  /// The header of an array.
  static func npy(_ type: String = "<f4", shape: String, version: UInt8 = 1) -> Data {
    let text = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }\n"
    let size = UInt16(text.utf8.count)
    return Data([0x93] + Array("NUMPY".utf8) + [version, 0, UInt8(size & 255), UInt8(size >> 8)])
      + Data(text.utf8)
  }

  static let goodNPY = npy(shape: "(4, 3)") + Data(count: 48)

  static func idx(type: UInt8 = 8, _ sizes: [UInt32]) -> Data {
    Data(
      [0, 0, type, UInt8(sizes.count)]
        + sizes.flatMap { size in
          [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) }
        })
  }

  static let goodIDX = idx([10, 28, 28]) + Data(count: 7840)
  static let goodLabels = idx([10]) + Data(count: 10)

  /// - Parameter count: what it says of its header's size; the true one if `nil`.
  static func safetensors(_ header: String, count: UInt64? = nil) -> Data {
    let count = count ?? UInt64(header.utf8.count)
    return Data((0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + Array(header.utf8))
      + Data(count: 64)
  }

  static let goodCSV = Data("a,b,c\n1,2,3\n4,5,6\n7,8,10\n".utf8)

  /// 12 × 12 pixels.
  static let goodPNG = decoded(
    "iVBORw0KGgoAAAANSUhEUgAAAAwAAAAMCAAAAABzHgM7AAAAJ0lEQVR4nGNkYEcAxhAkDgsyh/EPMicAp7If"
      + "yBwfnMq+IHM8cCkDAMYcCSV2z82pAAAAAElFTkSuQmCC")

  /// The same, by Pillow.
  static let goodJPEG = decoded(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNi"
      + "UFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/wAALCAAMAAwBAREA/8QAFgABAQEAAAAAAAAAAAAAAAAABAMF"
      + "/8QAJRAAAQMBBgcAAAAAAAAAAAAAAQIDBAAFERITISIkMUGBkZOU/9oACAEBAAA/ADZMdmQtARCAB0AaccuH"
      + "TcnQ9qe2I+EbInyu1ZEPOdLi5EgKPMIcwDwLhWg3ZycI4mX71V//2Q==")

  /// An array `x` of 4 × 3 bytes, by NumPy.
  static let goodNPZ = decoded(
    "UEsDBC0AAAAIAAAAIQD2LOtv//////////8FABQAeC5ucHkBABAAjAAAAAAAAABSAAAAAAAAAJvsF+obEMnI"
      + "UMZQrZ6SWpxcpG6loF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GiY6CsaaOgq1CmQDLgZG"
      + "JmYWVjZ2Dk4ubgBQSwECLQMtAAAACAAAACEA9izrb1IAAACMAAAABQAAAAAAAAAAAAAAgAEAAAAAeC5ucHlQ"
      + "SwUGAAAAAAEAAQAzAAAAiQAAAAAA")

  /// A gzip stream of an IDX file of 4 images of 2 × 2.
  static let goodGzip = decoded(
    "H4sIAAAAAAACA2Ng4GBmYGBgAWImMGZkYmZhZWPn4OTi5uHl4wcAXFJEbSAAAAA=")

  /// 2³¹ − 1 pixels to a side; a thousand of them are there.
  static let squarePNG = decoded(
    "iVBORw0KGgoAAAANSUhEUn////9/////CAAAAAAxolS6AAAAEUlEQVR42mNgGAWjYBQMdwAAA+gAAc5JTFgA"
      + "AAAASUVORK5CYII=")

  /// 30,000 pixels to a side, interlaced.
  static let interlacedPNG = decoded(
    "iVBORw0KGgoAAAANSUhEUgAAdTAAAHUwCAAAAAE0S5fwAAAAEUlEQVR42mNgGAWjYBQMdwAAA+gAAc5JTFgA"
      + "AAAASUVORK5CYII=")

  /// 2²⁷ pixels in one row.
  static let widePNG = decoded(
    "iVBORw0KGgoAAAANSUhEUggAAAAAAAABCAAAAACPvyMGAAAAEUlEQVR42mNgGAWjYBQMdwAAA+gAAc5JTFgA"
      + "AAAASUVORK5CYII=")

  /// An archive whose array `x` says that it has 10¹² doubles.
  static let vastNPZ = decoded(
    "UEsDBBQAAAAIAAAAIVw7avK6xwAAACCHAQAFAAAAeC5ucHntyLEOwVAAheFaPcXdLkkHNhGzjVgMJmn0NgZR"
      + "uRWLeAovrB08gM3wfdM5/3u73+wOo+JRPGOdulOOyxBXzSKWITZtvufqemxznYa+ri5d6nt3rm6p/5P57KsM"
      + "w56W4RV+Mi4AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACAv/UBUEsBAhQDFAAAAAgAAAAhXDtq"
      + "8rrHAAAAIIcBAAUAAAAAAAAAAAAAAIABAAAAAHgubnB5UEsFBgAAAAABAAEAMwAAAOoAAAAAAA==")

  /// An archive whose array `x` says that its header has 2 GB.
  static let vastHeaderNPZ = decoded(
    "UEsDBBQAAAAIAAAAIVyYYfnQgAAAAKyGAQAFAAAAeC5ucHntwbERABAUBbB/9uM0CtMYwsDPGookd6w+d6sk"
      + "pwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIBvPVBLAQIUAxQAAAAIAAAAIVyYYfnQgAAAAKyG"
      + "AQAFAAAAAAAAAAAAAACAAQAAAAB4Lm5weVBLBQYAAAAAAQABADMAAACjAAAAAAA=")

  /// A gzip stream of an IDX file that says that it has 2⁴⁰ bytes.
  static let vastGzip = decoded(
    "H4sIAAAAAAACA+3DsQ0AMAgDsEh06Nj/r6UDRzDYkpNbefnOBAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      + "AAAAAAAAALZqLf896bCGAQA=")

  private static func decoded(_ text: String) -> Data { Data(base64Encoded: text)! }
}
