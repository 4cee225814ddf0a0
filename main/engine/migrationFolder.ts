/** A migration's folder: what lies where in it, and opening it for work. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseMigrationConfig, type MigrationConfig, type OrderSettings } from '../../shared/contract/migrationConfig.ts'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import type { Journal, MigrationKind } from '../../shared/ports/journal.ts'
import type { World } from '../../shared/ports/world.ts'
import { requireApart } from './apart.ts'
import { createJournal, openJournal, readJournal, type OpenJournal } from '../journal/openJournal.ts'
import { logFile } from './logFile.ts'
import type { Signer } from '../evidence/signer.ts'
import { writeKept } from './keptFile.ts'
import { createPatientKey } from './patientKey.ts'
import { readSealedKey } from './sealedKey.ts'
import { newSigningKey, signingKey } from './signingKey.ts'
import { realWorld, systemClock } from './world.ts'

const leaseRenewal = 20_000

export function filesOf(folder: string) {
  return {
    config: join(folder, 'migration.json'),
    journal: join(folder, 'journal.db'),
    patientKey: join(folder, 'patient.key'),
    signingKey: join(folder, 'signing.key'),
    log: join(folder, 'firn.log'),
    /** Bills of materials of devices. They hold keys, which may be paths. */
    devices: join(folder, 'devices'),
    /** Photos and papers of custody, by their digest. */
    custody: join(folder, 'custody'),
    /** What settings of buckets were before Firn changed them. */
    posture: join(folder, 'posture'),
    evidence: join(folder, 'evidence'),
    sandbox: join(folder, 'sandbox'),
    syntheticArchive: join(folder, 'archive'),
  } as const
}

export type ArchiveToAdd = { readonly root: string; readonly bucket: string; readonly prefix: string }

export type NewMigration = {
  readonly name: string
  readonly kind: MigrationKind
  readonly config: MigrationConfig
  readonly archives: readonly ArchiveToAdd[]
}

/** An open migration. `close` ends the lease; nothing is written after it. */
export type OpenMigration = {
  readonly folder: string
  readonly files: ReturnType<typeof filesOf>
  readonly config: MigrationConfig
  /** Written into migration.json, whole or not at all, and gone by from then on. What else is in the file stays. @throws what the file system says. */
  setOrderSettings(settings: OrderSettings): void
  readonly journal: OpenJournal
  readonly patientKey: Uint8Array
  /**
   * The key that signs this migration's evidence.
   * @throws Fault signing-key-missing, key-missing.
   */
  signer(choice?: 'replace'): Signer
  readonly world: World
  close(): void
}

/** @throws Fault migration-exists, disk-full, bad-input. The folder is made if need be and must otherwise be empty. */
export function createMigration(folder: string, wanted: NewMigration, environment: NodeJS.ProcessEnv): OpenMigration {
  const files = filesOf(folder)
  requireApart(
    'folder',
    folder,
    wanted.archives.map((archive) => archive.root),
  )
  newFolder(folder)
  if (new Set(wanted.archives.map((archive) => archive.bucket)).size > 1) {
    throw new Fault('bad-input', { field: 'bucket', problem: 'all archives of a migration go into one bucket' })
  }
  const world = realWorld(logFile(files.log, systemClock))
  const passphrase = environment['FIRN_KEY_PASSPHRASE']
  const patientKey = createPatientKey(files.patientKey, passphrase)
  writeFileSync(files.config, `${JSON.stringify(wanted.config, undefined, 2)}\n`, { mode: 0o600 })
  const journal = createJournal(files.journal, world, { name: wanted.name, kind: wanted.kind })
  for (const archive of wanted.archives) journal.addArchive({ ...archive, clutter: { ignore: wanted.config.ignore } })
  const migration = opened(folder, wanted.config, journal, patientKey, passphrase, world)
  // Now, so that its fingerprint can be noted elsewhere before anything moves.
  try {
    migration.signer()
  } catch (error) {
    migration.close()
    throw error
  }
  return migration
}

/** @throws Fault migration-exists for one that holds anything. */
export function newFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (readdirSync(folder).length > 0) throw new Fault('migration-exists')
  // The journal holds every path. A folder that was there already may have been open to others.
  chmodSync(folder, 0o700)
}

/** @throws Fault not-a-migration, journal-held, journal-damaged, journal-newer, key-missing, bad-input. */
export function openMigration(folder: string, environment: NodeJS.ProcessEnv): OpenMigration {
  const files = filesOf(folder)
  const config = readConfig(folder)
  const world = realWorld(logFile(files.log, systemClock))
  const passphrase = environment['FIRN_KEY_PASSPHRASE']
  const patientKey = readSealedKey(files.patientKey, passphrase)
  const journal = openJournal(files.journal, world)
  followClutterPolicy(journal, config)
  return opened(folder, config, journal, patientKey, passphrase, world)
}

/** For looking, beside a Firn that works. */
export function lookInto(folder: string): { readonly config: MigrationConfig; readonly journal: Journal } {
  return { config: readConfig(folder), journal: readJournal(filesOf(folder).journal, realWorld(logFile(filesOf(folder).log, systemClock))) }
}

export function readConfig(folder: string): MigrationConfig {
  let text: string
  try {
    text = readFileSync(filesOf(folder).config, 'utf8')
  } catch (error) {
    throw new Fault('not-a-migration', {}, { cause: error })
  }
  try {
    return parseMigrationConfig(JSON.parse(text))
  } catch (error) {
    if (isFault(error)) throw error
    throw new Fault('bad-input', { file: 'migration.json', problem: 'is not JSON' }, { cause: error })
  }
}

/** migration.json is where a person edits the policy; a change is an event. */
function followClutterPolicy(journal: Journal, config: MigrationConfig): void {
  for (const archive of journal.archives()) {
    if (JSON.stringify(archive.clutter.ignore) === JSON.stringify(config.ignore)) continue
    journal.setClutter(archive.id, { ignore: config.ignore })
    journal.append('clutter-policy-changed', { archive: archive.id, patterns: config.ignore.length })
  }
}

function opened(
  folder: string,
  config: MigrationConfig,
  journal: OpenJournal,
  patientKey: Uint8Array,
  passphrase: string | undefined,
  world: World,
): OpenMigration {
  const files = filesOf(folder)
  let current = config
  // Long waits write nothing: the claim is kept alive from here. A claim that is lost shows at the next write, which refuses.
  const renewal = setInterval(() => {
    try {
      journal.renewLease()
    } catch (error) {
      world.log.error('journal', isFault(error) ? error.code : 'unforeseen')
    }
  }, leaseRenewal)
  renewal.unref()
  return {
    folder,
    files,
    get config() {
      return current
    },
    setOrderSettings(settings) {
      const next = readConfig(folder)
      writeKept(files.config, { ...next, snowball: settings })
      current = { ...current, snowball: settings }
    },
    journal,
    patientKey,
    signer(choice) {
      const place = { file: files.signingKey, passphrase, journal }
      return choice === 'replace' ? newSigningKey(place) : signingKey(place)
    },
    world,
    close() {
      clearInterval(renewal)
      journal.close()
    },
  }
}
