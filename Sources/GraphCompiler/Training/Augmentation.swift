import LoopIR
import SourceText

/// What the `augment` directives of a train section say about the first input of the network: how its numbers are
/// scaled, and how images vary from epoch to epoch.
package struct Augmentation: Hashable, Sendable {
  /// Half of the training images are mirrored, left to right.
  package private(set) var flips = false
  /// Training images are moved by up to so many pixels each way; black moves in. 0: not at all.
  package private(set) var cropPadding = 0
  /// By which all numbers are divided; nil where the section does not say.
  package private(set) var divisor: Double?
  /// After division `mean` is subtracted and the rest divided by `deviation`: a number for each channel, or one for all;
  /// empty where the section does not say.
  package private(set) var mean: [Double] = []
  package private(set) var deviation: [Double] = []

  /// Nothing varies.
  package init() {}

  /// - Throws: every directive that does not fit the first input of the graph, or stands there twice.
  package init(_ graph: Graph) throws(CompileError) {
    var mistakes: [Diagnostic] = []
    var seen: Set<String> = []
    for directive in graph.train?.directives ?? [] where directive.kind == .augment {
      let name = directive.names.first ?? ""
      do throws(CompileError) {
        guard seen.insert(name).inserted else {
          throw CompileError(
            "duplicate-statement", "expected one 'augment \(name)', found another", at: directive.range)
        }
        try apply(directive, to: graph.inputs.first.map { graph[$0] })
      } catch {
        mistakes += error.diagnostics
      }
    }
    if let error = CompileError(mistakes) { throw error }
  }

  /// What may be called, for messages and documentation.
  static let calls = [
    TrainCall(
      name: "crop",
      arguments: [TrainArgument("pad", .count(atLeast: 1), "pixels by which an image moves at most")]),
    TrainCall(name: "flip", arguments: []),
    TrainCall(
      name: "normalize",
      arguments: [
        TrainArgument("mean", .numbers, "what is subtracted, one number or one for each channel"),
        TrainArgument("std", .numbers, "what the rest is divided by, one number or one for each channel"),
      ]),
    TrainCall(name: "scale", arguments: [TrainArgument("by", .positive, "the divisor, 255 for pixels")]),
  ]

  /// What can be checked of a directive without its graph.
  static func check(_ directive: TrainDirective) throws(CompileError) {
    let (place, values) = try directive.resolved(among: calls, noun: "augmentation")
    guard calls[place].name == "normalize", values.numbers("std").contains(0) else { return }
    throw CompileError(
      "invalid-argument", "expected numbers other than 0 for 'std'",
      at: directive.place(of: OpError("", at: .field("std")), in: calls[place].arguments))
  }

  // MARK: Directives

  private mutating func apply(_ directive: TrainDirective, to input: ValueInfo?) throws(CompileError) {
    let (place, values) = try directive.resolved(among: Self.calls, noun: "augmentation")
    let call = Self.calls[place]
    guard let input else {
      throw CompileError("augmentation", "'augment' wants an input, the graph has none", at: directive.range)
    }
    do throws(OpError) {
      switch call.name {
      case "crop": cropPadding = try Self.padding(values, input.type)
      case "flip":
        try Self.requireImages(input.type)
        flips = true
      case "normalize":
        try Self.requireNumbers(input.type)
        mean = try Self.channelNumbers("mean", values, input.type)
        deviation = try Self.channelNumbers("std", values, input.type)
      default:
        try Self.requireNumbers(input.type)
        divisor = values.number("by")
      }
    } catch {
      throw CompileError(
        "augmentation", "'\(call.name)' \(error.message)", at: directive.place(of: error, in: call.arguments),
        notes: [.init("input '\(input.name)' is \(input.type)", at: input.range)])
    }
  }

  private static func requireImages(_ type: TensorType) throws(OpError) {
    guard type.rank == 4 else { throw OpError("wants images [N, C, H, W] as the first input") }
  }

  private static func requireNumbers(_ type: TensorType) throws(OpError) {
    guard type.element.isFloatingPoint else { throw OpError("wants a first input of floating point") }
  }

  private static func padding(_ values: TrainArguments, _ type: TensorType) throws(OpError) -> Int {
    try requireImages(type)
    let (limit, found) = (min(type.shape[2], type.shape[3]), values.count("pad"))
    guard found <= limit else {
      throw OpError("moves images by at most their size, \(limit), found \(found)", at: .field("pad"))
    }
    return found
  }

  private static func channelNumbers(
    _ name: String, _ values: TrainArguments, _ type: TensorType
  ) throws(OpError) -> [Double] {
    let (channels, numbers) = (type.rank >= 2 ? type.shape[1] : 1, values.numbers(name))
    guard numbers.count == 1 || numbers.count == channels else {
      throw OpError("wants 1 or \(channels) numbers for '\(name)', found \(numbers.count)", at: .field(name))
    }
    return numbers
  }
}
