-- What load keeps beside the facts: what was supplied, what was loaded, what was refused, what has to be refreshed.
CREATE TABLE IF NOT EXISTS warehouse_info (name VARCHAR NOT NULL PRIMARY KEY, value VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS recorded_column (
  system_id VARCHAR NOT NULL, table_name VARCHAR NOT NULL, column_name VARCHAR NOT NULL,
  PRIMARY KEY (system_id, table_name, column_name));
CREATE TABLE IF NOT EXISTS dirty_hour_queue (hour_utc TIMESTAMP NOT NULL);
CREATE TABLE IF NOT EXISTS load_log (
  load_id VARCHAR NOT NULL, source VARCHAR NOT NULL, table_name VARCHAR NOT NULL, file VARCHAR NOT NULL,
  sha256 VARCHAR NOT NULL, rows_read BIGINT NOT NULL, loaded BIGINT NOT NULL, updated BIGINT NOT NULL,
  merged BIGINT NOT NULL, duplicates BIGINT NOT NULL, filtered BIGINT NOT NULL, rejected BIGINT NOT NULL,
  loaded_at TIMESTAMP NOT NULL);
CREATE TABLE IF NOT EXISTS load_reject (
  load_id VARCHAR NOT NULL, source VARCHAR NOT NULL, table_name VARCHAR NOT NULL, file VARCHAR NOT NULL,
  line BIGINT NOT NULL, column_name VARCHAR NOT NULL, reason VARCHAR NOT NULL, row_text VARCHAR NOT NULL,
  rejected_at TIMESTAMP NOT NULL);
