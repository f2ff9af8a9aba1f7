-- The published rollups: what pages, files and gates read. The same text on DuckDB and PostgreSQL.
-- Durations are microseconds, money is DECIMAL(38,12), no dimension is NULL ('' = not stated).
CREATE TABLE refresh_state (name VARCHAR NOT NULL, value VARCHAR NOT NULL, PRIMARY KEY (name));

CREATE TABLE calendar_day (
  day_local DATE NOT NULL, start_utc TIMESTAMP NOT NULL, end_utc TIMESTAMP NOT NULL, seconds BIGINT NOT NULL,
  week_start DATE NOT NULL, month_start DATE NOT NULL, quarter_start DATE NOT NULL, year_start DATE NOT NULL,
  fiscal_month_start DATE NOT NULL, fiscal_quarter_start DATE NOT NULL, fiscal_year_start DATE NOT NULL,
  PRIMARY KEY (day_local));

-- What the source held of the last days at this refresh, so that the next one sees what was deleted or changed in place.
CREATE TABLE source_hour (
  source VARCHAR NOT NULL, counted VARCHAR NOT NULL, hour_utc TIMESTAMP NOT NULL, own_day DATE NOT NULL,
  n BIGINT NOT NULL, content DECIMAL(38,0) NOT NULL, PRIMARY KEY (source, counted, hour_utc, own_day));

-- Per table of a foreign warehouse: keys that several rows bear, and how many of these rows are not counted.
CREATE TABLE repeated_key (
  table_name VARCHAR NOT NULL, keys BIGINT NOT NULL, dropped BIGINT NOT NULL, PRIMARY KEY (table_name));

-- What the checks counted in the facts: per table, system and fault, with the key of the first one.
CREATE TABLE fact_count (
  table_name VARCHAR NOT NULL, system_id VARCHAR NOT NULL, name VARCHAR NOT NULL, n BIGINT NOT NULL,
  example VARCHAR NOT NULL, PRIMARY KEY (table_name, system_id, name));

CREATE TABLE rollup_day (
  day_local DATE NOT NULL, system_id VARCHAR NOT NULL, task_type VARCHAR NOT NULL, arm VARCHAR NOT NULL,
  release_id VARCHAR NOT NULL, currency VARCHAR NOT NULL,
  attempted BIGINT NOT NULL,
  completed BIGINT NOT NULL, accepted BIGINT NOT NULL, accepted_unaided BIGINT NOT NULL, outcome_known BIGINT NOT NULL,
  autonomous BIGINT NOT NULL, reopened BIGINT NOT NULL,
  escalated BIGINT NOT NULL, escalated_ai_right BIGINT NOT NULL, escalated_ai_wrong BIGINT NOT NULL,
  escalated_out_of_scope BIGINT NOT NULL,
  review_due BIGINT NOT NULL, review_prob_known BIGINT NOT NULL, review_prob_zero BIGINT NOT NULL,
  handling_n BIGINT NOT NULL, handling_us DECIMAL(38,0) NOT NULL, handling_us2 DECIMAL(38,0) NOT NULL,
  handling_bad BIGINT NOT NULL,
  cycle_n BIGINT NOT NULL, cycle_us DECIMAL(38,0) NOT NULL, cycle_us2 DECIMAL(38,0) NOT NULL, cycle_bad BIGINT NOT NULL,
  latency_n BIGINT NOT NULL, latency_us DECIMAL(38,0) NOT NULL, latency_us2 DECIMAL(38,0) NOT NULL,
  latency_bad BIGINT NOT NULL,
  human_n BIGINT NOT NULL, human_us DECIMAL(38,0) NOT NULL, human_us2 DECIMAL(38,0) NOT NULL,
  settled BIGINT NOT NULL, failed BIGINT NOT NULL, fallback BIGINT NOT NULL,
  cost_n BIGINT NOT NULL, cost DECIMAL(38,12) NOT NULL, cost2 DECIMAL(38,12) NOT NULL,
  people_n BIGINT NOT NULL, people_priced BIGINT NOT NULL, people_cost DECIMAL(38,12) NOT NULL,
  review_cost DECIMAL(38,12) NOT NULL, escalation_cost DECIMAL(38,12) NOT NULL, rework_cost DECIMAL(38,12) NOT NULL,
  unlinked_calls BIGINT NOT NULL, unlinked_priced BIGINT NOT NULL, unlinked_cost DECIMAL(38,12) NOT NULL,
  evaluation_calls BIGINT NOT NULL, evaluation_priced BIGINT NOT NULL, evaluation_cost DECIMAL(38,12) NOT NULL,
  PRIMARY KEY (day_local, system_id, task_type, arm, release_id, currency));

CREATE TABLE rollup_hour (
  hour_utc TIMESTAMP NOT NULL, system_id VARCHAR NOT NULL, arm VARCHAR NOT NULL, currency VARCHAR NOT NULL,
  attempted BIGINT NOT NULL, completed BIGINT NOT NULL, accepted BIGINT NOT NULL, outcome_known BIGINT NOT NULL,
  reopened BIGINT NOT NULL, escalated BIGINT NOT NULL,
  handling_n BIGINT NOT NULL, handling_us DECIMAL(38,0) NOT NULL,
  cycle_n BIGINT NOT NULL, cycle_us DECIMAL(38,0) NOT NULL,
  latency_n BIGINT NOT NULL, latency_us DECIMAL(38,0) NOT NULL, latency_under BIGINT NOT NULL,
  settled BIGINT NOT NULL, failed BIGINT NOT NULL, fallback BIGINT NOT NULL,
  cost_n BIGINT NOT NULL, cost DECIMAL(38,12) NOT NULL,
  unlinked_calls BIGINT NOT NULL, unlinked_priced BIGINT NOT NULL, unlinked_cost DECIMAL(38,12) NOT NULL,
  calls BIGINT NOT NULL, tokens_n BIGINT NOT NULL, input_tokens BIGINT NOT NULL, output_tokens BIGINT NOT NULL,
  PRIMARY KEY (hour_utc, system_id, arm, currency));

