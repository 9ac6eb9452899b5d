import LoopIR

/// Compile-time numbers and nested lists as the elements of tensors.
enum Literals {
  /// What is wrong with a literal, without its place.
  struct Mistake: Error {
    var message: String
    var help: String?
  }

  /// Most elements that one number may be repeated for.
  static let fillLimit = 1 << 24

  /// The shape of a nested list; a number has shape `[]`. Throws where rows differ.
  static func shape(_ value: Attribute) throws(Mistake) -> [Int] {
    guard case .list(let elements) = value else { return [] }
    var inner: [Int]?
    for (place, element) in elements.enumerated() {
      let found = try shape(element)
      if let inner, inner != found {
        throw Mistake(
          message: "rows of a literal differ: \(inner) for element 0, \(found) for element \(place)")
      }
      inner = found
    }
    return [elements.count] + (inner ?? [])
  }

  /// The elements of a literal in row-major order.
  static func flatten(_ value: Attribute) -> [Attribute] {
    guard case .list(let elements) = value else { return [value] }
    return elements.flatMap(flatten)
  }

  /// The type of a literal that stands without one: numbers are f32, truth is bool.
  static func naturalType(_ value: Attribute) throws(Mistake) -> TensorType {
    let shape = try shape(value)
    let isTruth = flatten(value).allSatisfy {
      if case .bool = $0 { true } else { false }
    }
    return TensorType(isTruth && !shape.contains(0) ? .bool : .f32, shape)
  }

  /// The literal as a tensor; a single number fills any shape.
  static func data(_ value: Attribute, _ type: TensorType) throws(Mistake) -> TensorData {
    var elements = flatten(value)
    if case .list = value {
      let found = try shape(value)
      if found != type.shape, !(elements.isEmpty && type.count == 0) {
        throw Mistake(message: "expected a literal of shape \(type.shape) for \(type), found \(found)")
      }
    } else if elements.count != type.count {
      if type.count > fillLimit {
        throw Mistake(message: "a constant of \(type.count) elements is too large, at most \(fillLimit)")
      }
      elements = [Attribute](repeating: value, count: type.count)
    }
    return try data(elements, type)
  }

  private static func data(_ elements: [Attribute], _ type: TensorType) throws(Mistake) -> TensorData {
    switch type.element {
    case .f16, .bf16, .f32:
      var numbers: [Float] = []
      for element in elements { numbers.append(try float(element, type)) }
      return type.element == .f32 ? TensorData(type, .f32(numbers)) : TensorData(type, doubles: numbers.map(Double.init))
    case .f64:
      var numbers: [Double] = []
      for element in elements { numbers.append(try number(element)) }
      return TensorData(type, .f64(numbers))
    case .i8, .i16, .i32, .i64, .u8, .u16, .u32, .u64, .bool:
      var numbers: [Int64] = []
      for (place, element) in elements.enumerated() {
        let found = try located(place, elements) { () throws(Mistake) in try integer(element, type.element) }
        numbers.append(found)
      }
      return TensorData(type, .integers(numbers))
    }
  }

  /// Says which element of several is wrong.
  private static func located<Result>(
    _ place: Int, _ elements: [Attribute], _ body: () throws(Mistake) -> Result
  ) throws(Mistake) -> Result {
    do throws(Mistake) {
      return try body()
    } catch {
      if elements.count == 1 { throw error }
      throw Mistake(message: "element \(place): \(error.message)", help: error.help)
    }
  }

  private static func number(_ value: Attribute) throws(Mistake) -> Double {
    do {
      return try CompileTime.number(value)
    } catch {
      throw Mistake(message: error.message)
    }
  }

  private static func float(_ value: Attribute, _ type: TensorType) throws(Mistake) -> Float {
    let wide = try number(value)
    let narrow = Float(wide)
    if wide.isFinite, !narrow.isFinite {
      throw Mistake(message: "\(value) does not fit into \(type.element)")
    }
    return narrow
  }

  private static func integer(_ value: Attribute, _ element: ElementType) throws(Mistake) -> Int64 {
    guard let number = CompileTime.integer(value) else {
      throw Mistake(
        message:
          "expected \(element == .bool ? "true or false" : "an integer") for \(element), found \(value)")
    }
    if !range(of: element).contains(Int64(number)) {
      throw Mistake(message: "\(number) does not fit into \(element)")
    }
    return Int64(number)
  }

  private static func range(of element: ElementType) -> ClosedRange<Int64> {
    switch element {
    case .bool: 0...1
    case .u8: 0...Int64(UInt8.max)
    case .u16: 0...Int64(UInt16.max)
    case .u32: 0...Int64(UInt32.max)
    case .u64: 0...Int64.max
    case .i8: Int64(Int8.min)...Int64(Int8.max)
    case .i16: Int64(Int16.min)...Int64(Int16.max)
    case .i32: Int64(Int32.min)...Int64(Int32.max)
    case .i64, .f16, .bf16, .f32, .f64: Int64.min...Int64.max
    }
  }
}
