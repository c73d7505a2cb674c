BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE chores (
	name VARCHAR(40) NOT NULL, 
	begun DATETIME NOT NULL, 
	CONSTRAINT pk_chores PRIMARY KEY (name)
);
INSERT INTO "chores" VALUES('0nameplain','2026-03-29 01:59:59.123000');
INSERT INTO "chores" VALUES('1nameZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000');
INSERT INTO "chores" VALUES('2nametwo
lines	and a tab','2026-03-31 01:59:59.123000');
CREATE TABLE events (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind VARCHAR(40) NOT NULL, 
	subject VARCHAR(40) NOT NULL, 
	job_id VARCHAR(40), 
	data JSON NOT NULL, 
	created DATETIME NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT fk_events_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);
INSERT INTO "events" VALUES(7,'0kindplain','0subjectplain',NULL,'{"a": [1, 2.5, null]}','2026-03-29 01:59:59.123000','0idplain');
INSERT INTO "events" VALUES(8,'1kindZürich, ''Bahnhof'' "1889"; \ 東京','1subjectZürich, ''Bahnhof'' "1889"; \ 東京','1job_idZürich, ''Bahnhof'' "1889"; \ 東京','[]','2026-03-30 01:59:59.123000','1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "events" VALUES(11,'2kindtwo
lines	and a tab','2subjecttwo
lines	and a tab','2job_idtwo
lines	and a tab','["plain", "Z\u00fcrich, ''Bahnhof'' \"1889\"; \\ \u6771\u4eac", "two\nlines\tand a tab"]','2026-03-31 01:59:59.123000','2idtwo
lines	and a tab');
CREATE TABLE executors (
	id VARCHAR(40) NOT NULL, 
	host VARCHAR(255) NOT NULL, 
	pid INTEGER NOT NULL, 
	beat INTEGER NOT NULL, 
	created DATETIME NOT NULL, 
	CONSTRAINT pk_executors PRIMARY KEY (id)
);
INSERT INTO "executors" VALUES('0idplain','0hostplain',7,7,'2026-03-29 01:59:59.123000');
INSERT INTO "executors" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1hostZürich, ''Bahnhof'' "1889"; \ 東京',8,8,'2026-03-30 01:59:59.123000');
INSERT INTO "executors" VALUES('2idtwo
lines	and a tab','2hosttwo
lines	and a tab',11,11,'2026-03-31 01:59:59.123000');
CREATE TABLE job_items (
	id VARCHAR(40) NOT NULL, 
	job_id VARCHAR(40) NOT NULL, 
	subject VARCHAR(40) NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	message TEXT NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_job_items PRIMARY KEY (id), 
	CONSTRAINT fk_job_items_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id) ON DELETE CASCADE, 
	CONSTRAINT fk_job_items_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE, 
	CONSTRAINT uq_job_items_job_id_subject UNIQUE (job_id, subject)
);
INSERT INTO "job_items" VALUES('0idplain','0idplain','0subjectplain','0stateplain','0messageplain','0idplain');
INSERT INTO "job_items" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1idZürich, ''Bahnhof'' "1889"; \ 東京','1subjectZürich, ''Bahnhof'' "1889"; \ 東京','1stateZürich, ''Bahnh','1messageZürich, ''Bahnhof'' "1889"; \ 東京','1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "job_items" VALUES('2idtwo
lines	and a tab','2idtwo
lines	and a tab','2subjecttwo
lines	and a tab','2statetwo
lines	and ','2messagetwo
lines	and a tab','2idtwo
lines	and a tab');
CREATE TABLE jobs (
	id VARCHAR(40) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	subject VARCHAR(40) NOT NULL, 
	"by" VARCHAR(40) NOT NULL, 
	lane VARCHAR(20) NOT NULL, 
	priority INTEGER NOT NULL, 
	argument JSON NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	wish VARCHAR(20), 
	executor_id VARCHAR(40), 
	fence INTEGER NOT NULL, 
	deaths INTEGER NOT NULL, 
	total INTEGER NOT NULL, 
	done INTEGER NOT NULL, 
	failed INTEGER NOT NULL, 
	message TEXT NOT NULL, 
	started DATETIME, 
	ended DATETIME, 
	created DATETIME NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_jobs PRIMARY KEY (id), 
	CONSTRAINT fk_jobs_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);
INSERT INTO "jobs" VALUES('0idplain','0kindplain','0subjectplain','0byplain','0laneplain',7,'{"a": [1, 2.5, null]}','0stateplain',NULL,NULL,7,7,7,7,7,'0messageplain',NULL,NULL,'2026-03-29 01:59:59.123000','0idplain');
INSERT INTO "jobs" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1kindZürich, ''Bahnhof'' "1889"; \ 東京','1subjectZürich, ''Bahnhof'' "1889"; \ 東京','1byZürich, ''Bahnhof'' "1889"; \ 東京','1laneZürich, ''Bahnho',8,'[]','1stateZürich, ''Bahnh','1wishZürich, ''Bahnho','1executorZürich, ''Bahnhof'' "1889"; \ 東京',8,8,8,8,8,'1messageZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000','2026-03-30 01:59:59.123000','2026-03-30 01:59:59.123000','1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "jobs" VALUES('2idtwo
lines	and a tab','2kindtwo
lines	and a tab','2subjecttwo
lines	and a tab','2bytwo
lines	and a tab','2lanetwo
lines	and a',11,'["plain", "Z\u00fcrich, ''Bahnhof'' \"1889\"; \\ \u6771\u4eac", "two\nlines\tand a tab"]','2statetwo
lines	and ','2wishtwo
lines	and a','2executortwo
lines	and a tab',11,11,11,11,11,'2messagetwo
lines	and a tab','2026-03-31 01:59:59.123000','2026-03-31 01:59:59.123000','2026-03-31 01:59:59.123000','2idtwo
lines	and a tab');
CREATE TABLE keys (
	id VARCHAR(40) NOT NULL, 
	user_id VARCHAR(40) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	prefix VARCHAR(16) NOT NULL, 
	secret VARCHAR(64) NOT NULL, 
	permissions JSON NOT NULL, 
	until DATETIME, 
	revoked DATETIME, 
	last_used DATETIME, 
	created DATETIME NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_keys PRIMARY KEY (id), 
	CONSTRAINT fk_keys_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_keys_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_keys_prefix UNIQUE (prefix)
);
INSERT INTO "keys" VALUES('0idplain','0idplain','0nameplain','0prefixplain','0secretplain','{"a": [1, 2.5, null]}',NULL,NULL,NULL,'2026-03-29 01:59:59.123000','0idplain');
INSERT INTO "keys" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1idZürich, ''Bahnhof'' "1889"; \ 東京','1nameZürich, ''Bahnhof'' "1889"; \ 東京','1prefixZürich, ''','1secretZürich, ''Bahnhof'' "1889"; \ 東京','[]','2026-03-30 01:59:59.123000','2026-03-30 01:59:59.123000','2026-03-30 01:59:59.123000','2026-03-30 01:59:59.123000','1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "keys" VALUES('2idtwo
lines	and a tab','2idtwo
lines	and a tab','2nametwo
lines	and a tab','2prefixtwo
lines','2secrettwo
lines	and a tab','["plain", "Z\u00fcrich, ''Bahnhof'' \"1889\"; \\ \u6771\u4eac", "two\nlines\tand a tab"]','2026-03-31 01:59:59.123000','2026-03-31 01:59:59.123000','2026-03-31 01:59:59.123000','2026-03-31 01:59:59.123000','2idtwo
lines	and a tab');
CREATE TABLE members (
	id VARCHAR(40) NOT NULL, 
	user_id VARCHAR(40) NOT NULL, 
	role VARCHAR(20) NOT NULL, 
	created DATETIME NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_members PRIMARY KEY (id), 
	CONSTRAINT fk_members_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_members_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_members_organization_id_user_id UNIQUE (organization_id, user_id)
);
INSERT INTO "members" VALUES('0idplain','0idplain','0roleplain','2026-03-29 01:59:59.123000','0idplain');
INSERT INTO "members" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1idZürich, ''Bahnhof'' "1889"; \ 東京','1roleZürich, ''Bahnho','2026-03-30 01:59:59.123000','1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "members" VALUES('2idtwo
lines	and a tab','2idtwo
lines	and a tab','2roletwo
lines	and a','2026-03-31 01:59:59.123000','2idtwo
lines	and a tab');
CREATE TABLE organizations (
	id VARCHAR(40) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	created DATETIME NOT NULL, 
	CONSTRAINT pk_organizations PRIMARY KEY (id)
);
INSERT INTO "organizations" VALUES('0idplain','0nameplain','2026-03-29 01:59:59.123000');
INSERT INTO "organizations" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1nameZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000');
INSERT INTO "organizations" VALUES('2idtwo
lines	and a tab','2nametwo
lines	and a tab','2026-03-31 01:59:59.123000');
CREATE TABLE sign_ins (
	id VARCHAR(40) NOT NULL, 
	user_id VARCHAR(40) NOT NULL, 
	token VARCHAR(64) NOT NULL, 
	csrf VARCHAR(64) NOT NULL, 
	until DATETIME NOT NULL, 
	created DATETIME NOT NULL, 
	CONSTRAINT pk_sign_ins PRIMARY KEY (id), 
	CONSTRAINT fk_sign_ins_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_sign_ins_token UNIQUE (token)
);
INSERT INTO "sign_ins" VALUES('0idplain','0idplain','0tokenplain','0csrfplain','2026-03-29 01:59:59.123000','2026-03-29 01:59:59.123000');
INSERT INTO "sign_ins" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1idZürich, ''Bahnhof'' "1889"; \ 東京','1tokenZürich, ''Bahnhof'' "1889"; \ 東京','1csrfZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000','2026-03-30 01:59:59.123000');
INSERT INTO "sign_ins" VALUES('2idtwo
lines	and a tab','2idtwo
lines	and a tab','2tokentwo
lines	and a tab','2csrftwo
lines	and a tab','2026-03-31 01:59:59.123000','2026-03-31 01:59:59.123000');
CREATE TABLE users (
	id VARCHAR(40) NOT NULL, 
	email VARCHAR(320) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	password TEXT, 
	subject VARCHAR(400), 
	disabled DATETIME, 
	created DATETIME NOT NULL, 
	CONSTRAINT pk_users PRIMARY KEY (id), 
	CONSTRAINT uq_users_email UNIQUE (email), 
	CONSTRAINT uq_users_subject UNIQUE (subject)
);
INSERT INTO "users" VALUES('0idplain','0emailplain','0nameplain',NULL,NULL,NULL,'2026-03-29 01:59:59.123000');
INSERT INTO "users" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1emailZürich, ''Bahnhof'' "1889"; \ 東京','1nameZürich, ''Bahnhof'' "1889"; \ 東京','1passwordZürich, ''Bahnhof'' "1889"; \ 東京','1subjectZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000','2026-03-30 01:59:59.123000');
INSERT INTO "users" VALUES('2idtwo
lines	and a tab','2emailtwo
lines	and a tab','2nametwo
lines	and a tab','2passwordtwo
lines	and a tab','2subjecttwo
lines	and a tab','2026-03-31 01:59:59.123000','2026-03-31 01:59:59.123000');
CREATE INDEX ix_events_job_id ON events (job_id);
CREATE INDEX ix_events_organization_id ON events (organization_id);
CREATE INDEX ix_events_subject ON events (subject);
CREATE INDEX ix_jobs_executor_id ON jobs (executor_id);
CREATE INDEX ix_jobs_organization_id ON jobs (organization_id);
CREATE INDEX ix_jobs_queue ON jobs (state, lane, priority, id);
CREATE INDEX ix_jobs_subject ON jobs (subject);
CREATE INDEX ix_keys_organization_id ON keys (organization_id);
CREATE INDEX ix_keys_user_id ON keys (user_id);
CREATE INDEX ix_members_organization_id ON members (organization_id);
CREATE INDEX ix_members_user_id ON members (user_id);
CREATE INDEX ix_sign_ins_user_id ON sign_ins (user_id);
CREATE INDEX ix_job_items_job_id ON job_items (job_id);
CREATE INDEX ix_job_items_organization_id ON job_items (organization_id);
CREATE INDEX ix_job_items_subject ON job_items (subject);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('events',11);
COMMIT;