CREATE TABLE rollup_verdict_day (
  day_local DATE NOT NULL, system_id VARCHAR NOT NULL, task_type VARCHAR NOT NULL, arm VARCHAR NOT NULL,
  release_id VARCHAR NOT NULL, metric VARCHAR NOT NULL, judge VARCHAR NOT NULL, review_reason VARCHAR NOT NULL,
  judged BIGINT NOT NULL, n BIGINT NOT NULL, correct BIGINT NOT NULL,
  prob_n BIGINT NOT NULL, prob_correct BIGINT NOT NULL,
  w DECIMAL(38,0) NOT NULL, w2 DECIMAL(38,0) NOT NULL, w_correct DECIMAL(38,0) NOT NULL,
  PRIMARY KEY (day_local, system_id, task_type, arm, release_id, metric, judge, review_reason));

CREATE TABLE rollup_verdict_hour (
  hour_utc TIMESTAMP NOT NULL, system_id VARCHAR NOT NULL, arm VARCHAR NOT NULL, metric VARCHAR NOT NULL,
  judge VARCHAR NOT NULL, review_reason VARCHAR NOT NULL,
  judged BIGINT NOT NULL, n BIGINT NOT NULL, correct BIGINT NOT NULL,
  prob_n BIGINT NOT NULL, prob_correct BIGINT NOT NULL,
  w DECIMAL(38,0) NOT NULL, w2 DECIMAL(38,0) NOT NULL, w_correct DECIMAL(38,0) NOT NULL,
  PRIMARY KEY (hour_utc, system_id, arm, metric, judge, review_reason));

CREATE TABLE hist_day (
  day_local DATE NOT NULL, system_id VARCHAR NOT NULL, task_type VARCHAR NOT NULL, arm VARCHAR NOT NULL,
  release_id VARCHAR NOT NULL, metric VARCHAR NOT NULL, bucket BIGINT NOT NULL, n BIGINT NOT NULL,
  PRIMARY KEY (day_local, system_id, task_type, arm, release_id, metric, bucket));

CREATE TABLE hist_day_system (
  day_local DATE NOT NULL, system_id VARCHAR NOT NULL, metric VARCHAR NOT NULL, bucket BIGINT NOT NULL,
  n BIGINT NOT NULL, PRIMARY KEY (day_local, system_id, metric, bucket));

CREATE TABLE line_day (
  day_local DATE NOT NULL, system_id VARCHAR NOT NULL, task_type VARCHAR NOT NULL, arm VARCHAR NOT NULL,
  release_id VARCHAR NOT NULL, metric VARCHAR NOT NULL, line_us BIGINT NOT NULL,
  n BIGINT NOT NULL, n_under BIGINT NOT NULL, n_at BIGINT NOT NULL,
  PRIMARY KEY (day_local, system_id, task_type, arm, release_id, metric, line_us));

CREATE TABLE backlog (
  as_of TIMESTAMP NOT NULL, system_id VARCHAR NOT NULL, task_type VARCHAR NOT NULL, age_bucket VARCHAR NOT NULL,
  n BIGINT NOT NULL, PRIMARY KEY (as_of, system_id, task_type, age_bucket));

CREATE TABLE call_day (
  day_local DATE NOT NULL, system_id VARCHAR NOT NULL, task_type VARCHAR NOT NULL, provider VARCHAR NOT NULL,
  model VARCHAR NOT NULL, purpose VARCHAR NOT NULL, currency VARCHAR NOT NULL, bill_month DATE NOT NULL,
  calls BIGINT NOT NULL, tokens_n BIGINT NOT NULL, input_tokens BIGINT NOT NULL, output_tokens BIGINT NOT NULL,
  cache_read_tokens BIGINT NOT NULL, cache_write_tokens BIGINT NOT NULL,
  cost_n BIGINT NOT NULL, cost DECIMAL(38,12) NOT NULL,
  PRIMARY KEY (day_local, system_id, task_type, provider, model, purpose, currency, bill_month));

CREATE TABLE work_day (
  day_local DATE NOT NULL, system_id VARCHAR NOT NULL, task_type VARCHAR NOT NULL, arm VARCHAR NOT NULL,
  activity VARCHAR NOT NULL, role VARCHAR NOT NULL, n BIGINT NOT NULL, worked_us DECIMAL(38,0) NOT NULL,
  PRIMARY KEY (day_local, system_id, task_type, arm, activity, role));

CREATE TABLE cost_day (
  day_local DATE NOT NULL, start_day DATE NOT NULL, end_day DATE NOT NULL,
  system_id VARCHAR NOT NULL, component VARCHAR NOT NULL, service_name VARCHAR NOT NULL,
  invoice_id VARCHAR NOT NULL, charge_category VARCHAR NOT NULL, charge_class VARCHAR NOT NULL,
  billing_period VARCHAR NOT NULL, allocation_key VARCHAR NOT NULL, source VARCHAR NOT NULL, currency VARCHAR NOT NULL,
  n BIGINT NOT NULL, billed_cost DECIMAL(38,12) NOT NULL, effective_n BIGINT NOT NULL,
  effective_cost DECIMAL(38,12) NOT NULL,
  PRIMARY KEY (day_local, start_day, end_day, system_id, component, service_name, invoice_id, charge_category, charge_class,
    billing_period, allocation_key, source, currency));
