-- A file of embedded tables as Freeway 0.9 wrote it.
PRAGMA page_size = 8192;
PRAGMA journal_mode = WAL;
PRAGMA application_id = 1180128322;
PRAGMA user_version = 1;
CREATE TABLE tables (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE);
CREATE TABLE entities (
  table_id INTEGER NOT NULL, partition BLOB NOT NULL, row BLOB NOT NULL,
  version INTEGER NOT NULL, properties BLOB NOT NULL,
  PRIMARY KEY (table_id, partition, row)) WITHOUT ROWID;
CREATE TABLE clock (id INTEGER PRIMARY KEY CHECK (id = 1), highest_version INTEGER NOT NULL);
INSERT INTO clock VALUES (1, 0);
INSERT INTO tables VALUES (1, 'some');
INSERT INTO entities VALUES (1, CAST('p' AS BLOB), CAST('r' AS BLOB), 639156528000000001,
  CAST('{"Text":"kept","Number":7,"Long@odata.type":"Edm.Int64","Long":"8"}' AS BLOB));
