/** The journal's schema, as numbered steps. A step that has been released never changes; a new need is a new step. */
import { Fault } from '../../shared/faults/fault.ts'
import type { Clock } from '../../shared/ports/world.ts'
import { chainedCustodyTable, chainOldCustody } from './custodyJournal.ts'
import type { JournalDatabase } from './database.ts'
import { numberOf } from './rows.ts'

/** `after`: what SQL alone cannot do, in the same transaction. */
type Step = { readonly number: number; readonly sql: string; readonly after?: (database: JournalDatabase, clock: Clock) => void }

export const steps: readonly Step[] = [
  {
    number: 10,
    sql: `
CREATE TABLE migration (
  one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('rehearsal', 'real')), created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE lease (
  one INTEGER PRIMARY KEY CHECK (one = 1), owner TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL, started TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE events (
  sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
  previous BLOB NOT NULL, hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;

CREATE TABLE archives (
  id INTEGER PRIMARY KEY, root TEXT NOT NULL UNIQUE, bucket TEXT NOT NULL, prefix TEXT NOT NULL, clutter TEXT NOT NULL
) STRICT;

CREATE TABLE scans (
  id INTEGER PRIMARY KEY, archive_id INTEGER NOT NULL REFERENCES archives, started_at INTEGER NOT NULL, finished_at INTEGER,
  ignored INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE scan_folders (
  scan_id INTEGER NOT NULL, path BLOB NOT NULL, pending INTEGER NOT NULL, ignored INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (scan_id, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX scan_folders_pending ON scan_folders (scan_id, path DESC) WHERE pending = 1;

CREATE TABLE studies (
  id INTEGER PRIMARY KEY, archive_id INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('dicom', 'folder')),
  name BLOB NOT NULL, modality TEXT, study_date TEXT, UNIQUE (archive_id, kind, name)
) STRICT;

CREATE TABLE items (
  id INTEGER PRIMARY KEY, archive_id INTEGER NOT NULL, path BLOB NOT NULL, kind TEXT NOT NULL,
  size INTEGER NOT NULL, mtime_us INTEGER NOT NULL, inode INTEGER NOT NULL, study_id INTEGER NOT NULL,
  series_uid TEXT, sop_uid TEXT, sop_class TEXT, modality TEXT, study_date TEXT, transfer_syntax TEXT,
  patient_hash BLOB, accession_hash BLOB, fold BLOB, sha256 BLOB, crc64nvme BLOB,
  -- SHA-256 of what Firn sent of this item before it changed: only that may be replaced in a share
  replaces BLOB,
  first_scan INTEGER NOT NULL, changed_scan INTEGER NOT NULL, last_scan INTEGER NOT NULL, present INTEGER NOT NULL DEFAULT 1,
  -- 1: an anomaly bars the device lane, 2: the share lane, 4: every lane
  bars INTEGER NOT NULL DEFAULT 0,
  UNIQUE (archive_id, path)
) STRICT;
CREATE INDEX items_by_study ON items (study_id);
-- items_by_sop and items_by_fold are made by the first scan of an archive: see inventoryJournal.ts

CREATE TABLE anomalies (
  item_id INTEGER NOT NULL, code TEXT NOT NULL, facts TEXT NOT NULL, PRIMARY KEY (item_id, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX anomalies_by_code ON anomalies (code, item_id);

CREATE TABLE plans (
  id INTEGER PRIMARY KEY, answers TEXT NOT NULL, estimate TEXT NOT NULL, begun_at INTEGER NOT NULL,
  whole INTEGER NOT NULL DEFAULT 0, approved_by TEXT, approved_at INTEGER
) STRICT;

CREATE TABLE devices (
  id INTEGER PRIMARY KEY, plan_id INTEGER NOT NULL, ordinal INTEGER NOT NULL, wave INTEGER NOT NULL,
  snowball_type TEXT NOT NULL, capacity TEXT NOT NULL, usable INTEGER NOT NULL, marker TEXT NOT NULL UNIQUE,
  job_id TEXT, state TEXT NOT NULL
) STRICT;

CREATE TABLE custody (
  sequence INTEGER PRIMARY KEY, device_id INTEGER NOT NULL, at INTEGER NOT NULL, step TEXT NOT NULL,
  person TEXT NOT NULL, place TEXT NOT NULL, note TEXT NOT NULL
) STRICT;
CREATE TRIGGER custody_is_never_changed BEFORE UPDATE ON custody BEGIN SELECT RAISE(ABORT, 'custody is append-only'); END;
CREATE TRIGGER custody_is_never_deleted BEFORE DELETE ON custody BEGIN SELECT RAISE(ABORT, 'custody is append-only'); END;

CREATE TABLE batches (
  id INTEGER PRIMARY KEY, plan_id INTEGER NOT NULL, device_id INTEGER NOT NULL, key TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL DEFAULT 'planned', tar_bytes INTEGER, etag TEXT
) STRICT;
CREATE INDEX batches_by_device ON batches (device_id, key);

CREATE TABLE transfers (
  item_id INTEGER PRIMARY KEY, plan_id INTEGER NOT NULL, archive_id INTEGER NOT NULL, route TEXT NOT NULL,
  device_id INTEGER, batch_id INTEGER, key TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'planned',
  packed_at INTEGER, etag TEXT, version_id TEXT, reason TEXT
) STRICT;
CREATE INDEX transfers_by_key ON transfers (archive_id, key);
CREATE INDEX transfers_alone ON transfers (route, device_id, key, item_id) WHERE batch_id IS NULL AND state IN ('planned', 'sending');
CREATE INDEX transfers_by_batch ON transfers (batch_id, key) WHERE batch_id IS NOT NULL;

CREATE TABLE uploads (key TEXT PRIMARY KEY, upload_id TEXT NOT NULL, part_size INTEGER NOT NULL, source TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE verifications (id INTEGER PRIMARY KEY, started_at INTEGER NOT NULL, finished_at INTEGER) STRICT;
CREATE TABLE verdicts (
  run_id INTEGER NOT NULL, item_id INTEGER NOT NULL, verdict TEXT NOT NULL, method TEXT NOT NULL, reason TEXT,
  bucket TEXT NOT NULL, key TEXT NOT NULL, version_id TEXT, size INTEGER, algorithm TEXT, checksum_type TEXT,
  expected TEXT, actual TEXT, storage_class TEXT, at INTEGER NOT NULL, void INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (run_id, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX verdicts_not_verified ON verdicts (run_id, verdict, item_id) WHERE verdict <> 'verified';
CREATE TABLE extras (
  run_id INTEGER NOT NULL, archive_id INTEGER NOT NULL, key TEXT NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (run_id, archive_id, key)
) STRICT, WITHOUT ROWID;
`,
  },
  {
    number: 20,
    sql: `
ALTER TABLE plans ADD COLUMN rule TEXT NOT NULL DEFAULT '{}';
ALTER TABLE plans ADD COLUMN summary TEXT;

CREATE TABLE checklist (
  sequence INTEGER PRIMARY KEY, device_id INTEGER NOT NULL, code TEXT NOT NULL, done INTEGER NOT NULL CHECK (done IN (0, 1)),
  person TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER checklist_is_never_changed BEFORE UPDATE ON checklist BEGIN SELECT RAISE(ABORT, 'the checklist is append-only'); END;
CREATE TRIGGER checklist_is_never_deleted BEFORE DELETE ON checklist BEGIN SELECT RAISE(ABORT, 'the checklist is append-only'); END;
CREATE INDEX checklist_by_device ON checklist (device_id, code, sequence);

CREATE INDEX transfers_left ON transfers (reason, item_id) WHERE state = 'left-behind';

-- Transactions so far, lease aside: of scans, and of all else. Who keeps figures sees by it whether they still hold.
CREATE TABLE changes (one INTEGER PRIMARY KEY CHECK (one = 1), inventory INTEGER NOT NULL, work INTEGER NOT NULL) STRICT;
INSERT INTO changes (one, inventory, work) VALUES (1, 0, 0);
-- items_sums is made when a scan ends: see inventoryJournal.ts
`,
  },
  {
    number: 30,
    sql: `
CREATE TABLE inspections (
  sequence INTEGER PRIMARY KEY, device_id INTEGER NOT NULL, at INTEGER NOT NULL, person TEXT NOT NULL, seed TEXT NOT NULL,
  items INTEGER NOT NULL, bytes INTEGER NOT NULL, batches INTEGER NOT NULL, manifest_sha256 TEXT NOT NULL,
  sampled_items INTEGER NOT NULL, sampled_bytes INTEGER NOT NULL, differing INTEGER NOT NULL, void INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE job_logs (
  device_id INTEGER NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, UNIQUE (device_id, kind)
) STRICT;
CREATE INDEX inspections_by_device ON inspections (device_id, sequence);
CREATE INDEX transfers_loaded_alone ON transfers (device_id, key, item_id) WHERE batch_id IS NULL AND route = 'device' AND state = 'sent';
`,
  },
  {
    number: 40,
    sql: `
-- 1: declared dead by a person; nothing that was loaded onto it counts
ALTER TABLE devices ADD COLUMN given_up INTEGER NOT NULL DEFAULT 0;
-- to_device NULL: straight to S3
CREATE TABLE replans (
  id INTEGER PRIMARY KEY, device_id INTEGER NOT NULL, cause TEXT NOT NULL, to_device INTEGER, person TEXT NOT NULL, at INTEGER NOT NULL,
  items INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0, finished INTEGER NOT NULL DEFAULT 0
) STRICT;
`,
  },
  {
    number: 50,
    sql: `
-- 1: what lies under its key is Firn's own, or a person decided: it may be written over
ALTER TABLE transfers ADD COLUMN overwrites INTEGER NOT NULL DEFAULT 0;
`,
  },
  {
    number: 70,
    sql: `
ALTER TABLE inspections ADD COLUMN left_items INTEGER NOT NULL DEFAULT 0;
ALTER TABLE inspections ADD COLUMN left_bytes INTEGER NOT NULL DEFAULT 0;
`,
  },
  { number: 80, sql: chainedCustodyTable, after: chainOldCustody },
  {
    number: 90,
    sql: `
-- Bytes that were sent, of items that changed at the source since: a device carries them until it is imported
CREATE TABLE superseded (
  item_id INTEGER PRIMARY KEY, size INTEGER NOT NULL, mtime_us INTEGER NOT NULL, sha256 BLOB NOT NULL, crc64nvme BLOB NOT NULL
) STRICT;
-- Older journals kept nothing of such bytes: what lies so on a device that has not left is loaded again, whole batches with it.
CREATE TEMP TABLE unknown_bytes AS
  SELECT t.item_id, t.batch_id FROM transfers t JOIN devices d ON d.id = t.device_id JOIN items i ON i.id = t.item_id
  WHERE t.route = 'device' AND t.state = 'sent' AND i.sha256 IS NULL AND d.state = 'WithCustomer'
    AND NOT EXISTS (SELECT 1 FROM custody c WHERE c.device_id = d.id AND c.step = 'handed-over');
UPDATE batches SET state = 'planned', tar_bytes = NULL, etag = NULL WHERE id IN (SELECT batch_id FROM unknown_bytes);
UPDATE transfers SET state = 'planned', packed_at = NULL
  WHERE state = 'sent' AND (batch_id IN (SELECT batch_id FROM unknown_bytes) OR item_id IN (SELECT item_id FROM unknown_bytes));
DROP TABLE unknown_bytes;
`,
  },
  {
    number: 100,
    sql: `
-- findings: JSON
CREATE TABLE postures (
  sequence INTEGER PRIMARY KEY, bucket TEXT NOT NULL, at INTEGER NOT NULL, moment TEXT NOT NULL, profile TEXT NOT NULL, findings TEXT NOT NULL
) STRICT;
`,
  },
  {
    number: 110,
    sql: `
CREATE TABLE free_lists (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, person TEXT NOT NULL, older_than_days REAL NOT NULL, kept_patients INTEGER NOT NULL,
  studies INTEGER NOT NULL, items INTEGER NOT NULL, bytes INTEGER NOT NULL, digest TEXT NOT NULL
) STRICT;
CREATE TABLE free_list_studies (list_id INTEGER NOT NULL, study_id INTEGER NOT NULL, PRIMARY KEY (list_id, study_id)) STRICT, WITHOUT ROWID;
CREATE TABLE free_signatures (list_id INTEGER NOT NULL, person TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TRIGGER free_list_is_never_changed BEFORE UPDATE ON free_lists WHEN OLD.digest <> '' BEGIN SELECT RAISE(ABORT, 'a list stays as it was made'); END;
CREATE TRIGGER free_list_is_never_deleted BEFORE DELETE ON free_lists BEGIN SELECT RAISE(ABORT, 'a list stays as it was made'); END;
CREATE TRIGGER free_signature_is_never_changed BEFORE UPDATE ON free_signatures BEGIN SELECT RAISE(ABORT, 'signatures are append-only'); END;
CREATE TRIGGER free_signature_is_never_deleted BEFORE DELETE ON free_signatures BEGIN SELECT RAISE(ABORT, 'signatures are append-only'); END;
`,
  },
  {
    number: 120,
    sql: `
CREATE TABLE rule_sets (
  name TEXT NOT NULL, version INTEGER NOT NULL, person TEXT NOT NULL, at INTEGER NOT NULL, rule TEXT NOT NULL, PRIMARY KEY (name, version)
) STRICT;
CREATE TABLE patient_lists (id INTEGER PRIMARY KEY, person TEXT NOT NULL, at INTEGER NOT NULL, patients INTEGER NOT NULL) STRICT;
CREATE TABLE patient_list_members (list_id INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (list_id, hash)) STRICT, WITHOUT ROWID;
CREATE TRIGGER rules_are_never_changed BEFORE UPDATE ON rule_sets BEGIN SELECT RAISE(ABORT, 'a version of a rule stays as it was saved'); END;
CREATE TRIGGER rules_are_never_deleted BEFORE DELETE ON rule_sets BEGIN SELECT RAISE(ABORT, 'a version of a rule stays as it was saved'); END;
`,
  },
  {
    number: 130,
    sql: `
-- A device that another workstation fills. taken: this journal is that workstation's. config: JSON of migration.json, in an order on its way.
-- custody_entries, checks: how many the device had when it was lent
CREATE TABLE work_orders (
  id TEXT PRIMARY KEY, device_id INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('lent', 'taken', 'returned', 'recalled')),
  person TEXT NOT NULL, at INTEGER NOT NULL, custody_entries INTEGER NOT NULL, checks INTEGER NOT NULL, config TEXT
) STRICT;
`,
  },
  {
    number: 150,
    sql: `
-- SHA-256 of the certificate under which a device was reached
CREATE TABLE device_certificates (sequence INTEGER PRIMARY KEY, device_id INTEGER NOT NULL, fingerprint TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
-- What the S3 adapter of a device took when it was tried out. takes: JSON
CREATE TABLE device_probes (device_id INTEGER PRIMARY KEY, endpoint TEXT NOT NULL, at INTEGER NOT NULL, takes TEXT NOT NULL) STRICT;
`,
  },
  {
    number: 160,
    sql: `
CREATE TABLE share_mounts (sequence INTEGER PRIMARY KEY, share_arn TEXT NOT NULL, origin TEXT NOT NULL, at INTEGER NOT NULL, person TEXT) STRICT;
CREATE TRIGGER share_mount_is_never_changed BEFORE UPDATE ON share_mounts BEGIN SELECT RAISE(ABORT, 'mounts are append-only'); END;
CREATE TRIGGER share_mount_is_never_deleted BEFORE DELETE ON share_mounts BEGIN SELECT RAISE(ABORT, 'mounts are append-only'); END;
`,
  },
]

const newest = steps.at(-1)?.number ?? 0

/** @throws Fault journal-newer when a newer Firn has been here. */
export function checkVersion(database: JournalDatabase): number {
  const row = database.get('PRAGMA user_version')
  const version = row === undefined ? 0 : numberOf(row, 'user_version')
  if (version > newest) throw new Fault('journal-newer', { journal: version, known: newest })
  return version
}

/** Brings the schema up to date, each step in a transaction of its own. */
export function migrate(database: JournalDatabase, clock: Clock): void {
  const version = checkVersion(database)
  for (const step of steps) {
    if (step.number <= version) continue
    database.transaction(() => {
      database.exec(step.sql)
      step.after?.(database, clock)
      database.exec(`PRAGMA user_version = ${step.number}`)
    })
  }
}
