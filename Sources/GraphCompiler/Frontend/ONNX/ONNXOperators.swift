/// The ONNX operators without a counterpart of their own, by family, in alphabetical order.
enum ONNXOperators {
  static let all: [any ONNXOperatorFamily.Type] = [
    ONNXConstants.self,
    ONNXDynamicQuantization.self,
    ONNXGemm.self,
    ONNXGradient.self,
    ONNXIf.self,
    ONNXIntegerProducts.self,
    ONNXNormalizations.self,
    ONNXRange.self,
    ONNXRecurrent.self,
    ONNXTraining.self,
    ONNXVariadic.self,
  ]
}
