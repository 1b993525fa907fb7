import Graphs

/// The memory of an operand: a buffer and, if it is a part of the buffer, its first element.
enum Place: Hashable, Sendable, Codable {
  /// The plan's arena, followed by partial sums.
  case arena(Int)
  case parameters(Int)
  case gradients(Int)
  case moment(Int, phase: Int)
  /// The state of layers.
  case layerState(Int)
  case examples(Feed)
  case order(Feed)
  case labels(Feed)
  case log(Feed)
  case schedule
  /// Counters and the first non-finite step: words in the order of `state.cl`.
  case state
  /// Memory that is shared by the launches of one step.
  case scratch(Int)

  var offset: Int {
    switch self {
    case .arena(let offset), .parameters(let offset), .gradients(let offset),
      .layerState(let offset), .scratch(let offset):
      offset
    case .moment, .examples, .order, .labels, .log, .schedule, .state: 0
    }
  }

  /// The start of the buffer.
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

/// The arguments of a kernel, in order.
enum Argument: Hashable, Sendable, Codable {
  case int(Int)
  case word(UInt32)
  /// Rounded to float32.
  case float(Double)
  /// Only the buffer.
  case buffer(Place)
  /// The buffer, and the offset of the operand in it: two arguments.
  case tensor(Place)
  /// A separate buffer of this launch, with these words.
  case numbers([UInt32])

  /// The memory, if the argument is memory.
  var place: Place? {
    switch self {
    case .int, .word, .float, .numbers: nil
    case .buffer(let place), .tensor(let place): place
    }
  }
}

/// One launch of a kernel, as a value: binding converts it to handles, once.
struct Launch: Hashable, Sendable, Codable {
  /// The kernel file's name.
  var file: String
  var kernel: String
  var defines: [String]
  var arguments: [Argument]
  /// The number of work-groups, and their size, one number per dimension.
  var groups: [Int]
  var local: [Int]
  /// The program's text for a fused launch; `nil`: that of the file.
  var source: String?
  /// For an elementwise kernel: the matrix of its elements, of whose rows each group of a fused
  /// launch computes a part. The first argument is then the number of elements, and all tensors
  /// have the same number.
  var elements: Elements?
  /// The argument that says how many times the launch does all its work, one after the other; `nil`
  /// if it cannot repeat it.
  var timesArgument: Int?

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

/// The instructions of a plan for this device, in order.
enum Instruction: Hashable, Sendable {
  case launch(Launch)
  case product(LibraryProduct)
  case exchange(LaunchedExchange)

  /// The kernel's name.
  var name: String {
    switch self {
    case .launch(let launch): launch.kernel
    case .product: "CLBlast sgemm"
    case .exchange: "allReduce"
    }
  }

  var code: InstructionCode {
    switch self {
    case .launch(let launch): .kernel(launch.kernel, of: launch.program)
    case .product: .library
    case .exchange: .host
    }
  }
}

/// The code of an instruction, independent of its arguments and the number of groups.
package enum InstructionCode: Hashable, Sendable {
  case kernel(String, of: ProgramKey)
  /// Any of CLBlast's kernels.
  case library
  /// Copies to the host and back.
  case host
}
