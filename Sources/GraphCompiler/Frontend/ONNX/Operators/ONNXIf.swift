import LoopIR

/// `If`: the branch that a known condition takes; where the condition is known only when the network runs, both branches,
/// of which it takes one result.
enum ONNXIf: ONNXOperatorFamily {
  static let rules = [ONNXRule("If", branch)]

  private static func branch(_ call: ONNXCall) throws -> [Value?] {
    call.ignore("then_branch", "else_branch")
    let condition = try call.input(0)
    guard call.type(condition).element == .bool, call.type(condition).count == 1 else {
      throw OpError("expected one bool as condition, found \(call.type(condition))")
    }
    if let known = call.knownData(0) {
      return try call.inline(known.doubles[0] != 0 ? "then_branch" : "else_branch")
    }
    let (yes, no) = (try call.inline("then_branch"), try call.inline("else_branch"))
    guard yes.count == no.count else { throw OpError("the branches have \(yes.count) and \(no.count) outputs") }
    let test = try call.reshaped(condition, [])
    return try zip(yes, no).map { yes, no in
      guard let yes, let no else { return nil }
      guard call.type(yes) == call.type(no) else {
        throw call.unsupported(
          "branches of types \(call.type(yes)) and \(call.type(no)) on a condition that is known only when the network runs",
          help: "make the condition a constant, or give it with --input")
      }
      return try call.apply(Where(), test, yes, no)
    }
  }
}
