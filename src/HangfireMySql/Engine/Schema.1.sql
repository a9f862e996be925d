-- The first version of the tables. {prefix} is replaced; statements end with a semicolon at a line's end and may be repeated.
-- No foreign keys: a child's insert would lock its job in share mode and then deadlock with the next writer of the same job.
CREATE TABLE IF NOT EXISTS `{prefix}job` (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  state_id BIGINT UNSIGNED NULL,
  state_name VARCHAR(64) NULL,
  invocation_data LONGTEXT NOT NULL,
  arguments LONGTEXT NULL,
  created_at DATETIME(6) NOT NULL,
  expire_at DATETIME(6) NULL,
  PRIMARY KEY (id),
  KEY ix_state (state_name),
  KEY ix_expire (expire_at)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `{prefix}job_parameter` (
  job_id BIGINT UNSIGNED NOT NULL,
  name VARCHAR(100) NOT NULL,
  value LONGTEXT NULL,
  PRIMARY KEY (job_id, name)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `{prefix}state` (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  job_id BIGINT UNSIGNED NOT NULL,
  name VARCHAR(64) NOT NULL,
  reason VARCHAR(500) NULL,
  created_at DATETIME(6) NOT NULL,
  data LONGTEXT NULL,
  PRIMARY KEY (job_id, id),
  KEY ix_id (id)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `{prefix}job_queue` (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  queue VARCHAR(64) NOT NULL,
  job_id BIGINT UNSIGNED NOT NULL,
  visible_at DATETIME(6) NOT NULL,
  fetched_at DATETIME(6) NULL,
  fetch_token BIGINT NULL,
  PRIMARY KEY (id),
  KEY ix_claim (queue, visible_at, id),
  KEY ix_token (fetch_token)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `{prefix}hash` (
  `key` VARCHAR(200) NOT NULL,
  field VARCHAR(200) NOT NULL,
  value LONGTEXT NULL,
  expire_at DATETIME(6) NULL,
  PRIMARY KEY (`key`, field),
  KEY ix_expire (expire_at)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `{prefix}set` (
  `key` VARCHAR(200) NOT NULL,
  value VARCHAR(500) NOT NULL,
  score DOUBLE NOT NULL,
  expire_at DATETIME(6) NULL,
  PRIMARY KEY (`key`, value),
  KEY ix_score (`key`, score),
  KEY ix_expire (expire_at)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `{prefix}list` (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  `key` VARCHAR(200) NOT NULL,
  value LONGTEXT NULL,
  expire_at DATETIME(6) NULL,
  PRIMARY KEY (id),
  KEY ix_key (`key`, id),
  KEY ix_expire (expire_at)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `{prefix}counter` (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  `key` VARCHAR(200) NOT NULL,
  value BIGINT NOT NULL,
  expire_at DATETIME(6) NULL,
  PRIMARY KEY (id),
  KEY ix_key (`key`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `{prefix}aggregated_counter` (
  `key` VARCHAR(200) NOT NULL,
  value BIGINT NOT NULL,
  expire_at DATETIME(6) NULL,
  PRIMARY KEY (`key`),
  KEY ix_expire (expire_at)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `{prefix}server` (
  id VARCHAR(200) NOT NULL,
  data LONGTEXT NOT NULL,
  last_heartbeat DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  KEY ix_heartbeat (last_heartbeat)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `{prefix}distributed_lock` (
  resource VARCHAR(64) NOT NULL,
  owner BIGINT NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  PRIMARY KEY (resource)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
