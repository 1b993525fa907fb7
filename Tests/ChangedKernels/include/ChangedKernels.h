// Changes kernels on their way to the driver, as one does that compiles them wrong. Preload it:
// CHANGED_KERNELS_FROM is a text, every occurrence of which in a program becomes CHANGED_KERNELS_TO;
// CHANGED_KERNELS_FILE, if it is set, comes to hold a line for each program that was changed, and
// CHANGED_KERNELS_TEXTS the texts of all programs as they were.
