import Foundation
import Protobuf
import TestFolders
import Testing

import Reports

/// The records of event files.
@Suite struct EventFileTests {
  /// RFC 3720, section B.4: 32 bytes of zeros, of ones, and those counted up.
  @Test func checksumIsCastagnolis() {
    #expect(Checksum.castagnoli([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(Checksum.castagnoli([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(Checksum.castagnoli((0..<32).map { UInt8($0) }) == 0x46DD_794E)
  }

  @Test func whatCannotBeWrittenIsNoted() {
    let file = EventFile("/nowhere/events")
    file.add("loss", 1, step: 1)
    #expect(file.note?.hasPrefix("/nowhere/events: not all events could be written: ") == true)
  }
}
