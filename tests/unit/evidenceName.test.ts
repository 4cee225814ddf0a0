import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openMigration } from '../../main/engine/migrationFolder.ts'
import { prepareRehearsal } from '../../main/engine/prepareRehearsal.ts'
import { migrationIn } from '../../main/engine/rehearsalFolder.ts'
import { firn } from '../kit/firn.ts'
import { outcomeOfStage } from './planKit.ts'

/** Reports print the name of a migration. Folders are at times named after patients. */
const patient = 'DOE_JANE_19500101'
let at: string
let archive: string
beforeEach(() => {
  at = mkdtempSync(join(tmpdir(), 'firn-name-'))
  archive = join(at, patient)
  mkdirSync(archive)
  writeFileSync(join(archive, 'one.dcm'), 'an image')
})
afterEach(() => rmSync(at, { recursive: true }))

function nameOf(folder: string): string {
  const migration = openMigration(folder, {})
  const { name } = migration.journal.migration()
  migration.close()
  return name
}

it('A rehearsal of a folder is not named after the folder', async () => {
  const folder = join(at, 'rehearsal')
  mkdirSync(folder)
  const signal = new AbortController().signal
  await prepareRehearsal({
    folder,
    recipe: { archive, instances: 1, seed: 1, faultPlan: null, speed: 600_000 },
    watch: outcomeOfStage,
    signal,
  })
  expect(nameOf(migrationIn(folder))).toBe('Rehearsal of a folder')
})

it('A migration has the name that a person gave it, or none that says anything', async () => {
  const folder = join(at, `${patient} migration`)
  const init = ['--archive', archive, '--bucket', 'imaging-archive']
  expect((await firn(['init', folder, ...init])).exitCode).toBe(0)
  expect(nameOf(folder)).toBe('Migration')
  expect((await firn(['init', join(at, 'named'), ...init, '--name', 'Cold studies'])).exitCode).toBe(0)
  expect(nameOf(join(at, 'named'))).toBe('Cold studies')
})
