import LoopIR

/// The part of a Swift face that reads the weights of a file, without Foundation, and says what is wrong with
/// them.
struct SwiftWeights {
  let program: Program
  let names: SwiftNames
  let cNames: BundleNames

  init(_ program: Program, _ names: SwiftNames, _ cNames: BundleNames) {
    self.program = program
    self.names = names
    self.cNames = cNames
  }

  /// Where `fopen` is.
  static let systemImports = [
    "", "#if canImport(Darwin)", "  import Darwin", "#elseif canImport(Glibc)", "  import Glibc",
    "#elseif canImport(Musl)", "  import Musl", "#elseif canImport(Android)", "  import Android", "#endif",
  ]

  private var byteCount: Int { program.parameterByteCount }

  /// The initializers, around the lines that allocate the arena.
  func initializers(_ arenaAllocation: [String]) -> [String] {
    let arena = arenaAllocation.map { "\n  \($0)" }.joined()
    let copy = """
      /// - Parameter weights: the contents of `\(cNames.module).weights`, \(byteCount) bytes.
      public init(weights: [UInt8]) throws(WeightsError) {
        guard weights.count == \(byteCount) else {
          throw WeightsError("expected \(byteCount) bytes of weights, found \\(weights.count)")
        }
        let memory = UnsafeMutableRawPointer.allocate(
          byteCount: \(byteCount), alignment: \(SourceBundle.alignment))
        memory.copyMemory(from: weights, byteCount: \(byteCount))
        parameters = OpaquePointer(memory)
        if let problem = WeightsError(check: \(cNames.module)_check(parameters)) {
          memory.deallocate()
          throw problem
        }\(arena)
      }
      """
    let file = """
      /// - Parameter weightsFile: path of `\(cNames.module).weights`.
      public convenience init(weightsFile: String) throws(WeightsError) {
        try self.init(weights: Self.contents(of: weightsFile))
      }
      """
    return [copy, file, reader]
  }

  private var reader: String {
    """
    private static func contents(of path: String) throws(WeightsError) -> [UInt8] {
      guard let file = fopen(path, "rb") else { throw WeightsError("cannot open the weights '\\(path)'") }
      defer { fclose(file) }
      // One byte more than expected tells a file that is too long.
      return [UInt8](unsafeUninitializedCapacity: \(byteCount + 1)) { buffer, count in
        count = fread(buffer.baseAddress, 1, \(byteCount + 1), file)
      }
    }
    """
  }

  /// The error type, behind the class.
  var text: String {
    """
    extension \(names.type) {
      /// Weights that do not fit the network.
      public struct WeightsError: Error, CustomStringConvertible {
        /// What is wrong, for a person.
        public let description: String

        init(_ description: String) { self.description = description }

        /// Nil where the check found nothing.
        init?(check finding: Int32) {
          switch finding {
          case \(constant("OK")): return nil
          case \(constant("NOT_PARAMETERS")): self.init("expected \(expected), found other data")
          case \(constant("OTHER_NETWORK")): self.init("expected \(expected), found those of another network")
          default: self.init("\(expected) are damaged: the checksum is wrong")
          }
        }
      }
    }
    """
  }

  private var expected: String { "the weights of '\(program.name)'" }

  /// `Int32(LENET5_OK)`: constants of a C enumeration without a name are `Int` in Swift.
  private func constant(_ name: String) -> String { "Int32(\(cNames.upper)_\(name))" }
}
