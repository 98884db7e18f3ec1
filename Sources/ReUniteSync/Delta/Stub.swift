public protocol ColumnLayout { func columnGroups(of table: UInt16) -> [UInt8]? }
extension SchemaDescription: ColumnLayout { public func columnGroups(of table: UInt16) -> [UInt8]? { nil } }
public enum OpCodec { public static func encode(_ ops: [Op], layout: some ColumnLayout) throws(FormatError) -> [UInt8] { [] }
 public static func decode(_ bytes: [UInt8], expecting count: Int) throws(FormatError) -> [Op] { [] } }
public enum RowCodec { public static func encode(_ rows: [RowState], layout: some ColumnLayout) throws(FormatError) -> [UInt8] { [] }
 public static func decode(_ bytes: [UInt8]) throws(FormatError) -> [RowState] { [] } }
