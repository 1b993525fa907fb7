/// A square window that slides over the two middle axes of `[N, H, W, C]`.
package struct Window: Hashable, Sendable, CustomStringConvertible {
  /// `K`, its height and width.
  package let size: Int
  /// The distance between the starts of two neighbouring windows.
  package let stride: Int
  package let padding: Padding

  package enum Padding: String, Hashable, Sendable, CaseIterable {
    /// `H / stride` windows, rounded up; the padding is divided evenly, an odd pixel is at the
    /// bottom and right (as in Keras and TensorFlow).
    case same
    /// Only windows that lie within the image.
    case valid
  }

  package init(_ size: Int, stride: Int = 1, padding: Padding) {
    precondition(size >= 1 && stride >= 1, "size and stride must be positive")
    self.size = size
    self.stride = stride
    self.padding = padding
  }

  /// The number of windows along an axis of `length` pixels; 0 if none fits.
  package func count(over length: Int) -> Int {
    switch padding {
    case .same: (length + stride - 1) / stride
    case .valid: length < size ? 0 : (length - size) / stride + 1
    }
  }

  /// The number of pixels that the first window begins before the image: window `i` begins at pixel
  /// `stride · i − offset`.
  package func offset(over length: Int) -> Int {
    switch padding {
    case .same: max((count(over: length) - 1) * stride + size - length, 0) / 2
    case .valid: 0
    }
  }

  /// The output length of a transposed convolution of `count` pixels, by Keras's rule: the shortest
  /// that stride and window size allow.
  package func length(of count: Int) -> Int {
    switch padding {
    case .same: count * stride
    case .valid: count * stride + max(size - stride, 0)
    }
  }

  package var description: String {
    "\(size)×\(size)" + (stride == 1 ? "" : " by \(stride)") + ", \(padding.rawValue)"
  }
}
