/// The bytes of an NPY file whose header is this dictionary, padded as NumPy pads.
package func npy(_ dictionary: String, _ elements: [UInt8], version: UInt8 = 1) -> [UInt8] {
  let lengthSize = version == 1 ? 2 : 4
  var text = Array(dictionary.utf8)
  while (8 + lengthSize + text.count + 1) % 64 != 0 { text.append(0x20) }
  text.append(0x0a)
  let length = (0..<lengthSize).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
  return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text + elements
}

package func npy(_ type: String, _ shape: String, _ elements: [UInt8], version: UInt8 = 1)
  -> [UInt8]
{
  npy(
    "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }", elements, version: version)
}

/// The bytes of numbers as they lie in memory here, little-endian.
package func littleEndian<Number>(_ numbers: [Number]) -> [UInt8] {
  numbers.withUnsafeBytes { Array($0) }
}
