import Foundation
import Plans

/// Graphics devices, the files by which drivers reach them, and the drivers.
extension Machine {
  /// Who made a graphics device, by the number that the kernel shows.
  private enum Maker: String {
    case amd = "0x1002"
    case nvidia = "0x10de"
    case intel = "0x8086"

    var name: String {
      switch self {
      case .amd: "AMD"
      case .nvidia: "NVIDIA"
      case .intel: "Intel"
      }
    }

    /// What brings OpenCL for it.
    var package: String {
      switch self {
      case .amd: "rocm-opencl-runtime, or Mesa's mesa-opencl-icd with RUSTICL_ENABLE=radeonsi"
      case .nvidia: "nvidia-opencl-icd, or the driver from nvidia.com"
      case .intel: "intel-opencl-icd"
      }
    }
  }

  /// The files by which drivers reach graphics devices.
  private var deviceFiles: [String] {
    names(in: "/dev/dri").filter { $0.hasPrefix("renderD") }.map { "/dev/dri/" + $0 }
      + names(in: "/dev").filter { $0 == "kfd" || $0.isNVIDIADevice }.map { "/dev/" + $0 }
  }

  private var makers: [Maker] {
    var found = names(in: "/sys/class/drm").filter { $0.hasPrefix("renderD") }.compactMap {
      line(of: "/sys/class/drm/\($0)/device/vendor").flatMap(Maker.init)
    }
    if exists("/dev/nvidiactl"), !found.contains(.nvidia) { found.append(.nvidia) }
    return found
  }

  /// What is wrong with drivers.
  /// - Parameters:
  ///   - devices: those of OpenCL that were found.
  ///   - faults: what was passed over.
  package func driverFindings(_ devices: [DeviceInformation], faults: [String]) -> [Finding] {
    var findings = faults.map {
      Finding(
        .fault, $0,
        remedy: "reinstall that driver, or remove its file from /etc/OpenCL/vendors; the other "
          + "devices can be used meanwhile")
    }
    for maker in makers {
      let isSeen = devices.contains { $0.kind == .gpu && $0.isMade(by: maker.name) }
      if !isSeen {
        findings.append(
          Finding(
            .fault, "there is a GPU of \(maker.name), and no OpenCL driver shows it",
            remedy: "install \(maker.package), and see that the user may open its files"))
      }
    }
    if devices.isEmpty, makers.isEmpty {
      findings.append(
        Finding(
          .note, "there is no OpenCL driver, so cpu alone can be used",
          remedy: "install pocl-opencl-icd to run the kernels on the CPU"))
    }
    return findings
  }

  /// Files of devices that the user may not open.
  package func permissionFindings() -> [Finding] {
    deviceFiles.filter { access(root + $0, R_OK | W_OK) != 0 && errno == EACCES }.map { file in
      let group = Self.group(of: root + file)
      return Finding(
        .fault, "\(file) may not be opened by this user",
        remedy: group == "root" || group == nil
          ? "let root change its permissions (chmod a+rw \(file), or a udev rule)"
          : "sudo usermod -aG \(group!) $USER, and log in again")
    }
  }

  private static func group(of path: String) -> String? {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.groupOwnerAccountName] as? String
  }
}

extension String {
  /// `nvidia0`, `nvidiactl`, `nvidia-uvm`
  fileprivate var isNVIDIADevice: Bool {
    let rest = dropFirst("nvidia".count)
    return hasPrefix("nvidia")
      && (rest == "ctl" || rest == "-uvm" || !rest.isEmpty && rest.allSatisfy(\.isNumber))
  }
}

extension DeviceInformation {
  fileprivate func isMade(by maker: String) -> Bool {
    let words = maker == "AMD" ? ["AMD", "Advanced Micro", "Radeon"] : [maker]
    return words.contains { vendor.contains($0) || name.contains($0) }
  }
}
