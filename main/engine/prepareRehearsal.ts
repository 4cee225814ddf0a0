/** Makes what a rehearsal starts from: the synthetic archive, if no folder was named, and the migration. Repeats what was cut off. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseMigrationConfig } from '../../shared/contract/migrationConfig.ts'
import { Fault } from '../../shared/faults/fault.ts'
import { runStage } from '../../shared/flow/stage.ts'
import { generateArchive } from '../sandbox/archive/generate.ts'
import { createMigration, filesOf } from './migrationFolder.ts'
import { migrationIn, readPlanted, readRecipe, rehearsalSettings, writePlanted, type Recipe } from './rehearsalFolder.ts'
import type { Watch } from './steps.ts'
import { systemClock } from './world.ts'

/** Archive, device, share and S3 each hold a copy for a while. */
const bytesPerInstance = 500_000

export type Preparation = { readonly folder: string; readonly recipe: Recipe; readonly watch: Watch; readonly signal: AbortSignal }

export async function prepareRehearsal({ folder, recipe, watch, signal }: Preparation): Promise<void> {
  await makeSyntheticArchive({ folder, watch, signal })
  makeRehearsalMigration(folder, recipe)
}

/** Whether the rehearsal in this folder has a synthetic archive that is not made yet. */
export function lacksArchive(folder: string): boolean {
  return readRecipe(folder)?.archive === null && readPlanted(folder) === undefined
}

/** Makes the archive that the recipe in the folder asks for; one that is made already, or that somebody named, stays as it is. */
export async function makeSyntheticArchive({ folder, watch, signal }: Omit<Preparation, 'recipe'>): Promise<void> {
  const recipe = readRecipe(folder)
  if (recipe === undefined || !lacksArchive(folder)) return
  const archive = filesOf(folder).syntheticArchive
  await requireSpace(folder, recipe.instances * bytesPerInstance)
  const partial = `${archive}.partial`
  for (const leftOver of [archive, partial]) rmSync(leftOver, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true })
  const made = await watch(
    runStage('generate', systemClock, signal, async (report) => {
      report.total(recipe.instances, undefined)
      const generating = generateArchive(partial, { instances: recipe.instances, seed: String(recipe.seed), ...sampleFolder() })
      let told = { instances: 0, bytes: 0 }
      for (;;) {
        signal.throwIfAborted()
        const step = await generating.next()
        if (step.done === true) return step.value
        report.add(step.value.instances - told.instances, step.value.bytes - told.bytes)
        told = step.value
      }
    }),
  )
  renameSync(partial, archive)
  writePlanted(
    folder,
    made.planted.map(({ code, path }) => ({ code, path: Buffer.from(path).toString('base64') })),
  )
}

/** The migration of a rehearsal, one level below its folder. Its archive need not be there yet. One that is there already stays. */
export function makeRehearsalMigration(folder: string, recipe: Recipe): void {
  const migration = migrationIn(folder)
  if (existsSync(filesOf(migration).journal)) return
  // Under another name until it is whole: a journal that is there may still lack its tables or its archive. What was cut off holds nothing of value yet.
  const making = `${migration}.making`
  for (const left of [migration, making]) rmSync(left, { recursive: true, force: true })
  createMigration(
    making,
    {
      // Not the folder's name: reports print this one, and folders may be named after patients.
      name: recipe.archive === null ? 'Synthetic archive' : 'Rehearsal of a folder',
      kind: 'rehearsal',
      config: parseMigrationConfig({ format: 1, region: 'us-east-1', ...rehearsalSettings(recipe) }),
      archives: [{ root: recipe.archive ?? filesOf(folder).syntheticArchive, bucket: 'rehearsal-imaging-archive', prefix: 'imaging/' }],
    },
    process.env,
  ).close()
  renameSync(making, migration)
}

async function requireSpace(folder: string, wanted: number): Promise<void> {
  const disk = await statfs(folder)
  const free = disk.bavail * disk.bsize
  if (free < wanted) throw new Fault('disk-full', { neededBytes: wanted, freeBytes: free })
}

/** The MIT-licensed sample files in the repository, where there is one around us. */
function sampleFolder(): { readonly sampleFolder?: string } {
  const folder = resolve(import.meta.dirname, '../../tests/fixtures/dicom')
  return existsSync(folder) ? { sampleFolder: folder } : {}
}
