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
CREATE TABLE IF NOT EXISTS cost_superseded (
  charge_id VARCHAR NOT NULL, system_id VARCHAR, component VARCHAR NOT NULL, charge_start TIMESTAMP NOT NULL,
  charge_end TIMESTAMP NOT NULL, billed_cost DECIMAL(38,12) NOT NULL, effective_cost DECIMAL(38,12),
  currency VARCHAR NOT NULL, charge_category VARCHAR, charge_class VARCHAR, billing_period VARCHAR, invoice_id VARCHAR,
  service_name VARCHAR, allocation_key VARCHAR, source VARCHAR NOT NULL, load_id VARCHAR NOT NULL,
  ingested_at TIMESTAMP NOT NULL, superseded_at TIMESTAMP NOT NULL, superseded_by VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS cost_delivery (
  load_id VARCHAR NOT NULL, source VARCHAR NOT NULL, billing_period VARCHAR NOT NULL, currency VARCHAR NOT NULL,
  delivery VARCHAR NOT NULL, files VARCHAR NOT NULL, rules VARCHAR NOT NULL, rows_delivered BIGINT NOT NULL,
  rows_added BIGINT NOT NULL, rows_superseded BIGINT NOT NULL, billed_cost DECIMAL(38,12) NOT NULL,
  effective_cost DECIMAL(38,12), delivered_at TIMESTAMP NOT NULL);
CREATE TABLE IF NOT EXISTS cost_origin (
  source VARCHAR NOT NULL, charge_id VARCHAR NOT NULL, load_id VARCHAR NOT NULL, file VARCHAR NOT NULL,
  row_no BIGINT NOT NULL, line BIGINT NOT NULL, row_text VARCHAR NOT NULL);
