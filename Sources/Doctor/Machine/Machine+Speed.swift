import Foundation

/// Clocks and power limits that were set below what the hardware can do.
extension Machine {
  package func speedFindings() -> [Finding] { processorFindings() + graphicsFindings() }

  private func processorFindings() -> [Finding] {
    let policies = names(in: "/sys/devices/system/cpu/cpufreq").filter { $0.hasPrefix("policy") }
    let limited = policies.filter { policy in
      let folder = "/sys/devices/system/cpu/cpufreq/\(policy)"
      guard let limit = number(in: folder + "/scaling_max_freq"),
        let most = number(in: folder + "/cpuinfo_max_freq")
      else { return false }
      return limit * 100 < most * 95
    }
    guard let first = limited.first else { return [] }
    let folder = "/sys/devices/system/cpu/cpufreq/\(first)"
    let (limit, most) = (
      number(in: folder + "/scaling_max_freq")! / 1000,
      number(in: folder + "/cpuinfo_max_freq")! / 1000
    )
    return [
      Finding(
        .note, "the CPU's clock is limited to \(limit) of \(most) MHz",
        remedy: "sudo cpupower frequency-set --max \(most)MHz, unless it is meant so")
    ]
  }

  private func graphicsFindings() -> [Finding] {
    let cards = names(in: "/sys/class/drm").filter {
      $0.hasPrefix("card") && $0.dropFirst(4).allSatisfy(\.isNumber)
    }
    return cards.flatMap { card -> [Finding] in
      let device = "/sys/class/drm/\(card)/device"
      let sensors = names(in: device + "/hwmon").map { "\(device)/hwmon/\($0)" }
      let power = sensors.compactMap { sensor -> Finding? in
        guard let limit = number(in: sensor + "/power1_cap"),
          let usual = number(in: sensor + "/power1_cap_default"), limit * 100 < usual * 95
        else { return nil }
        return Finding(
          .note, "\(card) may take \(limit / 1_000_000) W, by default \(usual / 1_000_000) W",
          remedy: "write \(usual) to \(sensor)/power1_cap, unless it is meant so")
      }
      guard let limit = number(in: "/sys/class/drm/\(card)/gt_max_freq_mhz"),
        let most = number(in: "/sys/class/drm/\(card)/gt_RP0_freq_mhz"), limit * 100 < most * 95
      else { return power }
      return power + [
        Finding(
          .note, "the clock of \(card) is limited to \(limit) of \(most) MHz",
          remedy: "write \(most) to /sys/class/drm/\(card)/gt_max_freq_mhz, unless it is meant so")
      ]
    }
  }
}
