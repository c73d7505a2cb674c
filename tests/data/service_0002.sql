BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE attempts (
	id VARCHAR(40) NOT NULL, 
	account VARCHAR(64) NOT NULL, 
	address VARCHAR(64) NOT NULL, 
	created DATETIME NOT NULL, 
	CONSTRAINT pk_attempts PRIMARY KEY (id)
);
INSERT INTO "attempts" VALUES('0idplain','0accountplain','0addressplain','2026-03-29 01:59:59.123000');
INSERT INTO "attempts" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1accountZürich, ''Bahnhof'' "1889"; \ 東京','1addressZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000');
INSERT INTO "attempts" VALUES('2idtwo
lines	and a tab','2accounttwo
lines	and a tab','2addresstwo
lines	and a tab','2026-03-31 01:59:59.123000');
CREATE TABLE audit (
	id VARCHAR(40) NOT NULL, 
	what VARCHAR(60) NOT NULL, 
	"by" VARCHAR(40) NOT NULL, 
	user_id VARCHAR(40), 
	subject VARCHAR(200), 
	address VARCHAR(64), 
	details JSON NOT NULL, 
	created DATETIME NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (id), 
	CONSTRAINT fk_audit_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);
INSERT INTO "audit" VALUES('0idplain','0whatplain','0byplain',NULL,NULL,NULL,'{"a": [1, 2.5, null]}','2026-03-29 01:59:59.123000','0idplain');
INSERT INTO "audit" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1whatZürich, ''Bahnhof'' "1889"; \ 東京','1byZürich, ''Bahnhof'' "1889"; \ 東京','1user_idZürich, ''Bahnhof'' "1889"; \ 東京','1subjectZürich, ''Bahnhof'' "1889"; \ 東京','1addressZürich, ''Bahnhof'' "1889"; \ 東京','[]','2026-03-30 01:59:59.123000','1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "audit" VALUES('2idtwo
lines	and a tab','2whattwo
lines	and a tab','2bytwo
lines	and a tab','2user_idtwo
lines	and a tab','2subjecttwo
lines	and a tab','2addresstwo
lines	and a tab','["plain", "Z\u00fcrich, ''Bahnhof'' \"1889\"; \\ \u6771\u4eac", "two\nlines\tand a tab"]','2026-03-31 01:59:59.123000','2idtwo
lines	and a tab');
CREATE TABLE chores (
	name VARCHAR(40) NOT NULL, 
	begun DATETIME NOT NULL, 
	CONSTRAINT pk_chores PRIMARY KEY (name)
);
INSERT INTO "chores" VALUES('0nameplain','2026-03-29 01:59:59.123000');
INSERT INTO "chores" VALUES('1nameZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000');
INSERT INTO "chores" VALUES('2nametwo
lines	and a tab','2026-03-31 01:59:59.123000');
CREATE TABLE collection_photographs (
	id VARCHAR(40) NOT NULL, 
	collection_id VARCHAR(40) NOT NULL, 
	photograph_id VARCHAR(40) NOT NULL, 
	position INTEGER NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_collection_photographs PRIMARY KEY (id), 
	CONSTRAINT fk_collection_photographs_collection_id_collections FOREIGN KEY(collection_id) REFERENCES collections (id) ON DELETE CASCADE, 
	CONSTRAINT fk_collection_photographs_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_collection_photographs_photograph_id_photographs FOREIGN KEY(photograph_id) REFERENCES photographs (id) ON DELETE CASCADE, 
	CONSTRAINT uq_collection_photographs_collection_id_photograph_id UNIQUE (collection_id, photograph_id)
);
INSERT INTO "collection_photographs" VALUES('0idplain','0idplain','0idplain',7,'0idplain');
INSERT INTO "collection_photographs" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1idZürich, ''Bahnhof'' "1889"; \ 東京','1idZürich, ''Bahnhof'' "1889"; \ 東京',8,'1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "collection_photographs" VALUES('2idtwo
lines	and a tab','2idtwo
lines	and a tab','2idtwo
lines	and a tab',11,'2idtwo
lines	and a tab');
CREATE TABLE collections (
	id VARCHAR(40) NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	description TEXT NOT NULL, 
	created DATETIME NOT NULL, 
	revision INTEGER NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_collections PRIMARY KEY (id), 
	CONSTRAINT fk_collections_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);
INSERT INTO "collections" VALUES('0idplain','0titleplain','0descriptplain','2026-03-29 01:59:59.123000',7,'0idplain');
INSERT INTO "collections" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1titleZürich, ''Bahnhof'' "1889"; \ 東京','1descriptZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000',8,'1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "collections" VALUES('2idtwo
lines	and a tab','2titletwo
lines	and a tab','2descripttwo
lines	and a tab','2026-03-31 01:59:59.123000',11,'2idtwo
lines	and a tab');
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
CREATE TABLE films (
	id VARCHAR(40) NOT NULL, 
	production_id VARCHAR(40) NOT NULL, 
	"by" VARCHAR(40) NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	toml TEXT, 
	revision INTEGER NOT NULL, 
	photographs JSON NOT NULL, 
	job_id VARCHAR(40), 
	created DATETIME NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_films PRIMARY KEY (id), 
	CONSTRAINT fk_films_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id), 
	CONSTRAINT fk_films_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_films_production_id_productions FOREIGN KEY(production_id) REFERENCES productions (id)
);
INSERT INTO "films" VALUES('0idplain','0idplain','0byplain','0titleplain',NULL,7,'{"a": [1, 2.5, null]}',NULL,'2026-03-29 01:59:59.123000','0idplain');
INSERT INTO "films" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1idZürich, ''Bahnhof'' "1889"; \ 東京','1byZürich, ''Bahnhof'' "1889"; \ 東京','1titleZürich, ''Bahnhof'' "1889"; \ 東京','1tomlZürich, ''Bahnhof'' "1889"; \ 東京',8,'[]','1idZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000','1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "films" VALUES('2idtwo
lines	and a tab','2idtwo
lines	and a tab','2bytwo
lines	and a tab','2titletwo
lines	and a tab','2tomltwo
lines	and a tab',11,'["plain", "Z\u00fcrich, ''Bahnhof'' \"1889\"; \\ \u6771\u4eac", "two\nlines\tand a tab"]','2idtwo
lines	and a tab','2026-03-31 01:59:59.123000','2idtwo
lines	and a tab');
CREATE TABLE invitations (
	id VARCHAR(40) NOT NULL, 
	email VARCHAR(320) NOT NULL, 
	role VARCHAR(20) NOT NULL, 
	token VARCHAR(64) NOT NULL, 
	"by" VARCHAR(40) NOT NULL, 
	until DATETIME NOT NULL, 
	created DATETIME NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_invitations PRIMARY KEY (id), 
	CONSTRAINT fk_invitations_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE, 
	CONSTRAINT uq_invitations_organization_id_email UNIQUE (organization_id, email), 
	CONSTRAINT uq_invitations_token UNIQUE (token)
);
INSERT INTO "invitations" VALUES('0idplain','0emailplain','0roleplain','0tokenplain','0byplain','2026-03-29 01:59:59.123000','2026-03-29 01:59:59.123000','0idplain');
INSERT INTO "invitations" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1emailZürich, ''Bahnhof'' "1889"; \ 東京','1roleZürich, ''Bahnho','1tokenZürich, ''Bahnhof'' "1889"; \ 東京','1byZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000','2026-03-30 01:59:59.123000','1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "invitations" VALUES('2idtwo
lines	and a tab','2emailtwo
lines	and a tab','2roletwo
lines	and a','2tokentwo
lines	and a tab','2bytwo
lines	and a tab','2026-03-31 01:59:59.123000','2026-03-31 01:59:59.123000','2idtwo
lines	and a tab');
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
	due DATETIME, 
	waited FLOAT NOT NULL, 
	started DATETIME, 
	ended DATETIME, 
	created DATETIME NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_jobs PRIMARY KEY (id), 
	CONSTRAINT fk_jobs_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);
INSERT INTO "jobs" VALUES('0idplain','0kindplain','0subjectplain','0byplain','0laneplain',7,'{"a": [1, 2.5, null]}','0stateplain',NULL,NULL,7,7,7,7,7,'0messageplain',NULL,7.0,NULL,NULL,'2026-03-29 01:59:59.123000','0idplain');
INSERT INTO "jobs" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1kindZürich, ''Bahnhof'' "1889"; \ 東京','1subjectZürich, ''Bahnhof'' "1889"; \ 東京','1byZürich, ''Bahnhof'' "1889"; \ 東京','1laneZürich, ''Bahnho',8,'[]','1stateZürich, ''Bahnh','1wishZürich, ''Bahnho','1executorZürich, ''Bahnhof'' "1889"; \ 東京',8,8,8,8,8,'1messageZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000',8.0,'2026-03-30 01:59:59.123000','2026-03-30 01:59:59.123000','2026-03-30 01:59:59.123000','1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "jobs" VALUES('2idtwo
lines	and a tab','2kindtwo
lines	and a tab','2subjecttwo
lines	and a tab','2bytwo
lines	and a tab','2lanetwo
lines	and a',11,'["plain", "Z\u00fcrich, ''Bahnhof'' \"1889\"; \\ \u6771\u4eac", "two\nlines\tand a tab"]','2statetwo
lines	and ','2wishtwo
lines	and a','2executortwo
lines	and a tab',11,11,11,11,11,'2messagetwo
lines	and a tab','2026-03-31 01:59:59.123000',11.0,'2026-03-31 01:59:59.123000','2026-03-31 01:59:59.123000','2026-03-31 01:59:59.123000','2idtwo
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
	revision INTEGER NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_members PRIMARY KEY (id), 
	CONSTRAINT fk_members_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_members_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_members_organization_id_user_id UNIQUE (organization_id, user_id)
);
INSERT INTO "members" VALUES('0idplain','0idplain','0roleplain','2026-03-29 01:59:59.123000',7,'0idplain');
INSERT INTO "members" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1idZürich, ''Bahnhof'' "1889"; \ 東京','1roleZürich, ''Bahnho','2026-03-30 01:59:59.123000',8,'1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "members" VALUES('2idtwo
lines	and a tab','2idtwo
lines	and a tab','2roletwo
lines	and a','2026-03-31 01:59:59.123000',11,'2idtwo
lines	and a tab');
CREATE TABLE one_time_links (
	id VARCHAR(40) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	token VARCHAR(64) NOT NULL, 
	user_id VARCHAR(40), 
	until DATETIME NOT NULL, 
	created DATETIME NOT NULL, 
	CONSTRAINT pk_one_time_links PRIMARY KEY (id), 
	CONSTRAINT fk_one_time_links_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_one_time_links_token UNIQUE (token)
);
INSERT INTO "one_time_links" VALUES('0idplain','0kindplain','0tokenplain',NULL,'2026-03-29 01:59:59.123000','2026-03-29 01:59:59.123000');
INSERT INTO "one_time_links" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1kindZürich, ''Bahnho','1tokenZürich, ''Bahnhof'' "1889"; \ 東京','1idZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000','2026-03-30 01:59:59.123000');
INSERT INTO "one_time_links" VALUES('2idtwo
lines	and a tab','2kindtwo
lines	and a','2tokentwo
lines	and a tab','2idtwo
lines	and a tab','2026-03-31 01:59:59.123000','2026-03-31 01:59:59.123000');
CREATE TABLE organizations (
	id VARCHAR(40) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	created DATETIME NOT NULL, 
	revision INTEGER NOT NULL, 
	CONSTRAINT pk_organizations PRIMARY KEY (id)
);
INSERT INTO "organizations" VALUES('0idplain','0nameplain','2026-03-29 01:59:59.123000',7);
INSERT INTO "organizations" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1nameZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000',8);
INSERT INTO "organizations" VALUES('2idtwo
lines	and a tab','2nametwo
lines	and a tab','2026-03-31 01:59:59.123000',11);
CREATE TABLE photographs (
	id VARCHAR(40) NOT NULL, 
	"by" VARCHAR(40) NOT NULL, 
	filename TEXT NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	bytes BIGINT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	reason TEXT, 
	duplicate_of VARCHAR(40), 
	intake VARCHAR(64), 
	taken_in DATETIME, 
	format VARCHAR(20), 
	width INTEGER, 
	height INTEGER, 
	bit_depth INTEGER, 
	channels INTEGER, 
	found JSON NOT NULL, 
	title TEXT NOT NULL, 
	caption TEXT NOT NULL, 
	date VARCHAR(100) NOT NULL, 
	place TEXT NOT NULL, 
	people JSON NOT NULL, 
	credit TEXT NOT NULL, 
	license TEXT NOT NULL, 
	source TEXT NOT NULL, 
	identifier TEXT NOT NULL, 
	emulsion VARCHAR(20), 
	words TEXT NOT NULL, 
	created DATETIME NOT NULL, 
	revision INTEGER NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_photographs PRIMARY KEY (id), 
	CONSTRAINT fk_photographs_duplicate_of_photographs FOREIGN KEY(duplicate_of) REFERENCES photographs (id) ON DELETE SET NULL, 
	CONSTRAINT fk_photographs_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);
INSERT INTO "photographs" VALUES('0idplain','0byplain','0filenameplain','0nameplain',7,'0sha256plain','0stateplain',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"a": [1, 2.5, null]}','0titleplain','0captionplain','0dateplain','0placeplain','{"a": [1, 2.5, null]}','0creditplain','0licenseplain','0sourceplain','0identifiplain',NULL,'0wordsplain','2026-03-29 01:59:59.123000',7,'0idplain');
INSERT INTO "photographs" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1byZürich, ''Bahnhof'' "1889"; \ 東京','1filenameZürich, ''Bahnhof'' "1889"; \ 東京','1nameZürich, ''Bahnhof'' "1889"; \ 東京',8,'1sha256Zürich, ''Bahnhof'' "1889"; \ 東京','1stateZürich, ''Bahnh','1reasonZürich, ''Bahnhof'' "1889"; \ 東京',NULL,'1intakeZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000','1formatZürich, ''Bahn',8,8,8,8,'[]','1titleZürich, ''Bahnhof'' "1889"; \ 東京','1captionZürich, ''Bahnhof'' "1889"; \ 東京','1dateZürich, ''Bahnhof'' "1889"; \ 東京','1placeZürich, ''Bahnhof'' "1889"; \ 東京','[]','1creditZürich, ''Bahnhof'' "1889"; \ 東京','1licenseZürich, ''Bahnhof'' "1889"; \ 東京','1sourceZürich, ''Bahnhof'' "1889"; \ 東京','1identifiZürich, ''Bahnhof'' "1889"; \ 東京','1emulsionZürich, ''Ba','1wordsZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000',8,'1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "photographs" VALUES('2idtwo
lines	and a tab','2bytwo
lines	and a tab','2filenametwo
lines	and a tab','2nametwo
lines	and a tab',11,'2sha256two
lines	and a tab','2statetwo
lines	and ','2reasontwo
lines	and a tab',NULL,'2intaketwo
lines	and a tab','2026-03-31 01:59:59.123000','2formattwo
lines	and',11,11,11,11,'["plain", "Z\u00fcrich, ''Bahnhof'' \"1889\"; \\ \u6771\u4eac", "two\nlines\tand a tab"]','2titletwo
lines	and a tab','2captiontwo
lines	and a tab','2datetwo
lines	and a tab','2placetwo
lines	and a tab','["plain", "Z\u00fcrich, ''Bahnhof'' \"1889\"; \\ \u6771\u4eac", "two\nlines\tand a tab"]','2credittwo
lines	and a tab','2licensetwo
lines	and a tab','2sourcetwo
lines	and a tab','2identifitwo
lines	and a tab','2emulsiontwo
lines	a','2wordstwo
lines	and a tab','2026-03-31 01:59:59.123000',11,'2idtwo
lines	and a tab');
CREATE TABLE production_files (
	id VARCHAR(40) NOT NULL, 
	production_id VARCHAR(40) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	size BIGINT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	blob VARCHAR(600) NOT NULL, 
	created DATETIME NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_production_files PRIMARY KEY (id), 
	CONSTRAINT fk_production_files_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_production_files_production_id_productions FOREIGN KEY(production_id) REFERENCES productions (id) ON DELETE CASCADE, 
	CONSTRAINT uq_production_files_production_id_name UNIQUE (production_id, name)
);
INSERT INTO "production_files" VALUES('0idplain','0idplain','0nameplain',7,'0sha256plain','0blobplain','2026-03-29 01:59:59.123000','0idplain');
INSERT INTO "production_files" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1idZürich, ''Bahnhof'' "1889"; \ 東京','1nameZürich, ''Bahnhof'' "1889"; \ 東京',8,'1sha256Zürich, ''Bahnhof'' "1889"; \ 東京','1blobZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000','1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "production_files" VALUES('2idtwo
lines	and a tab','2idtwo
lines	and a tab','2nametwo
lines	and a tab',11,'2sha256two
lines	and a tab','2blobtwo
lines	and a tab','2026-03-31 01:59:59.123000','2idtwo
lines	and a tab');
CREATE TABLE productions (
	id VARCHAR(40) NOT NULL, 
	"by" VARCHAR(40) NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	toml TEXT, 
	draft JSON, 
	changed DATETIME NOT NULL, 
	created DATETIME NOT NULL, 
	revision INTEGER NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_productions PRIMARY KEY (id), 
	CONSTRAINT fk_productions_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);
INSERT INTO "productions" VALUES('0idplain','0byplain','0titleplain',NULL,'null','2026-03-29 01:59:59.123000','2026-03-29 01:59:59.123000',7,'0idplain');
INSERT INTO "productions" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1byZürich, ''Bahnhof'' "1889"; \ 東京','1titleZürich, ''Bahnhof'' "1889"; \ 東京','1tomlZürich, ''Bahnhof'' "1889"; \ 東京','[]','2026-03-30 01:59:59.123000','2026-03-30 01:59:59.123000',8,'1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "productions" VALUES('2idtwo
lines	and a tab','2bytwo
lines	and a tab','2titletwo
lines	and a tab','2tomltwo
lines	and a tab','["plain", "Z\u00fcrich, ''Bahnhof'' \"1889\"; \\ \u6771\u4eac", "two\nlines\tand a tab"]','2026-03-31 01:59:59.123000','2026-03-31 01:59:59.123000',11,'2idtwo
lines	and a tab');
CREATE TABLE removals (
	id VARCHAR(40) NOT NULL, 
	prefix TEXT NOT NULL, 
	created DATETIME NOT NULL, 
	CONSTRAINT pk_removals PRIMARY KEY (id)
);
INSERT INTO "removals" VALUES('0idplain','0prefixplain','2026-03-29 01:59:59.123000');
INSERT INTO "removals" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1prefixZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000');
INSERT INTO "removals" VALUES('2idtwo
lines	and a tab','2prefixtwo
lines	and a tab','2026-03-31 01:59:59.123000');
CREATE TABLE reports (
	id VARCHAR(40) NOT NULL, 
	"by" VARCHAR(40) NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	shown JSON NOT NULL, 
	job_id VARCHAR(40), 
	created DATETIME NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_reports PRIMARY KEY (id), 
	CONSTRAINT fk_reports_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id), 
	CONSTRAINT fk_reports_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);
INSERT INTO "reports" VALUES('0idplain','0byplain','0titleplain','{"a": [1, 2.5, null]}',NULL,'2026-03-29 01:59:59.123000','0idplain');
INSERT INTO "reports" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1byZürich, ''Bahnhof'' "1889"; \ 東京','1titleZürich, ''Bahnhof'' "1889"; \ 東京','[]','1idZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000','1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "reports" VALUES('2idtwo
lines	and a tab','2bytwo
lines	and a tab','2titletwo
lines	and a tab','["plain", "Z\u00fcrich, ''Bahnhof'' \"1889\"; \\ \u6771\u4eac", "two\nlines\tand a tab"]','2idtwo
lines	and a tab','2026-03-31 01:59:59.123000','2idtwo
lines	and a tab');
CREATE TABLE restorations (
	id VARCHAR(40) NOT NULL, 
	"by" VARCHAR(40) NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	recipe TEXT NOT NULL, 
	recipe_name VARCHAR(100) NOT NULL, 
	emulsion VARCHAR(40), 
	formats JSON NOT NULL, 
	pins JSON NOT NULL, 
	job_id VARCHAR(40), 
	created DATETIME NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, trim JSON, 
	CONSTRAINT pk_restorations PRIMARY KEY (id), 
	CONSTRAINT fk_restorations_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id), 
	CONSTRAINT fk_restorations_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);
INSERT INTO "restorations" VALUES('0idplain','0byplain','0titleplain','0recipeplain','0recipe_nplain',NULL,'{"a": [1, 2.5, null]}','{"a": [1, 2.5, null]}',NULL,'2026-03-29 01:59:59.123000','0idplain','null');
INSERT INTO "restorations" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1byZürich, ''Bahnhof'' "1889"; \ 東京','1titleZürich, ''Bahnhof'' "1889"; \ 東京','1recipeZürich, ''Bahnhof'' "1889"; \ 東京','1recipe_nZürich, ''Bahnhof'' "1889"; \ 東京','1emulsionZürich, ''Bahnhof'' "1889"; \ 東京','[]','[]','1idZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000','1idZürich, ''Bahnhof'' "1889"; \ 東京','[]');
INSERT INTO "restorations" VALUES('2idtwo
lines	and a tab','2bytwo
lines	and a tab','2titletwo
lines	and a tab','2recipetwo
lines	and a tab','2recipe_ntwo
lines	and a tab','2emulsiontwo
lines	and a tab','["plain", "Z\u00fcrich, ''Bahnhof'' \"1889\"; \\ \u6771\u4eac", "two\nlines\tand a tab"]','["plain", "Z\u00fcrich, ''Bahnhof'' \"1889\"; \\ \u6771\u4eac", "two\nlines\tand a tab"]','2idtwo
lines	and a tab','2026-03-31 01:59:59.123000','2idtwo
lines	and a tab','["plain", "Z\u00fcrich, ''Bahnhof'' \"1889\"; \\ \u6771\u4eac", "two\nlines\tand a tab"]');
CREATE TABLE results (
	id VARCHAR(40) NOT NULL, 
	"of" VARCHAR(40) NOT NULL, 
	photograph_id VARCHAR(40) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	name VARCHAR(400) NOT NULL, 
	media_type VARCHAR(100) NOT NULL, 
	size BIGINT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	blob VARCHAR(600) NOT NULL, 
	created DATETIME NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_results PRIMARY KEY (id), 
	CONSTRAINT fk_results_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE, 
	CONSTRAINT uq_results_of_photograph_id_name UNIQUE ("of", photograph_id, name)
);
INSERT INTO "results" VALUES('0idplain','0ofplain','0photograplain','0kindplain','0nameplain','0media_typlain',7,'0sha256plain','0blobplain','2026-03-29 01:59:59.123000','0idplain');
INSERT INTO "results" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1ofZürich, ''Bahnhof'' "1889"; \ 東京','1photograZürich, ''Bahnhof'' "1889"; \ 東京','1kindZürich, ''Bahnho','1nameZürich, ''Bahnhof'' "1889"; \ 東京','1media_tyZürich, ''Bahnhof'' "1889"; \ 東京',8,'1sha256Zürich, ''Bahnhof'' "1889"; \ 東京','1blobZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000','1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "results" VALUES('2idtwo
lines	and a tab','2oftwo
lines	and a tab','2photogratwo
lines	and a tab','2kindtwo
lines	and a','2nametwo
lines	and a tab','2media_tytwo
lines	and a tab',11,'2sha256two
lines	and a tab','2blobtwo
lines	and a tab','2026-03-31 01:59:59.123000','2idtwo
lines	and a tab');
CREATE TABLE sign_ins (
	id VARCHAR(40) NOT NULL, 
	user_id VARCHAR(40) NOT NULL, 
	token VARCHAR(64) NOT NULL, 
	csrf VARCHAR(64) NOT NULL, 
	until DATETIME NOT NULL, 
	address VARCHAR(64), 
	agent VARCHAR(200), 
	organization VARCHAR(40), 
	created DATETIME NOT NULL, 
	CONSTRAINT pk_sign_ins PRIMARY KEY (id), 
	CONSTRAINT fk_sign_ins_organization_organizations FOREIGN KEY(organization) REFERENCES organizations (id) ON DELETE SET NULL, 
	CONSTRAINT fk_sign_ins_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_sign_ins_token UNIQUE (token)
);
INSERT INTO "sign_ins" VALUES('0idplain','0idplain','0tokenplain','0csrfplain','2026-03-29 01:59:59.123000',NULL,NULL,NULL,'2026-03-29 01:59:59.123000');
INSERT INTO "sign_ins" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1idZürich, ''Bahnhof'' "1889"; \ 東京','1tokenZürich, ''Bahnhof'' "1889"; \ 東京','1csrfZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000','1addressZürich, ''Bahnhof'' "1889"; \ 東京','1agentZürich, ''Bahnhof'' "1889"; \ 東京','1idZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000');
INSERT INTO "sign_ins" VALUES('2idtwo
lines	and a tab','2idtwo
lines	and a tab','2tokentwo
lines	and a tab','2csrftwo
lines	and a tab','2026-03-31 01:59:59.123000','2addresstwo
lines	and a tab','2agenttwo
lines	and a tab','2idtwo
lines	and a tab','2026-03-31 01:59:59.123000');
CREATE TABLE upload_parts (
	id VARCHAR(40) NOT NULL, 
	upload_id VARCHAR(40) NOT NULL, 
	start BIGINT NOT NULL, 
	size BIGINT NOT NULL, 
	name TEXT NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_upload_parts PRIMARY KEY (id), 
	CONSTRAINT fk_upload_parts_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_upload_parts_upload_id_uploads FOREIGN KEY(upload_id) REFERENCES uploads (id) ON DELETE CASCADE
);
INSERT INTO "upload_parts" VALUES('0idplain','0idplain',7,7,'0nameplain','0idplain');
INSERT INTO "upload_parts" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1idZürich, ''Bahnhof'' "1889"; \ 東京',8,8,'1nameZürich, ''Bahnhof'' "1889"; \ 東京','1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "upload_parts" VALUES('2idtwo
lines	and a tab','2idtwo
lines	and a tab',11,11,'2nametwo
lines	and a tab','2idtwo
lines	and a tab');
CREATE TABLE uploads (
	id VARCHAR(40) NOT NULL, 
	user_id VARCHAR(40) NOT NULL, 
	"by" VARCHAR(40) NOT NULL, 
	length BIGINT NOT NULL, 
	"offset" BIGINT NOT NULL, 
	metadata TEXT NOT NULL, 
	filename TEXT NOT NULL, 
	sha256 VARCHAR(64), 
	collection_id VARCHAR(40), 
	keep_duplicate BOOLEAN NOT NULL, 
	until DATETIME NOT NULL, 
	holder VARCHAR(80), 
	beat INTEGER NOT NULL, 
	becomes VARCHAR(40) NOT NULL, 
	finished DATETIME, 
	photograph_id VARCHAR(40), 
	duplicate BOOLEAN NOT NULL, 
	created DATETIME NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_uploads PRIMARY KEY (id), 
	CONSTRAINT fk_uploads_collection_id_collections FOREIGN KEY(collection_id) REFERENCES collections (id) ON DELETE SET NULL, 
	CONSTRAINT fk_uploads_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_uploads_photograph_id_photographs FOREIGN KEY(photograph_id) REFERENCES photographs (id) ON DELETE SET NULL, 
	CONSTRAINT fk_uploads_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "uploads" VALUES('0idplain','0idplain','0byplain',7,7,'0metadataplain','0filenameplain',NULL,NULL,0,'2026-03-29 01:59:59.123000',NULL,7,'0becomesplain',NULL,NULL,0,'2026-03-29 01:59:59.123000','0idplain');
INSERT INTO "uploads" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1idZürich, ''Bahnhof'' "1889"; \ 東京','1byZürich, ''Bahnhof'' "1889"; \ 東京',8,8,'1metadataZürich, ''Bahnhof'' "1889"; \ 東京','1filenameZürich, ''Bahnhof'' "1889"; \ 東京','1sha256Zürich, ''Bahnhof'' "1889"; \ 東京','1idZürich, ''Bahnhof'' "1889"; \ 東京',1,'2026-03-30 01:59:59.123000','1holderZürich, ''Bahnhof'' "1889"; \ 東京',8,'1becomesZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000','1idZürich, ''Bahnhof'' "1889"; \ 東京',1,'2026-03-30 01:59:59.123000','1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "uploads" VALUES('2idtwo
lines	and a tab','2idtwo
lines	and a tab','2bytwo
lines	and a tab',11,11,'2metadatatwo
lines	and a tab','2filenametwo
lines	and a tab','2sha256two
lines	and a tab','2idtwo
lines	and a tab',0,'2026-03-31 01:59:59.123000','2holdertwo
lines	and a tab',11,'2becomestwo
lines	and a tab','2026-03-31 01:59:59.123000','2idtwo
lines	and a tab',0,'2026-03-31 01:59:59.123000','2idtwo
lines	and a tab');
CREATE TABLE usage (
	id VARCHAR(40) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	owner VARCHAR(40) NOT NULL, 
	subject VARCHAR(40) NOT NULL, 
	day VARCHAR(10) NOT NULL, 
	amount FLOAT NOT NULL, 
	created DATETIME NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_usage PRIMARY KEY (id), 
	CONSTRAINT fk_usage_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE, 
	CONSTRAINT uq_usage_kind_owner_subject UNIQUE (kind, owner, subject)
);
INSERT INTO "usage" VALUES('0idplain','0kindplain','0ownerplain','0subjectplain','0dayplain',7.0,'2026-03-29 01:59:59.123000','0idplain');
INSERT INTO "usage" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1kindZürich, ''Bahnho','1ownerZürich, ''Bahnhof'' "1889"; \ 東京','1subjectZürich, ''Bahnhof'' "1889"; \ 東京','1dayZürich',8.0,'2026-03-30 01:59:59.123000','1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "usage" VALUES('2idtwo
lines	and a tab','2kindtwo
lines	and a','2ownertwo
lines	and a tab','2subjecttwo
lines	and a tab','2daytwo
li',11.0,'2026-03-31 01:59:59.123000','2idtwo
lines	and a tab');
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
CREATE TABLE webhook_deliveries (
	id VARCHAR(40) NOT NULL, 
	webhook_id VARCHAR(40) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	subject VARCHAR(40) NOT NULL, 
	body TEXT NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	due DATETIME NOT NULL, 
	claim INTEGER NOT NULL, 
	attempts INTEGER NOT NULL, 
	tried DATETIME, 
	status INTEGER, 
	seconds DOUBLE, 
	error TEXT NOT NULL, 
	delivered DATETIME, 
	created DATETIME NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_webhook_deliveries PRIMARY KEY (id), 
	CONSTRAINT fk_webhook_deliveries_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_webhook_deliveries_webhook_id_webhooks FOREIGN KEY(webhook_id) REFERENCES webhooks (id) ON DELETE CASCADE
);
INSERT INTO "webhook_deliveries" VALUES('0idplain','0idplain','0kindplain','0subjectplain','0bodyplain','0stateplain','2026-03-29 01:59:59.123000',7,7,NULL,NULL,NULL,'0errorplain',NULL,'2026-03-29 01:59:59.123000','0idplain');
INSERT INTO "webhook_deliveries" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1idZürich, ''Bahnhof'' "1889"; \ 東京','1kindZürich, ''Bahnhof'' "1889"; \ 東京','1subjectZürich, ''Bahnhof'' "1889"; \ 東京','1bodyZürich, ''Bahnhof'' "1889"; \ 東京','1stateZürich, ''Bahnh','2026-03-30 01:59:59.123000',8,8,'2026-03-30 01:59:59.123000',8,8.0,'1errorZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000','2026-03-30 01:59:59.123000','1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "webhook_deliveries" VALUES('2idtwo
lines	and a tab','2idtwo
lines	and a tab','2kindtwo
lines	and a tab','2subjecttwo
lines	and a tab','2bodytwo
lines	and a tab','2statetwo
lines	and ','2026-03-31 01:59:59.123000',11,11,'2026-03-31 01:59:59.123000',11,11.0,'2errortwo
lines	and a tab','2026-03-31 01:59:59.123000','2026-03-31 01:59:59.123000','2idtwo
lines	and a tab');
CREATE TABLE webhooks (
	id VARCHAR(40) NOT NULL, 
	"by" VARCHAR(40) NOT NULL, 
	url TEXT NOT NULL, 
	kinds JSON NOT NULL, 
	description TEXT NOT NULL, 
	secret VARCHAR(80) NOT NULL, 
	old_secret VARCHAR(80), 
	old_until DATETIME, 
	failures INTEGER NOT NULL, 
	failing_since DATETIME, 
	rests_until DATETIME, 
	disabled DATETIME, 
	reason TEXT NOT NULL, 
	created DATETIME NOT NULL, 
	revision INTEGER NOT NULL, 
	organization_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_webhooks PRIMARY KEY (id), 
	CONSTRAINT fk_webhooks_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);
INSERT INTO "webhooks" VALUES('0idplain','0byplain','0urlplain','{"a": [1, 2.5, null]}','0descriptplain','0secretplain',NULL,NULL,7,NULL,NULL,NULL,'0reasonplain','2026-03-29 01:59:59.123000',7,'0idplain');
INSERT INTO "webhooks" VALUES('1idZürich, ''Bahnhof'' "1889"; \ 東京','1byZürich, ''Bahnhof'' "1889"; \ 東京','1urlZürich, ''Bahnhof'' "1889"; \ 東京','[]','1descriptZürich, ''Bahnhof'' "1889"; \ 東京','1secretZürich, ''Bahnhof'' "1889"; \ 東京','1old_secrZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000',8,'2026-03-30 01:59:59.123000','2026-03-30 01:59:59.123000','2026-03-30 01:59:59.123000','1reasonZürich, ''Bahnhof'' "1889"; \ 東京','2026-03-30 01:59:59.123000',8,'1idZürich, ''Bahnhof'' "1889"; \ 東京');
INSERT INTO "webhooks" VALUES('2idtwo
lines	and a tab','2bytwo
lines	and a tab','2urltwo
lines	and a tab','["plain", "Z\u00fcrich, ''Bahnhof'' \"1889\"; \\ \u6771\u4eac", "two\nlines\tand a tab"]','2descripttwo
lines	and a tab','2secrettwo
lines	and a tab','2old_secrtwo
lines	and a tab','2026-03-31 01:59:59.123000',11,'2026-03-31 01:59:59.123000','2026-03-31 01:59:59.123000','2026-03-31 01:59:59.123000','2reasontwo
lines	and a tab','2026-03-31 01:59:59.123000',11,'2idtwo
lines	and a tab');
CREATE INDEX ix_attempts_account_created ON attempts (account, created);
CREATE INDEX ix_attempts_address_created ON attempts (address, created);
CREATE INDEX ix_attempts_created ON attempts (created);
CREATE INDEX ix_audit_by ON audit ("by");
CREATE INDEX ix_audit_organization_id ON audit (organization_id);
CREATE INDEX ix_audit_subject ON audit (subject);
CREATE INDEX ix_audit_user_id ON audit (user_id);
CREATE INDEX ix_audit_what ON audit (what);
CREATE INDEX ix_collections_organization_id ON collections (organization_id);
CREATE INDEX ix_events_job_id ON events (job_id);
CREATE INDEX ix_events_organization_id ON events (organization_id);
CREATE INDEX ix_events_subject ON events (subject);
CREATE INDEX ix_invitations_email ON invitations (email);
CREATE INDEX ix_invitations_organization_id ON invitations (organization_id);
CREATE INDEX ix_jobs_executor_id ON jobs (executor_id);
CREATE INDEX ix_jobs_organization_id ON jobs (organization_id);
CREATE INDEX ix_jobs_queue ON jobs (state, lane, priority, id);
CREATE INDEX ix_jobs_subject ON jobs (subject);
CREATE INDEX ix_keys_organization_id ON keys (organization_id);
CREATE INDEX ix_keys_user_id ON keys (user_id);
CREATE INDEX ix_members_organization_id ON members (organization_id);
CREATE INDEX ix_members_user_id ON members (user_id);
CREATE INDEX ix_one_time_links_user_id ON one_time_links (user_id);
CREATE INDEX ix_photographs_organization_id ON photographs (organization_id);
CREATE INDEX ix_photographs_organization_id_sha256 ON photographs (organization_id, sha256);
CREATE INDEX ix_photographs_state ON photographs (state);
CREATE INDEX ix_productions_organization_id ON productions (organization_id);
CREATE INDEX ix_results_of ON results ("of");
CREATE INDEX ix_results_organization_id ON results (organization_id);
CREATE INDEX ix_results_photograph_id ON results (photograph_id);
CREATE INDEX ix_sign_ins_user_id ON sign_ins (user_id);
CREATE INDEX ix_usage_organization_id ON usage (organization_id);
CREATE INDEX ix_usage_organization_id_day ON usage (organization_id, day);
CREATE INDEX ix_webhooks_organization_id ON webhooks (organization_id);
CREATE INDEX ix_collection_photographs_collection_id ON collection_photographs (collection_id);
CREATE INDEX ix_collection_photographs_organization_id ON collection_photographs (organization_id);
CREATE INDEX ix_collection_photographs_photograph_id ON collection_photographs (photograph_id);
CREATE INDEX ix_films_job_id ON films (job_id);
CREATE INDEX ix_films_organization_id ON films (organization_id);
CREATE INDEX ix_films_production_id ON films (production_id);
CREATE INDEX ix_job_items_job_id ON job_items (job_id);
CREATE INDEX ix_job_items_organization_id ON job_items (organization_id);
CREATE INDEX ix_job_items_subject ON job_items (subject);
CREATE INDEX ix_production_files_organization_id ON production_files (organization_id);
CREATE INDEX ix_production_files_production_id ON production_files (production_id);
CREATE INDEX ix_restorations_job_id ON restorations (job_id);
CREATE INDEX ix_restorations_organization_id ON restorations (organization_id);
CREATE INDEX ix_uploads_organization_id ON uploads (organization_id);
CREATE INDEX ix_uploads_until ON uploads (until);
CREATE INDEX ix_uploads_user_id ON uploads (user_id);
CREATE INDEX ix_webhook_deliveries_organization_id ON webhook_deliveries (organization_id);
CREATE INDEX ix_webhook_deliveries_state_due ON webhook_deliveries (state, due);
CREATE INDEX ix_webhook_deliveries_webhook_id ON webhook_deliveries (webhook_id);
CREATE INDEX ix_upload_parts_organization_id ON upload_parts (organization_id);
CREATE INDEX ix_upload_parts_upload_id ON upload_parts (upload_id);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE INDEX ix_reports_job_id ON reports (job_id);
CREATE INDEX ix_reports_organization_id ON reports (organization_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('events',11);
COMMIT;
