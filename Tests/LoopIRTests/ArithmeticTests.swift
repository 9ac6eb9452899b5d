import LoopIR
import Testing

@Suite struct ArithmeticTests {
  @Test(arguments: [
    (BinaryFunction.divide, ElementType.i32, -7.0, 2.0, -3.0),
    (.divide, .i32, 5, 0, 0),
    (.divide, .i32, -2_147_483_648, -1, -2_147_483_648),
    (.divide, .f32, -7, 2, -3.5),
    (.add, .u8, 200, 100, 44),
    (.subtract, .u8, 1, 2, 255),
    (.add, .i8, 127, 1, -128),
    (.multiply, .u32, 4_294_967_295, 4_294_967_295, 1),
    (.multiply, .i64, 3_000_000, -3_000_000, -9e12),
    (.modulo, .i32, -7, 3, 2),
    (.modulo, .i32, 7, -3, -2),
    (.modulo, .i32, 7, 0, 0),
    (.modulo, .f32, -7, 3, 2),
    (.modulo, .f64, 5.5, -2, -0.5),
    (.power, .i32, 3, 4, 81),
    (.power, .f32, 2, 0.5, 1.4142135623730951),
    (.maximum, .i32, 3, -4, 3),
    (.minimum, .f32, 3, -4, -4),
    (.equal, .i32, 3, 3, 1),
    (.less, .f32, 3, 3, 0),
    (.lessEqual, .f32, 3, 3, 1),
    (.and, .bool, 1, 0, 0),
    (.or, .bool, 1, 0, 1),
  ])
  func binary(_ function: BinaryFunction, _ type: ElementType, _ a: Double, _ b: Double, _ result: Double) {
    #expect(function.function(on: type)(a, b) == result)
  }

  @Test(arguments: [
    (UnaryFunction.round, ElementType.f32, 2.5, 2.0), (.round, .f32, -3.5, -4), (.negate, .u8, 1, 255),
    (.absolute, .i8, -128, -128), (.erf, .f32, 0.5, 0.5204998778130465), (.not, .f32, 0, 1),
    (.not, .i32, 7, 0),
    (.isNaN, .f32, .nan, 1), (.sqrt, .i32, 10, 3), (.floor, .f32, -0.5, -1), (.ceil, .f32, 0.5, 1),
  ])
  func unary(_ function: UnaryFunction, _ type: ElementType, _ x: Double, _ result: Double) {
    #expect(abs(function.function(on: type)(x) - result) < 1e-15)
  }

  @Test(arguments: [BinaryFunction.maximum, .minimum])
  func notANumberWins(_ function: BinaryFunction) {
    let apply = function.function(on: .f32)
    #expect(apply(.nan, 1).isNaN)
    #expect(apply(1, .nan).isNaN)
    #expect(!apply(1, 2).isNaN)
  }

  @Test(arguments: [
    (ElementType.i32, ElementType.f32, -2.7, -2.0), (.u8, .f32, 300, 255), (.u8, .f32, -3, 0),
    (.u8, .i32, 300, 44), (.i32, .f32, .nan, 0), (.bool, .f32, 0.25, 1), (.bool, .i32, 0, 0),
    (.i64, .f64, -.infinity, -9.223372036854775808e18), (.i8, .bool, 1, 1),
  ])
  func conversion(_ target: ElementType, _ source: ElementType, _ value: Double, _ result: Double) throws {
    let convert = try #require(target.conversion(from: source))
    #expect(convert(value) == result)
  }

  @Test func floatsAreNotRounded() {
    #expect(ElementType.f32.conversion(from: .f64) == nil)
    let y = Equation(Tensor("y", .f32, []), [], .cast(.f16, Tensor("x", .f64, [])[[] as [Axis]]))
    #expect(evaluate(y, ["x": TensorValues(shape: [], values: [0.1])]).values == [0.1])
  }
}
