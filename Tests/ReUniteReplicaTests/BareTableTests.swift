import ReUniteReplica
import TestSupport
import Testing

@Suite("A network schema that no replica can be made of is refused by name")
struct BareTableTests {
    @Test("a table of which no column is synced")
    func bare() {
        let network = NetworkSchema(
            migrations: TinyNetwork.network.migrations + [
                .init(
                    name: "badges",
                    sql: """
                        CREATE TABLE badge(id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16)) STRICT;
                        INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only)
                          VALUES (9, 'badge', 'shared', NULL, 'STOCK', 'hub', 0);
                        """)
            ])
        #expect { try TestDesk(network: network) } throws: {
            "\($0)".contains("badge") && "\($0)".contains("none of its columns is synced")
        }
    }
}
