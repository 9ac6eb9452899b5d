import Foundation
import GraphCompiler

/// A network's generated C, or that of its training step, compiled and loaded together with functions that measure it and
/// the machine, on inputs that stay the same.
package final class ProfiledNetwork {
  package let program: Program
  private let library: KernelLibrary
  private let entry: KernelLibrary.Entry
  private let profile: Profile
  private let peakFunction: @convention(c) () -> Double
  private let bandwidthFunction: @convention(c) (UnsafePointer<Float>, Int) -> Double
  /// Parameters or state, inputs, outputs, arena: what the table of pointers points to.
  private let memory: [AlignedMemory]
  /// So long that no cache holds it.
  private lazy var array: AlignedMemory = {
    let array = AlignedMemory(byteCount: 1 << 26)
    // Pages that were never written all are the same page of zeros.
    array.pointer.initializeMemory(as: UInt8.self, repeating: 0, count: array.bytes.count)
    return array
  }()

  private typealias Profile =
    @convention(c) (
      UnsafePointer<UnsafeMutableRawPointer?>, UnsafeMutablePointer<Double>
    ) -> Void

  /// - Parameters:
  ///   - inputs: bytes of each of the program's inputs, in order, of exactly the declared size.
  ///   - other: the same network, whose parameters are taken where they have the same order.
  package convenience init(
    _ program: Program, inputs: [[UInt8]], _ options: BuildOptions = BuildOptions(), like other: ProfiledNetwork? = nil
  ) throws(CCompiler.Failure) {
    let bundle = options.bundle(program)
    let driver = bundle.profileEntryPoint(program, options.instructionSet)
    let library = try KernelLibrary(
      program.name, bundle.files, entryPoints: driver, options, operations: .max)
    let parameters: AlignedMemory
    if let other, program.hasParameters(of: other.program) {
      parameters = other.memory[0]
    } else {
      parameters = AlignedMemory(byteCount: bundle.weights?.byteCount ?? 0)
      bundle.weights?.copy(to: parameters.bytes)
    }
    try self.init(library, "forward", program, parameters, inputs)
  }

  /// The training step (`TrainingCompilation.stepFunction`), at first with the initial parameters.
  /// - Parameters:
  ///   - inputs: bytes of each of the function's inputs, in order, of exactly the declared size.
  ///   - options: those for which it was compiled.
  package convenience init(
    trainingStepOf compilation: TrainingCompilation, inputs: [[UInt8]], _ options: BuildOptions = BuildOptions()
  ) throws(CCompiler.Failure) {
    let step = compilation.stepFunction
    let sourceOptions = SourceBundle.Options(sourceName: "\(compilation.plan.name).graph", targets: [options.target])
    let bundle = TrainingBundle(compilation, sourceOptions)
    let driver = bundle.profileEntryPoint(step.name, options.instructionSet)
    let library = try KernelLibrary(
      compilation.plan.name, bundle.files, entryPoints: driver, options, operations: .max)
    let state = AlignedMemory(byteCount: bundle.stateByteCount)
    state.pointer.initializeMemory(as: UInt8.self, repeating: 0, count: bundle.stateByteCount)
    bundle.weights.copy(to: state.bytes)
    try self.init(library, step.name, step.program, state, inputs)
  }

  private init(
    _ library: KernelLibrary, _ function: String, _ program: Program, _ stored: AlignedMemory, _ inputs: [[UInt8]]
  ) throws(CCompiler.Failure) {
    (self.library, self.program) = (library, program)
    entry = try library.entry(function)
    profile = unsafeBitCast(try library.symbol("graphc_profile"), to: Profile.self)
    peakFunction = unsafeBitCast(try library.symbol("graphc_peak"), to: (@convention(c) () -> Double).self)
    bandwidthFunction = unsafeBitCast(
      try library.symbol("graphc_bandwidth"), to: (@convention(c) (UnsafePointer<Float>, Int) -> Double).self)
    let outputs = program.buffers.filter { $0.role == .output }.map { AlignedMemory(byteCount: $0.type.byteCount) }
    let arena = AlignedMemory(byteCount: program.arenaByteCount)
    memory = [stored] + inputs.map { AlignedMemory($0) } + outputs + [arena]
  }

  /// Runs the network so many times; the microseconds of one run, on average.
  package func run(times: Int) -> Double {
    withExtendedLifetime(self) {
      let pointers: [UnsafeMutableRawPointer?] = memory.map(\.pointer)
      let start = DispatchTime.now().uptimeNanoseconds
      for _ in 0..<times { entry(pointers) }
      return Double(DispatchTime.now().uptimeNanoseconds - start) / 1000 / Double(max(times, 1))
    }
  }

  /// The same with a clock around every step: the microseconds of each, on average.
  package func runStepByStep(times: Int) -> [Double] {
    withExtendedLifetime(self) {
      let pointers: [UnsafeMutableRawPointer?] = memory.map(\.pointer)
      var sums = [Double](repeating: 0, count: program.steps.count)
      for _ in 0..<times { profile(pointers, &sums) }
      return sums.map { $0 / Double(max(times, 1)) }
    }
  }

  /// Bytes of the outputs after the last run.
  package var outputs: [[UInt8]] {
    let types = program.buffers.filter { $0.role == .output }.map(\.type)
    return zip(types, memory.dropLast().suffix(types.count)).map { $1.bytes($0.byteCount) }
  }

  /// GFLOP/s of multiply-adds on registers alone, all threads together.
  package func peak() -> Double { withExtendedLifetime(self) { peakFunction() } }

  /// GB/s at which memory is read that no cache holds, all threads together.
  package func bandwidth() -> Double {
    withExtendedLifetime(self) {
      let count = array.bytes.count / MemoryLayout<Float>.stride
      return bandwidthFunction(UnsafePointer(array.pointer.assumingMemoryBound(to: Float.self)), count)
    }
  }
}

extension Program {
  /// Whether the parameters of both programs, of one network, are the same bytes.
  fileprivate func hasParameters(of other: Program) -> Bool {
    let (own, others) = (buffers.filter { $0.role == .parameter }, other.buffers.filter { $0.role == .parameter })
    return own.count == others.count
      && zip(own, others).allSatisfy {
        $0.name == $1.name && $0.type == $1.type && $0.layout == $1.layout && $0.offset == $1.offset
          && $0.sourceType == $1.sourceType && $0.transform == $1.transform
      }
  }
}
