import Testing

@testable import TensorFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Names in a folder, hidden ones too, in order.
private func names(in path: String) -> [String] {
  guard let folder = opendir(path) else { return [] }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
      field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted()
}

@Suite struct AtomicWriteTests {
  @Test func writesAndReplaces() throws {
    let folder = ScratchFolder()
    let path = folder.path + "/out.txt"
    try writeFile(at: path, text: "one")
    #expect(try folder.content("out.txt") == "one")
    try writeFile(at: path) { (sink) throws(TensorFileError) in
      try sink.write("two")
      #expect(names(in: folder.path).count == 2)
      try sink.write(", three")
    }
    #expect(try folder.content("out.txt") == "two, three")
    #expect(names(in: folder.path) == ["out.txt"])
  }

  @Test func aFailureChangesNothing() throws {
    let folder = ScratchFolder()
    let path = folder.path + "/out.txt"
    try writeFile(at: path, text: "old")
    let message = refusal { () throws(TensorFileError) in
      try writeFile(at: path) { (sink) throws(TensorFileError) in
        try sink.write("half")
        throw TensorFileError(path, "stop")
      }
    }
    #expect(message == "stop")
    #expect(try folder.content("out.txt") == "old")
    #expect(names(in: folder.path) == ["out.txt"])
  }

  @Test func linksAreFollowedAndDevicesWrittenDirectly() throws {
    let folder = ScratchFolder()
    try writeFile(at: folder.path + "/real", text: "old")
    #expect(symlink("real", folder.path + "/link") == 0)
    try writeFile(at: folder.path + "/link", text: "new")
    #expect(try folder.content("real") == "new")
    try writeFile(at: "/dev/null", text: "gone")
    #expect(FileKind.of("/dev/null") == .other)
  }

  @Test(arguments: [
    ("", "the path is empty"), ("a\0b", "the path contains a NUL byte"),
    ("/", "cannot write the file: it is a folder"),
    ("/no/such/file", "cannot write the file: no such file or folder"),
    ("/dev/null/x", "cannot write the file: a part of the path is not a folder"),
  ])
  func impossiblePaths(path: String, message: String) {
    #expect(refusal { () throws(TensorFileError) in try writeFile(at: path, text: "") } == message)
  }

  @Test func readingWhatIsNotThere() {
    #expect(
      refusal { () throws(TensorFileError) in _ = try MappedFile(path: "/no/such/file") }
        == "cannot read the file: no such file or folder")
    #expect(
      refusal { () throws(TensorFileError) in _ = try MappedFile(path: "/") }
        == "cannot read the file: it is a folder")
    #expect(TensorFileError("p", "m", cause: "c", cure: "d").description == "p: m: c (d)")
  }

  @Test(arguments: [0, 1, MappedFile.mappingThreshold - 1, MappedFile.mappingThreshold, 1 << 21])
  func filesOfAllSizesAreRead(size: Int) throws {
    let folder = ScratchFolder()
    var content = [UInt8](repeating: 7, count: size)
    if size > 0 { content[size - 1] = 9 }
    try writeFile(at: folder.path + "/f", bytes: content)
    let file = try MappedFile(path: folder.path + "/f")
    #expect(file.count == size)
    #expect(file.withBytes { $0.last } == content.last)
  }
}

@Suite struct StagedFolderTests {
  @Test func aNewFolderAppearsAtOnce() throws {
    let scratch = ScratchFolder()
    let target = scratch.path + "/deep/er/out"
    do {
      let folder = try StagedFolder(target)
      try folder.write("net.c", text: "c")
      try folder.write("include/net.h", text: "h")
      #expect(names(in: target) == [])
      try folder.commit()
    }
    #expect(try scratch.content("deep/er/out/net.c") == "c")
    #expect(try scratch.content("deep/er/out/include/net.h") == "h")
    #expect(names(in: scratch.path + "/deep/er") == ["out"])
  }

  @Test func otherFilesOfAnExistingFolderStay() throws {
    let scratch = ScratchFolder()
    try writeFile(at: scratch.path + "/mine", text: "mine")
    try writeFile(at: scratch.path + "/net.c", text: "old")
    do {
      let folder = try StagedFolder(scratch.path + "/")
      try folder.write("net.c", text: "new")
      try folder.write("include/net.h", text: "h")
      #expect(try scratch.content("net.c") == "old")
      try folder.commit()
    }
    #expect(names(in: scratch.path) == ["include", "mine", "net.c"])
    #expect(try scratch.content("net.c") == "new")
  }

  @Test func withoutCommitNothingRemains() throws {
    let scratch = ScratchFolder()
    do {
      let folder = try StagedFolder(scratch.path)
      try folder.write("a/b/c", text: "c")
      let other = try StagedFolder(scratch.path + "/new")
      try other.write("a", bytes: [1])
      #expect(names(in: scratch.path).count == 2)
    }
    #expect(names(in: scratch.path) == [])
  }

  @Test(arguments: ["", "/etc/x", "../x", "a/../b", "a//b", "."])
  func namesStayInside(name: String) throws {
    let scratch = ScratchFolder()
    let folder = try StagedFolder(scratch.path + "/out")
    #expect(throws: TensorFileError.self) { try folder.write(name, text: "") }
  }

  @Test func aFolderInTheWayOfAFile() throws {
    let scratch = ScratchFolder()
    #expect(mkdir(scratch.path + "/net.c", 0o777) == 0)
    let folder = try StagedFolder(scratch.path)
    try folder.write("net.c", text: "")
    #expect(throws: TensorFileError.self) { try folder.commit() }
    #expect(throws: TensorFileError.self) { try StagedFolder("/dev/null") }
  }
}
