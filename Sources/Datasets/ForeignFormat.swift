/// Formats of tables and arrays that this program does not read, with advice how to convert them.
struct ForeignFormat: Sendable {
  let name: String
  private let endings: [String]
  /// The first bytes of such a file; nil if they say nothing.
  private let mark: [UInt8]?
  let advice: String

  private init(_ name: String, _ endings: String, mark: [UInt8]? = nil, _ advice: String) {
    self.name = name
    self.endings = endings.split(separator: " ").map(String.init)
    self.mark = mark
    self.advice = advice
  }

  /// The format with this file extension.
  static func named(by ending: String) -> ForeignFormat? {
    all.first { $0.endings.contains(ending) }
  }

  /// The format of a file with these first bytes.
  static func begun(by bytes: some Collection<UInt8>) -> ForeignFormat? {
    all.first { format in format.mark.map { bytes.starts(with: $0) } ?? false }
  }

  private static func pandas(_ call: String) -> String {
    "convert it with pandas: \(call).to_csv('data.csv', index=False)"
  }

  private static let spreadsheet = "save it as CSV (UTF-8) in the spreadsheet program, or "

  private static let all = [
    ForeignFormat(
      "Parquet", "parquet pq", mark: Array("PAR1".utf8), pandas("pandas.read_parquet(path)")),
    ForeignFormat(
      "Feather or Arrow", "feather arrow ipc arrows", mark: Array("ARROW1".utf8),
      pandas("pandas.read_feather(path)")),
    ForeignFormat("ORC", "orc", mark: Array("ORC".utf8), pandas("pandas.read_orc(path)")),
    ForeignFormat(
      "an Avro file", "avro", mark: [0x4f, 0x62, 0x6a, 0x01],
      "convert it to CSV with one record per line"),
    ForeignFormat(
      "an Excel workbook", "xlsx xlsm xlsb", spreadsheet + pandas("pandas.read_excel(path)")),
    ForeignFormat(
      "an old Excel workbook", "xls", mark: [0xd0, 0xcf, 0x11, 0xe0],
      spreadsheet + pandas("pandas.read_excel(path)")),
    ForeignFormat(
      "an OpenDocument spreadsheet", "ods fods", spreadsheet + pandas("pandas.read_excel(path)")),
    ForeignFormat("JSON", "json", pandas("pandas.read_json(path)")),
    ForeignFormat("JSON lines", "jsonl ndjson", pandas("pandas.read_json(path, lines=True)")),
    ForeignFormat(
      "HDF5", "", mark: [0x89, 0x48, 0x44, 0x46], "rename it, so that it ends in .h5"),
    ForeignFormat(
      "NetCDF", "nc nc4 cdf", mark: Array("CDF".utf8),
      "save a variable of it with numpy.save('data.npy', …)"),
    ForeignFormat(
      "a MATLAB file", "mat", mark: Array("MATLAB 5.0".utf8),
      "save an array of it with numpy.save('data.npy', scipy.io.loadmat(path)['name'])"),
    ForeignFormat(
      "a Python pickle", "pkl pickle p joblib",
      "save the array in it with numpy.save('data.npy', array), or a table with "
        + "frame.to_csv('data.csv', index=False); pickles are not read, because they can run code"
    ),
    ForeignFormat(
      "PyTorch tensors", "pt pth", "save a tensor with numpy.save('data.npy', tensor.numpy())"),
    ForeignFormat("TensorFlow records", "tfrecord tfrecords", "save the arrays with numpy.save"),
    ForeignFormat("a Stata file", "dta", pandas("pandas.read_stata(path)")),
    ForeignFormat(
      "an SPSS file", "sav zsav por", mark: Array("$FL2".utf8), pandas("pandas.read_spss(path)")),
    ForeignFormat("a SAS file", "sas7bdat xpt", pandas("pandas.read_sas(path)")),
    ForeignFormat(
      "an R file", "rds rda rdata",
      "save it in R with write.csv(data, 'data.csv', row.names = FALSE)"),
    ForeignFormat("a Weka file", "arff", "save it as CSV in Weka"),
    ForeignFormat(
      "an SQLite database", "db sqlite sqlite3", mark: Array("SQLite format 3".utf8),
      "write a table with sqlite3 -header -csv FILE 'select * from TABLE' > data.csv"),
    ForeignFormat("a PDF", "pdf", mark: Array("%PDF".utf8), "save its table as CSV"),
    ForeignFormat(
      "a gzip archive", "gz tgz", mark: [0x1f, 0x8b],
      "unpack it with gunzip, and name the unpacked file"),
    ForeignFormat("a bzip2 archive", "bz2", mark: Array("BZh".utf8), "unpack it with bunzip2"),
    ForeignFormat(
      "an xz archive", "xz", mark: [0xfd, 0x37, 0x7a, 0x58, 0x5a], "unpack it with unxz"),
    ForeignFormat(
      "a Zstandard archive", "zst", mark: [0x28, 0xb5, 0x2f, 0xfd], "unpack it with unzstd"),
    ForeignFormat("a 7z archive", "7z", mark: [0x37, 0x7a, 0xbc, 0xaf], "unpack it"),
    ForeignFormat("a tar archive", "tar", "unpack it, and name the file or folder"),
    ForeignFormat(
      "a zip archive or workbook", "zip", mark: [0x50, 0x4b, 0x03, 0x04],
      "unpack it, or save a workbook as CSV"),
  ]
}
