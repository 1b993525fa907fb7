import Graphs
import Kernels
import OpenCLBackend
import Plans
import TestSupport
import Testing

@Suite(.serialized) struct ErrorTests {
  @Test(arguments: OpenCLTestDevice.all)
  func aFailedBuildShowsTheLog(_ device: OpenCLTestDevice) throws {
    let backend = try OpenCLBackend(deviceIndex: device.index)
    do {
      _ = try backend.compile(
        "broken", source: "__kernel void broken() { no_such_name = 1; }", options: "")
      Issue.record("it compiled")
    } catch {
      guard case .build(let program, _, _, let log) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(program == "broken")
      #expect(log.contains("no_such_name"))
      #expect(error.description.contains("no_such_name"))
      #expect(error.description.hasPrefix("broken.cl: expected a program that "))
    }
  }

  @Test func anUnknownDeviceShowsTheList() throws {
    let devices = try OpenCLDevices.all()
    do {
      _ = try OpenCLBackend(deviceIndex: 99)
      Issue.record("device 99 was opened")
    } catch {
      let list =
        devices.isEmpty
        ? "no OpenCL device at all"
        : devices.map { "\($0.identifier) (\($0.name))" }.joined(separator: ", ")
      #expect(
        error.description
          == "device 99: expected the index of an existing device, received 99; there is \(list)")
    }
  }

  @Test func statusesHaveNames() {
    #expect(
      OpenCLError.call(name: "clFinish", status: -36).description
        == "clFinish: expected success, received CL_INVALID_COMMAND_QUEUE (-36); "
        + "the driver failed: update it, or use another device")
    #expect(
      OpenCLError.call(name: "CLBlastSgemmWithTempBuffer", status: -2050).description
        .contains("CLBlastInsufficientMemoryTemp (-2050)"))
    #expect(
      OpenCLError.call(name: "clCreateBuffer", status: -4).description
        .contains("CL_MEM_OBJECT_ALLOCATION_FAILURE (-4); the device may be out of memory"))
  }

  @Test(arguments: OpenCLTestDevice.all)
  func whatIsTooLargeIsRefused(_ device: OpenCLTestDevice) throws {
    let backend = try OpenCLBackend(deviceIndex: device.index)
    let largest = backend.device.largestAllocationBytes
    let elements = OpenCLBackend.largestElementCount
    let count = largest / 4 + 1
    if count <= elements {
      do {
        _ = try backend.makeBuffer("the parameters", count: count, fill: nil)
        Issue.record("more than the largest allocation was made")
      } catch {
        #expect(error.description.contains("expected at most \(largest) bytes"))
      }
    }
    do {
      _ = try backend.makeBuffer("the examples", count: elements + 1, bytesEach: 1, fill: nil)
      Issue.record("a buffer of \(elements + 1) elements was made")
    } catch {
      #expect(
        error.description
          == "the examples: expected at most \(elements) elements, received \(elements + 1); "
          + "use a smaller batch or fewer examples")
    }
  }

  @Test(arguments: OpenCLTestDevice.all)
  func everyKernelFileCompilesAlone(_ device: OpenCLTestDevice) throws {
    let backend = try device.open()
    for name in kernelFileNames {
      let source = kernelSource(named: name)
      let hasWidths = source.contains("#ifndef WIDE")
      let widths = hasWidths ? ["-D VECTOR=16 -D WIDE=0", "-D VECTOR=16 -D NARROW=0"] : []
      for options in ["", "-D VECTOR=16", "-D LOCAL=64"] + widths {
        _ = try backend.compile(
          name, source: source, options: "-cl-std=CL1.2 -Werror \(options)")
      }
    }
  }
}
