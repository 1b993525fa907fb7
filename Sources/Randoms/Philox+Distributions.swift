import Glibc

/// Uniform and normal numbers. Each depends only on its element, so any part of a tensor can be
/// drawn separately.
extension Philox {
  /// Uniform in [0, 1): `(x >> 8) · 2⁻²⁴`, exact in `Float`.
  package func uniform(_ element: Int) -> Float {
    Float(word(element) >> 8) * 0x1p-24
  }

  /// Uniform numbers in [0, 1) for elements `0..<count`.
  package func uniforms(count: Int) -> [Float] {
    fill(count) { block in
      let u = SIMD4<Float>(block &>> 8) * 0x1p-24
      return (u[0], u[1], u[2], u[3])
    }
  }

  /// Standard normal in `Double`, for one element.
  package func normal(_ element: Int) -> Double {
    let block = block(element / 4)
    let pair =
      element % 4 < 2 ? Self.normals(block[0], block[1]) : Self.normals(block[2], block[3])
    return element % 2 == 0 ? pair.0 : pair.1
  }

  /// Standard normal numbers for elements `0..<count`, computed in `Double` and rounded once.
  package func normals(count: Int) -> [Float] {
    fill(count) { block in
      let a = Self.normals(block[0], block[1])
      let b = Self.normals(block[2], block[3])
      return (Float(a.0), Float(a.1), Float(b.0), Float(b.1))
    }
  }

  /// Standard normal numbers for elements `0..<count`, in `Double`.
  package func doubleNormals(count: Int) -> [Double] {
    fill(count) { block in
      let a = Self.normals(block[0], block[1])
      let b = Self.normals(block[2], block[3])
      return (a.0, a.1, b.0, b.1)
    }
  }

  /// Box-Muller: `r = √(−2 ln u₁)`, `(r cos 2πu₂, r sin 2πu₂)` with `u₁ = ((x >> 8) + 1) · 2⁻²⁴`,
  /// never 0, and `u₂ = (y >> 8) · 2⁻²⁴`. The largest is √(48 ln 2) ≈ 5.77.
  private static func normals(_ x: UInt32, _ y: UInt32) -> (Double, Double) {
    let radius = (-2 * log(Double((x >> 8) + 1) * 0x1p-24)).squareRoot()
    let angle = 2 * Double.pi * (Double(y >> 8) * 0x1p-24)
    return (radius * cos(angle), radius * sin(angle))
  }

  /// `count` numbers, four per block.
  private func fill<Number>(
    _ count: Int, _ four: (SIMD4<UInt32>) -> (Number, Number, Number, Number)
  ) -> [Number] {
    [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
      for index in 0..<(count + 3) / 4 {
        let (a, b, c, d) = four(block(index))
        let first = 4 * index
        buffer.initializeElement(at: first, to: a)
        if first + 1 < count { buffer.initializeElement(at: first + 1, to: b) }
        if first + 2 < count { buffer.initializeElement(at: first + 2, to: c) }
        if first + 3 < count { buffer.initializeElement(at: first + 3, to: d) }
      }
      initialized = count
    }
  }
}
