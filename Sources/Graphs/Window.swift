/// A square window that moves over the two middle axes of `[N, H, W, C]`.
package struct Window: Hashable, Sendable, CustomStringConvertible {
  /// `K`, its height and width.
  package let size: Int
  /// How far apart two neighbouring windows begin.
  package let stride: Int
  package let padding: Padding

  package enum Padding: String, Hashable, Sendable, CaseIterable {
    /// As many windows as `H / stride`, rounded up; what is missing around the image is divided
    /// evenly, an odd one below and to the right (the rule of Keras and TensorFlow).
    case same
    /// Only windows that lie within the image.
    case valid
  }

  package init(_ size: Int, stride: Int = 1, padding: Padding) {
    precondition(size >= 1 && stride >= 1, "a window has a size and moves on")
    self.size = size
    self.stride = stride
    self.padding = padding
  }

  /// How many windows there are along an axis of `length` pixels; 0 where none fits.
  package func count(over length: Int) -> Int {
    switch padding {
    case .same: (length + stride - 1) / stride
    case .valid: length < size ? 0 : (length - size) / stride + 1
    }
  }

  /// How many pixels the first window begins before the image: window `i` begins at pixel
  /// `stride · i − offset`.
  package func offset(over length: Int) -> Int {
    switch padding {
    case .same: max((count(over: length) - 1) * stride + size - length, 0) / 2
    case .valid: 0
    }
  }

  /// The length over which there are `count` windows, as a transposed convolution makes it (Keras'
  /// rule): the shortest that a multiple of the stride and the window's size allow.
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
