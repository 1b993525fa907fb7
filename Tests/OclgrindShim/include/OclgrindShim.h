// A library to preload under oclgrind, see Tools/oclgrind:
//
//   LD_PRELOAD=libOclgrindShim.so OCLGRIND_SHIM_KERNELS=names oclgrind --uninitialized program
//
// Writes and fills of a part of a buffer are done by a kernel. oclgrind 21.10 keeps a byte for each byte of memory that tells
// whether it was written; a write by the host makes these bytes anew, as many as it writes, and what lies behind them in the
// buffer is then neither written nor unwritten but outside.
//
// Zeros that fill a whole buffer of 4096 bytes or more count as unwritten, so that a kernel that reads what no one wrote shows; the
// reports of the kernel oclgrind_shim_forget, which does this, mean nothing. Smaller buffers, such as counters, begin at zero on
// purpose.
//
// The file has a line for each kernel that was launched. It is appended to.
