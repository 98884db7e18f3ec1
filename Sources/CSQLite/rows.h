// Rows in memory that a statement reads like a table: INSERT ... SELECT c0, c1 FROM ru_rows(?).
//
// To bind and run a statement a row takes as long as SQLite takes to write the row. Here a statement runs once for some
// hundred rows, and reads them where they are.
#ifndef REUNITE_CSQLITE_ROWS_H
#define REUNITE_CSQLITE_ROWS_H

#include <sqlite3.h>
#include <stdint.h>
#include <string.h>

/// One value: its storage class as SQLite numbers them, and what it is.
typedef struct {
    int32_t type;
    /// Of a text or blob, in bytes.
    int32_t length;
    /// The integer, the bits of the real, or where the bytes of a text or blob begin, from the first of all.
    int64_t bits;
} reunite_cell;

/// What `ru_rows` reads. It must stay where it is until the statement has been stepped to its end.
typedef struct {
    const reunite_cell *cells;
    const char *bytes;
    int32_t columns;
    int32_t rows;
} reunite_rows;

/// `ru_rows` has so many columns, named from c0 on. To tell SQLite of them takes a connection as long as a small delivery
/// takes for its scopes, so there are no more than most rows need.
#define REUNITE_ROWS_COLUMNS 16
/// `ru_wide`, for those that need more.
#define REUNITE_WIDE_COLUMNS 64

typedef struct {
    sqlite3_vtab base;
    int columns;
} reunite_rows_table;

typedef struct {
    sqlite3_vtab_cursor base;
    const reunite_rows *source;
    int32_t row;
} reunite_rows_cursor;

static inline int reunite_rows_connect(
    sqlite3 *connection, void *width, int count, const char *const *arguments, sqlite3_vtab **table, char **error) {
    (void)count, (void)arguments, (void)error;
    const int columns = *(const int *)width;
    sqlite3_str *sql = sqlite3_str_new(connection);
    sqlite3_str_appendall(sql, "CREATE TABLE x(");
    for (int column = 0; column < columns; column++) sqlite3_str_appendf(sql, "c%d,", column);
    sqlite3_str_appendall(sql, "source HIDDEN)");
    char *text = sqlite3_str_finish(sql);
    if (!text) return SQLITE_NOMEM;
    int code = sqlite3_declare_vtab(connection, text);
    sqlite3_free(text);
    if (code != SQLITE_OK) return code;
    // Nothing in the file's schema may use it.
    sqlite3_vtab_config(connection, SQLITE_VTAB_DIRECTONLY);
    reunite_rows_table *made = sqlite3_malloc(sizeof(reunite_rows_table));
    if (!made) return SQLITE_NOMEM;
    memset(made, 0, sizeof(reunite_rows_table));
    made->columns = columns;
    *table = &made->base;
    return SQLITE_OK;
}

static inline int reunite_rows_disconnect(sqlite3_vtab *table) {
    sqlite3_free(table);
    return SQLITE_OK;
}

static inline int reunite_rows_best_index(sqlite3_vtab *table, sqlite3_index_info *info) {
    const int source = ((const reunite_rows_table *)table)->columns;
    for (int place = 0; place < info->nConstraint; place++) {
        if (info->aConstraint[place].iColumn != source || !info->aConstraint[place].usable
            || info->aConstraint[place].op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
        info->aConstraintUsage[place].argvIndex = 1;
        info->aConstraintUsage[place].omit = 1;
        info->estimatedCost = 100;
        return SQLITE_OK;
    }
    return SQLITE_CONSTRAINT;
}

static inline int reunite_rows_open(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor) {
    (void)table;
    reunite_rows_cursor *made = sqlite3_malloc(sizeof(reunite_rows_cursor));
    if (!made) return SQLITE_NOMEM;
    memset(made, 0, sizeof(reunite_rows_cursor));
    *cursor = &made->base;
    return SQLITE_OK;
}

static inline int reunite_rows_close(sqlite3_vtab_cursor *cursor) {
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static inline int reunite_rows_filter(
    sqlite3_vtab_cursor *cursor, int number, const char *name, int count, sqlite3_value **values) {
    (void)number, (void)name;
    reunite_rows_cursor *here = (reunite_rows_cursor *)cursor;
    here->source = count == 1 ? (const reunite_rows *)sqlite3_value_pointer(values[0], "reunite_rows") : 0;
    here->row = 0;
    return SQLITE_OK;
}

static inline int reunite_rows_next(sqlite3_vtab_cursor *cursor) {
    ((reunite_rows_cursor *)cursor)->row++;
    return SQLITE_OK;
}

static inline int reunite_rows_eof(sqlite3_vtab_cursor *cursor) {
    const reunite_rows_cursor *here = (const reunite_rows_cursor *)cursor;
    return !here->source || here->row >= here->source->rows;
}

static inline int reunite_rows_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    const reunite_rows_cursor *here = (const reunite_rows_cursor *)cursor;
    const reunite_rows *source = here->source;
    if (column >= source->columns) return SQLITE_OK;
    const reunite_cell *cell = source->cells + (int64_t)here->row * source->columns + column;
    double real;
    switch (cell->type) {
    case SQLITE_INTEGER: sqlite3_result_int64(context, cell->bits); break;
    case SQLITE_FLOAT:
        memcpy(&real, &cell->bits, sizeof real);
        sqlite3_result_double(context, real);
        break;
    case SQLITE_TEXT: sqlite3_result_text(context, source->bytes + cell->bits, cell->length, SQLITE_STATIC); break;
    case SQLITE_BLOB: sqlite3_result_blob(context, source->bytes + cell->bits, cell->length, SQLITE_STATIC); break;
    default: break;
    }
    return SQLITE_OK;
}

static inline int reunite_rows_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid) {
    *rowid = ((reunite_rows_cursor *)cursor)->row;
    return SQLITE_OK;
}

/// Gives a connection the tables `ru_rows` and `ru_wide`.
static inline int reunite_rows_register(sqlite3 *connection) {
    static const sqlite3_module module = {
        .xConnect = reunite_rows_connect,
        .xDisconnect = reunite_rows_disconnect,
        .xBestIndex = reunite_rows_best_index,
        .xOpen = reunite_rows_open,
        .xClose = reunite_rows_close,
        .xFilter = reunite_rows_filter,
        .xNext = reunite_rows_next,
        .xEof = reunite_rows_eof,
        .xColumn = reunite_rows_column,
        .xRowid = reunite_rows_rowid,
    };
    static const int columns = REUNITE_ROWS_COLUMNS, wide = REUNITE_WIDE_COLUMNS;
    int code = sqlite3_create_module_v2(connection, "ru_rows", &module, (void *)&columns, 0);
    if (code != SQLITE_OK) return code;
    return sqlite3_create_module_v2(connection, "ru_wide", &module, (void *)&wide, 0);
}

/// Says which rows a statement reads.
static inline int reunite_bind_rows(sqlite3_stmt *statement, int index, const reunite_rows *rows) {
    return sqlite3_bind_pointer(statement, index, (void *)rows, "reunite_rows", 0);
}

#endif
