// An OpenCL driver with one platform, whose devices nobody can list: clGetDeviceIDs gives
// $BROKEN_DRIVER_CODE. A loader finds it by the file that its folder of vendors has:
//
//   echo /path/to/libBrokenDriver.so > vendors/broken.icd
//   OCL_ICD_VENDORS=vendors BROKEN_DRIVER_CODE=-6 program
//
// With BROKEN_DRIVER_DOES=abort, exit (with status 0) or hang it does so in the function that
// $BROKEN_DRIVER_IN names: clGetPlatformIDs, clGetPlatformInfo or clGetDeviceIDs.
