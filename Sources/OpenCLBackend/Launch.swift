import Graphs

/// Where an operand lies: a buffer and, where it is a part of one, its first element.
enum Place: Hashable, Sendable, Codable {
  /// The plan's arena, with the partial sums behind it.
  case arena(Int)
  case parameters(Int)
  case gradients(Int)
  case moment(Int, phase: Int)
  /// What layers keep from step to step.
  case layerState(Int)
  case examples(Feed)
  case order(Feed)
  case labels(Feed)
  case log(Feed)
  case schedule
  /// Counters and the first non-finite step: words as `state.cl` lists them.
  case state
  /// Memory that the launches of one step use among themselves.
  case scratch(Int)

  var offset: Int {
    switch self {
    case .arena(let offset), .parameters(let offset), .gradients(let offset),
      .layerState(let offset), .scratch(let offset):
      offset
    case .moment, .examples, .order, .labels, .log, .schedule, .state: 0
    }
  }

  /// The beginning of the buffer.
  var buffer: Place {
    switch self {
    case .arena: .arena(0)
    case .parameters: .parameters(0)
    case .gradients: .gradients(0)
    case .layerState: .layerState(0)
    case .scratch: .scratch(0)
    case .moment, .examples, .order, .labels, .log, .schedule, .state: self
    }
  }
}

/// What a kernel is given, in its order.
enum Argument: Hashable, Sendable, Codable {
  case int(Int)
  case word(UInt32)
  /// Rounded to float32.
  case float(Double)
  /// A buffer alone.
  case buffer(Place)
  /// A buffer and the offset of the operand in it: two arguments.
  case tensor(Place)
  /// A buffer of the launch's own, with these words.
  case numbers([UInt32])

  /// Where it lies, if it is memory.
  var place: Place? {
    switch self {
    case .int, .word, .float, .numbers: nil
    case .buffer(let place), .tensor(let place): place
    }
  }
}

/// One launch of a kernel, as a value: binding turns it into handles, once.
struct Launch: Hashable, Sendable, Codable {
  /// The kernel file's name.
  var file: String
  var kernel: String
  var defines: [String]
  var arguments: [Argument]
  /// Work-groups and their size, a dimension each.
  var groups: [Int]
  var local: [Int]
  /// The program's text, of a fused launch; else it is the file's.
  var source: String?
  /// Of a kernel that computes elements from the same elements: the matrix that they are, of whose
  /// rows each group of a fused launch takes a share. The first argument is then how many elements
  /// there are, and all tensors have as many.
  var elements: Elements?

  struct Elements: Hashable, Sendable, Codable {
    let rows: Int
    let columns: Int
  }

  var program: ProgramKey { ProgramKey(file: file, defines: defines, source: source) }
}

/// One product by CLBlast, row-major: `C = op(A) · op(B)`, `C` `[m, n]`.
struct LibraryProduct: Hashable, Sendable {
  var m: Int
  var n: Int
  var k: Int
  var transposeA: Bool
  var transposeB: Bool
  var a: Place
  var b: Place
  var c: Place
}

/// What a plan becomes for this device, in order.
enum Instruction: Hashable, Sendable {
  case launch(Launch)
  case product(LibraryProduct)

  /// The kernel's.
  var name: String {
    switch self {
    case .launch(let launch): launch.kernel
    case .product: "CLBlast sgemm"
    }
  }

  var code: InstructionCode {
    switch self {
    case .launch(let launch): .kernel(launch.kernel, of: launch.program)
    case .product: .library
    }
  }
}

/// What an instruction runs, whatever it is given and however many groups there are.
package enum InstructionCode: Hashable, Sendable {
  case kernel(String, of: ProgramKey)
  /// Any of CLBlast's kernels.
  case library
}
