import Harness
import Testing

@Suite struct QuantityTests {
  @Test(arguments: [("90s", 90), ("30m", 1800), ("2h", 7200), ("1d", 86_400)])
  func `times have a unit`(text: String, seconds: Int) {
    #expect(Quantity.seconds(text) == seconds)
  }

  @Test(arguments: [("512MiB", 536_870_912), ("2GiB", 2_147_483_648), ("1TiB", 1_099_511_627_776)])
  func `so have amounts`(text: String, bytes: Int) {
    #expect(Quantity.bytes(text) == bytes)
  }

  @Test(arguments: ["", "30", "s", "0s", "-1h", "1.5h", "1000000s", "2 h", "٣s"])
  func `what is no time is none`(text: String) {
    #expect(Quantity.seconds(text) == nil)
  }

  @Test(arguments: ["", "512", "2GB", "0GiB", "1.5GiB", "GiB", "2gib"])
  func `what is no amount is none`(text: String) {
    #expect(Quantity.bytes(text) == nil)
  }

  @Test(arguments: [
    (512, "512 bytes"), (2_147_483_648, "2.00 GiB"), (1_000_000_000, "954 MiB"), (1023 << 20, "0.999 GiB"),
  ])
  func `amounts are shown with three digits`(bytes: Int, text: String) {
    #expect(Quantity.text(bytes: bytes) == text)
  }
}
