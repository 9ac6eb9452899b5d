import SourceText
import TensorFiles

/// Images in folders that are named after their classes: `flowers/rose/1.png`. Classes are numbered in the order of
/// the bytes of their names, and so are the images of a class.
struct ImageFolder {
  private let path: String
  private let channels: Int?
  private let knownClasses: [String]

  /// Endings of images that are common, but not read.
  private static let foreignExtensions = ["jpg", "jpeg", "gif", "bmp", "webp", "tif", "tiff", "heic", "avif"]

  /// - Parameters:
  ///   - channels: 1 or 3; nil for 3 if any image has colors.
  ///   - classNames: known classes, empty where the folders say which there are.
  init(_ path: String, channels: Int?, classNames: [String]) {
    self.path = path
    self.channels = channels
    knownClasses = classNames
  }

  func read() throws(TensorFileError) -> Dataset {
    let listing = try FolderListing(path)
    guard !listing.folders.isEmpty else {
      throw TensorFileError(
        path, "expected a folder of images for each class, found no folder in it",
        cure: "arrange the images as \(path.withoutTrailingSlash)/CLASS/NAME.png")
    }
    let classes = knownClasses.isEmpty ? listing.folders : knownClasses
    var images: [(image: Image, path: String)] = []
    var labels: [Int32] = []
    for name in listing.folders {
      guard let label = classes.firstIndex(of: name) else { throw unknown(name, classes) }
      for file in try files(of: name) {
        let image = try Image.read(file)
        try requireSize(of: image, file, images.first)
        images.append((image, file))
        labels.append(Int32(label))
      }
    }
    let tensor = stacked(images.map(\.image))
    return try Dataset(
      name: path, columns: [tensor, StoredTensor(shape: [labels.count], labels)], classNames: classes)
  }

  private func files(of name: String) throws(TensorFileError) -> [String] {
    let folder = path.withoutTrailingSlash + "/" + name
    let listing = try FolderListing(folder)
    if let inner = listing.folders.first {
      throw TensorFileError(folder, "expected images, found a folder '\(inner)' in the folder of a class")
    }
    var files: [String] = []
    for file in listing.files {
      let ending = file.split(separator: ".").last.map { $0.lowercased() } ?? ""
      if Image.fileExtensions.contains(ending) { files.append(folder + "/" + file) }
      guard !Self.foreignExtensions.contains(ending) else {
        throw TensorFileError(
          folder + "/" + file, "\(ending.uppercased()) images are not read", cure: "convert them to PNG")
      }
    }
    guard !files.isEmpty else {
      let endings = Image.fileExtensions.joined(separator: ", ")
      throw TensorFileError(folder, "there are no images in it", cause: "these end in \(endings)")
    }
    return files
  }

  private func requireSize(
    of image: Image, _ file: String, _ first: (image: Image, path: String)?
  ) throws(TensorFileError) {
    guard let first, first.image.width != image.width || first.image.height != image.height else { return }
    throw TensorFileError(
      file, "expected images of one size",
      cause: "'\(first.path)' has \(first.image.width) x \(first.image.height) pixels, "
        + "found \(image.width) x \(image.height)", cure: "scale or crop them")
  }

  /// `[count, channels, height, width]`. There is an image, and all have one size.
  private func stacked(_ images: [Image]) -> StoredTensor {
    let channels = channels ?? images.map(\.channels).max() ?? 1
    let (width, height) = (images[0].width, images[0].height)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(images.count * channels * width * height)
    for image in images { bytes += image.planes(channels: channels) }
    return StoredTensor(shape: [images.count, channels, height, width], bytes)
  }

  private func unknown(_ name: String, _ classes: [String]) -> TensorFileError {
    TensorFileError(
      path, "expected folders of the classes of the training data, found '\(name)'",
      cause: "these are \(classes.joined(separator: ", ").clipped(to: 200))")
  }
}

extension String {
  fileprivate var withoutTrailingSlash: String { count > 1 && hasSuffix("/") ? String(dropLast()) : self }
}
