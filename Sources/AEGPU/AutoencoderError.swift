import Foundation

/// An error of the library: one sentence that says what was expected and what was received.
public struct AutoencoderError: Error, Hashable, Sendable, CustomStringConvertible, LocalizedError {
  public let description: String

  public var errorDescription: String? { description }

  init(_ description: String) { self.description = description }
}

/// Converts errors of internal modules to the library's error with the same sentence.
func telling<Value>(_ body: () throws -> Value) throws(AutoencoderError) -> Value {
  do {
    return try body()
  } catch let error as AutoencoderError {
    throw error
  } catch {
    throw AutoencoderError("\(error)")
  }
}
