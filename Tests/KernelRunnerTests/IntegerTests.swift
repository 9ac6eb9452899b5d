import KernelRunner
import LoopIR
import Testing

@testable import GraphCompiler

/// Whole numbers at the ends of their types: generated C agrees with the interpreter, which wraps.
@Suite struct IntegerTests {
  static let types: [ElementType] = [.i8, .i16, .i32, .u8, .u16, .u32]

  @Test(arguments: types) func arithmeticWraps(_ type: ElementType) throws {
    let bounds = try #require(type.integerBounds)
    let numbers = [
      bounds.lowerBound, bounds.lowerBound + 1, 0, 1, 7, bounds.upperBound - 1, bounds.upperBound,
    ]
    let values = numbers + (bounds.lowerBound < 0 ? [-1, -7] : [])
    var b = GraphBuilder(name: "net")
    let shape = TensorType(type, [values.count * values.count])
    let (x, y) = (b.input("x", shape), b.input("y", shape))
    b.output("sum", try b.apply(Add(), x, y))
    b.output("difference", try b.apply(Sub(), x, y))
    b.output("product", try b.apply(Mul(), x, y))
    b.output("larger", try b.apply(Max(), try b.apply(Add(), x, y), y))
    b.output("total", try b.apply(ReduceSum(), x))
    if bounds.lowerBound < 0 {
      b.output("negative", try b.apply(Neg(), x))
      b.output("magnitude", try b.apply(Abs(), x))
    }
    let inputs = [
      "x": TensorData(shape, doubles: values.flatMap { value in values.map { _ in value } }),
      "y": TensorData(shape, doubles: values.flatMap { _ in values }),
    ]
    let wanted = try Interpreter(b.graph).run(inputs.mapValues { TensorValues($0) }).outputs
    let found = try CompiledNetwork(BuildOptions().program(b.graph)).run(inputs)
    for output in b.graph.outputs {
      #expect(found[output.name]?.doubles == wanted[output.name]?.values, "\(output.name)")
    }
  }
}
