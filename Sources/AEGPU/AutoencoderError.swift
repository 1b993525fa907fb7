import Foundation

/// Why something cannot be done: one sentence, with what was expected and what was received.
public struct AutoencoderError: Error, Hashable, Sendable, CustomStringConvertible, LocalizedError {
  public let description: String

  public var errorDescription: String? { description }

  init(_ description: String) { self.description = description }
}

/// What a call of the library throws: errors of its parts as their sentences.
func telling<Value>(_ body: () throws -> Value) throws(AutoencoderError) -> Value {
  do {
    return try body()
  } catch let error as AutoencoderError {
    throw error
  } catch {
    throw AutoencoderError("\(error)")
  }
}
