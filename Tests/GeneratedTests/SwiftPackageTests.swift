import Foundation
import LoopIR
import Testing

@testable import GraphCompiler

/// The Swift face of a network, as `graphc compile --emit swift-package` writes it.
@Suite(.serialized) struct SwiftPackageTests {
  @Test func aPackageHasAManifestAFaceAndTheC() throws {
    let files = try Self.package("lenet5").files
    #expect(
      files.map(\.path) == [
        "Package.swift", "Sources/CLenet5/include/lenet5.h", "Sources/CLenet5/include/module.modulemap",
        "Sources/CLenet5/lenet5.c", "Sources/CLenet5/lenet5_avx2.c", "Sources/CLenet5/lenet5_avx512.c",
        "Sources/CLenet5/lenet5_neon.c", "Sources/CLenet5/lenet5_portable.c",
        "Sources/CLenet5/lenet5_weights.c",
        "Sources/Lenet5/Lenet5.swift",
      ])
    #expect(try Self.package("lenet5").files.map(\.contents) == files.map(\.contents))
    let map = try #require(files.first { $0.path.hasSuffix("module.modulemap") })
    #expect(String(decoding: map.contents, as: UTF8.self).hasPrefix("module CLenet5 {"))
  }

  @Test(arguments: [
    ("lenet5", "Lenet5"), ("xyz_product", "XyzProduct"), ("mlp_3_2_2", "Mlp3_2_2"),
    ("conv2d_relu", "Conv2dRelu"),
    ("_9", "_9"), ("_", "_"),
  ])
  func typeNames(_ name: String, _ expected: String) {
    #expect(SwiftNames.camelCase(name, startsUpper: true) == expected)
  }

  @Test func namesOfStandardTypesAreLeftAlone() {
    #expect(SwiftNames(Program(name: "string")).type == "StringNetwork")
  }

  /// The face against the header, by the compiler, in Swift 6 mode.
  @Test(arguments: GeneratedNetwork.all, [true, false])
  func theFaceCompilesWithoutAWarning(_ network: GeneratedNetwork, embedded: Bool) throws {
    guard let compiler = Tool.find("swiftc") else { return }
    let programs = try network.programs()
    let program = programs[0]
    if !embedded && program.parameterByteCount == 0 { return }
    let names = SwiftNames(program)
    var options = SourceBundle.Options(sourceName: "\(network.name).graph")
    options.embedsWeights = embedded
    options.moduleName = names.cModule
    let folder = try TemporaryFolder()
    for file in SourceBundle(programs, options).files { try folder.write(file.path, file.contents) }
    let face = try folder.write("Face.swift", Array(SwiftFace(program, names, options).text.utf8))
    let map = folder.url.appendingPathComponent("include/module.modulemap").path
    let result = try compiler.run([
      "-typecheck", "-swift-version", "6", "-warnings-as-errors", "-module-name", names.type, "-Xcc",
      "-fmodule-map-file=\(map)", face.path,
    ])
    #expect(result.status == 0)
    #expect(result.output == "")
  }

  /// An app imports the package and calls the network.
  @Test func anAppCallsTheNetwork() throws {
    guard let swift = Tool.find("swift") else { return }
    let folder = try TemporaryFolder()
    for file in try Self.package("mlp_3_2_2").files { try folder.write("Mlp/\(file.path)", file.contents) }
    try folder.write(
      "Package.swift",
      Array(
        """
        // swift-tools-version: 6.0
        import PackageDescription
        let package = Package(
          name: "app", dependencies: [.package(path: "Mlp")],
          targets: [
            .executableTarget(name: "app", dependencies: [.product(name: "Mlp3_2_2", package: "Mlp")])
          ])

        """.utf8))
    try folder.write(
      "Sources/app/main.swift",
      Array(
        """
        import Mlp3_2_2
        let network = Mlp3_2_2()
        print(network(x: [10, 30, 20]).map { Int($0 * 10_000 + 0.5) })

        """.utf8))
    let result = try swift.run(["run", "-q"], in: folder.url)
    #expect(result.status == 0)
    #expect(result.output == "[7502, 9571]\n")
  }

  private static func package(_ name: String) throws -> SwiftPackage {
    let network = try #require(GeneratedNetwork.all.first { $0.name == name })
    return SwiftPackage(try network.programs(), SourceBundle.Options(sourceName: "\(name).graph"))
  }
}
