import Foundation
import TensorFiles

@main
enum Main {
  static func main() {
    UnfinishedOutputs.removeOnInterrupt()
    let tool = Tool(commands: Tool.allCommands, console: Console.standard)
    exit(tool.run(Array(CommandLine.arguments.dropFirst())).rawValue)
  }
}
