/// What this version of aegpu is called.
package enum Release {
  package static let version = "0.1.0"
}
