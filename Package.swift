// swift-tools-version: 6.3
import PackageDescription

/// Networks whose generated C is in generated/: examples for readers, and tests of what is emitted.
let generatedNetworks = [
  "xyz_product", "cos_sin_x2", "perceptron", "logistic_regression", "xor_mlp", "mlp_3_2_2", "lenet5",
  "signal1d",
]
/// Those without weights; the others have a .weights file beside their sources.
let weightless = ["xyz_product", "cos_sin_x2"]
/// Networks whose generated training code is in generated/.
let generatedTrainers = ["lenet5_trainer"]

let package = Package(
  name: "graphc",
  products: [
    .executable(name: "graphc", targets: ["graphc"]),
    .executable(name: "DetectText", targets: ["DetectText"]),
    .executable(name: "TrainOnTheSpot", targets: ["TrainOnTheSpot"]),
  ],
  targets: [
    // Text in, diagnostics out: knows no tensors.
    .target(name: "SourceText"),
    // Loops over buffers: knows no graphs.
    .target(name: "LoopIR", dependencies: ["SourceText"]),
    // Bytes to arrays and back: knows no compiler.
    .target(name: "TensorFiles", dependencies: ["SourceText"]),
    // Files to labelled samples: knows no compiler.
    .target(name: "Datasets", dependencies: ["SourceText", "TensorFiles"]),
    // Graphs, operators, passes, emission.
    .target(name: "GraphCompiler", dependencies: ["SourceText", "LoopIR", "TensorFiles"]),
    // Compiles generated C with the machine's C compiler and runs it.
    .target(name: "KernelRunner", dependencies: ["LoopIR", "TensorFiles", "GraphCompiler"]),
    // The command line.
    .executableTarget(
      name: "graphc",
      dependencies: ["SourceText", "LoopIR", "TensorFiles", "Datasets", "GraphCompiler", "KernelRunner"]),
    // An example: text detection on a photograph, by a model in ONNX.
    .executableTarget(
      name: "DetectText", dependencies: ["SourceText", "TensorFiles", "GraphCompiler", "KernelRunner"]),
    // An app: generated training code, linked in and run.
    .executableTarget(name: "TrainOnTheSpot", dependencies: ["lenet5_trainer", "TensorFiles"]),

    .testTarget(name: "SourceTextTests", dependencies: ["SourceText"]),
    .testTarget(name: "LoopIRTests", dependencies: ["LoopIR"]),
    .testTarget(name: "TensorFilesTests", dependencies: ["TensorFiles"]),
    .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "TensorFiles"]),
    .testTarget(name: "GoldenTests", dependencies: ["GraphCompiler", "SourceText", "LoopIR"]),
    .testTarget(name: "GraphCompilerTests", dependencies: ["GraphCompiler"]),
    .testTarget(name: "KernelRunnerTests", dependencies: ["KernelRunner", "GraphCompiler"]),
    .testTarget(
      name: "GraphcTests",
      dependencies: ["graphc", "SourceText", "TensorFiles", "Datasets", "GraphCompiler", "KernelRunner"]),
    .testTarget(
      name: "GeneratedTests",
      dependencies: ["GraphCompiler", "KernelRunner", "LoopIR", "SourceText", "TensorFiles"]
        + (generatedNetworks + generatedTrainers).map { .byName(name: $0) }),
  ]
    + generatedNetworks.map { name in
      .target(
        name: name, path: "generated/\(name)", exclude: weightless.contains(name) ? [] : ["\(name).weights"],
        publicHeadersPath: "include")
    }
    + generatedTrainers.map { .target(name: $0, path: "generated/\($0)", publicHeadersPath: "include") },
  swiftLanguageModes: [.v6]
)
