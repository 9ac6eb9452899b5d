import Foundation
import TensorFiles
import Testing

@testable import graphc

/// `graphc compile --emit swift-package`: a package that the machine's compilers accept.
@Suite struct SwiftPackageCommandTests {
  private static let files = [
    "Package.swift", "Sources/CTiny/include/module.modulemap", "Sources/CTiny/include/tiny.h",
    "Sources/CTiny/tiny.c", "Sources/CTiny/tiny_avx2.c", "Sources/CTiny/tiny_avx512.c",
    "Sources/CTiny/tiny_neon.c", "Sources/CTiny/tiny_portable.c", "Sources/CTiny/tiny_weights.c",
    "Sources/Tiny/Tiny.swift",
  ]

  private func package() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write("net.graph", Networks.convolution)
    let outcome = try workspace.graphc("compile net.graph --emit swift-package -o package")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("\n  build    swift build --package-path package\n"))
    return workspace
  }

  @Test func theFilesOfAPackage() throws {
    let contents = try package().contents("package").filter { $0.contains(".") }
    #expect(contents == Self.files)
  }

  @Test func theFaceCompiles() throws {
    let workspace = try package()
    let result = try workspace.run(
      "swiftc",
      [
        "-typecheck", "-swift-version", "6", "-warnings-as-errors", "-module-name", "Tiny", "-Xcc",
        "-fmodule-map-file=\(workspace.path("package/Sources/CTiny/include/module.modulemap"))",
        workspace.path("package/Sources/Tiny/Tiny.swift"),
      ])
    guard let result else { return }
    #expect(result.status == 0)
    #expect(result.errors == "")
  }

  @Test(arguments: ["clang", "gcc"]) func theSourcesCompile(_ compiler: String) throws {
    let workspace = try package()
    let folder = workspace.path("package/Sources/CTiny")
    let sources = Self.files.filter { $0.hasSuffix(".c") }.map { workspace.path("package/\($0)") }
    let options = [
      "-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", "-I", "\(folder)/include",
    ]
    guard let result = try workspace.run(compiler, options + sources) else { return }
    #expect(result.status == 0)
    #expect(result.errors == "")
  }

  @Test func theManifestCompiles() throws {
    let workspace = try package()
    let arguments = ["package", "--package-path", workspace.path("package"), "describe", "--type", "json"]
    guard let result = try workspace.run("swift", arguments) else { return }
    #expect(result.status == 0)
    #expect(result.output.contains("\"Tiny\""))
    #expect(result.output.contains("\"CTiny\""))
  }

  @Test func reportForMachines() throws {
    let workspace = try Workspace()
    try workspace.write("net.graph", Networks.convolution)
    let json = try workspace.graphc("compile net.graph --emit swift-package --json").json()
    let paths = json["files"]?.arrayValue?.compactMap { $0["path"]?.stringValue } ?? []
    #expect(paths == Self.files)
    #expect(json["folder"] == .string("tiny"))
  }
}
