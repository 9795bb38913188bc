//! The schema: `schema.rs` says what the migrations make, and every migration can be undone.

use concilia_tests::TestDb;
use diesel::sql_types::{Bool, Text};
use diesel::{QueryableByName, sql_query};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

#[derive(QueryableByName)]
#[allow(clippy::struct_field_names, reason = "the names of information_schema")]
struct Column {
    #[diesel(sql_type = Text)]
    relation: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    udt_name: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// `table.column -> type` of every `table!` in the contexts' schema.rs.
fn declared() -> BTreeMap<String, String> {
    let contexts = std::fs::read_dir(root().join("api")).unwrap().map(|entry| entry.unwrap().path());
    let files = contexts.flat_map(|context| [context.join("src/schema.rs"), context.join("src/db/schema.rs")]);
    let text: String = files.filter_map(|file| std::fs::read_to_string(file).ok()).collect();
    let (mut table, mut columns) = (String::new(), BTreeMap::new());
    for line in text.lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|(_, rest)| rest.ends_with('{')) {
            name.clone_into(&mut table);
        } else if let Some((column, kind)) = line.split_once(" -> ").filter(|_| line.ends_with(',')) {
            columns.insert(format!("{table}.{column}"), kind.trim_end_matches(',').to_owned());
        }
    }
    columns
}

fn diesel_type(udt: &str, nullable: bool) -> String {
    let base = match udt.trim_start_matches('_') {
        "uuid" => "Uuid",
        "text" => "Text",
        "bool" => "Bool",
        "int2" => "Int2",
        "int4" => "Int4",
        "int8" => "Int8",
        "bytea" => "Bytea",
        "jsonb" => "Jsonb",
        "date" => "Date",
        "timestamptz" => "Timestamptz",
        "numeric" => "Numeric",
        "tsvector" => "Tsvector",
        other => panic!("unexpected type {other}"),
    };
    let base = if udt.starts_with('_') { format!("Array<Nullable<{base}>>") } else { base.to_owned() };
    if nullable { format!("Nullable<{base}>") } else { base }
}

#[tokio::test]
async fn schema_rs_is_what_the_migrations_make() {
    let db = TestDb::empty().await;
    let columns: Vec<Column> = sql_query(
        "SELECT table_name::text AS relation, column_name::text, udt_name::text, is_nullable = 'YES' AS nullable \
         FROM information_schema.columns JOIN information_schema.tables t USING (table_schema, table_name) \
         WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> '__diesel_schema_migrations'",
    )
    .load(&mut db.connect().await)
    .await
    .unwrap();
    let made: BTreeMap<String, String> = columns
        .into_iter()
        .map(|c| (format!("{}.{}", c.relation, c.column_name), diesel_type(&c.udt_name, c.nullable)))
        .collect();
    // A table that is only spoken to in SQL needs no declaration; one that is declared is declared whole.
    let declared = declared();
    let tables: BTreeSet<&str> = declared.keys().filter_map(|column| column.split('.').next()).collect();
    assert!(tables.contains("projects") && tables.contains("jobs"), "the schema files were read: {tables:?}");
    let made: BTreeMap<String, String> = made
        .into_iter()
        .filter(|(column, _)| column.split('.').next().is_some_and(|table| tables.contains(table)))
        .collect();
    assert_eq!(declared, made);
}

#[tokio::test]
async fn every_migration_can_be_undone_and_done_again() {
    let db = TestDb::empty().await;
    let mut connection = db.connect().await;
    let before = objects(&db).await;
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root().join("migrations"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    for folder in folders.iter().rev() {
        let down = std::fs::read_to_string(folder.join("down.sql"))
            .unwrap_or_else(|_| panic!("{folder:?} has no down.sql"));
        connection.batch_execute(&down).await.unwrap_or_else(|e| panic!("{folder:?} down: {e}"));
    }
    let left = objects(&db).await;
    assert!(left.is_empty(), "left after undoing all: {left:?}");
    for folder in &folders {
        let up = std::fs::read_to_string(folder.join("up.sql")).unwrap();
        connection.batch_execute(&up).await.unwrap_or_else(|e| panic!("{folder:?} up: {e}"));
    }
    assert_eq!(objects(&db).await, before);
}

#[tokio::test]
async fn what_is_told_of_as_taken_is_a_unique_constraint() {
    let db = TestDb::empty().await;
    let indexes = objects(&db).await;
    for (name, ..) in concilia_kernel::problem::TAKEN {
        let unique = format!("CREATE UNIQUE INDEX {name} ");
        assert!(indexes.iter().any(|definition| definition.starts_with(&unique)), "{name}");
    }
}

/// Every table, index, function, trigger and constraint of the schema, with its definition.
async fn objects(db: &TestDb) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Object {
        #[diesel(sql_type = Text)]
        definition: String,
    }
    let rows: Vec<Object> = sql_query(
        "SELECT pg_get_functiondef(p.oid) AS definition FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace \
           WHERE n.nspname = 'public' \
         UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '__diesel_schema_migrations' \
         UNION ALL SELECT c.conrelid::regclass || ' ' || c.conname || ' ' || pg_get_constraintdef(c.oid) FROM pg_constraint c \
           JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = 'public' AND c.conrelid <> 0 \
           AND c.conrelid::regclass::text <> '__diesel_schema_migrations' \
         UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT t.tgisinternal \
           AND t.tgrelid::regclass::text <> '__diesel_schema_migrations' \
         ORDER BY 1",
    )
    .load(&mut db.connect().await)
    .await
    .unwrap();
    rows.into_iter()
        .map(|row| row.definition)
        .filter(|d| !d.contains("diesel_manage_updated_at") && !d.contains("diesel_set_updated_at"))
        .collect()
}
