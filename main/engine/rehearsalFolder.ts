/** Folders of rehearsals: making one, finding the one that was cut off, and freeing the disk of those that are over. */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { defaultClutter } from '../../shared/domain/archive.ts'
import { anomalyCodes, type AnomalyCode } from '../../shared/domain/anomaly.ts'
import { Fault } from '../../shared/faults/fault.ts'
import { GB, MB, MiB, TB } from '../../shared/units/bytes.ts'
import { filesOf } from './migrationFolder.ts'

/** What a rehearsal is made from. Equal ones go on where the last was cut off. */
const recipe = z.strictObject({
  /** `null`: a synthetic archive of its own. */
  archive: z.string().nullable(),
  instances: z.number().int().positive(),
  seed: z.number().int(),
  faultPlan: z.string().nullable(),
  /** Simulated time runs this many times as fast as real time. */
  speed: z.number().positive().default(600_000),
})
export type Recipe = z.infer<typeof recipe>

const planted = z.array(z.strictObject({ code: z.enum(anomalyCodes as [AnomalyCode, ...AnomalyCode[]]), path: z.string() }))
/** Paths in base64: they are bytes, and some are planted for not being text. */
export type Planted = z.infer<typeof planted>

const recipeFile = 'rehearsal.json'
const finishedFile = 'finished.json'
const plantedFile = 'planted.json'
const faultPlanFile = 'faultPlan.json'

/** A simulated gateway and account; the uplink is slower than a disk, so that the cache is seen to fill and drain. */
export function rehearsalSettings(of: { readonly faultPlan?: string | null; readonly speed?: number }) {
  return {
    ignore: [...defaultClutter.ignore],
    snowball: {
      roleArn: 'arn:aws:iam::111122223333:role/SnowballImportRole',
      kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/abcd1234-12ab-34cd-56ef-123456123456',
      shippingOption: 'SECOND_DAY',
      address: {
        name: 'Imaging Archive',
        company: 'Rehearsal Hospital',
        street1: '123 Main Street',
        city: 'Seattle',
        stateOrProvince: 'WA',
        postalCode: '98101',
        country: 'US',
        phoneNumber: '425-555-5555',
      },
    },
    rehearsal: {
      cacheBytes: 2 * GB,
      uplinkBytesPerSecond: 100 * MB,
      deviceBytes: 210 * TB,
      batchBytes: 16 * MiB,
      ...(typeof of.faultPlan === 'string' ? { faultPlan: of.faultPlan } : {}),
      ...(of.speed === undefined ? {} : { speed: of.speed }),
    },
  }
}

export type RehearsalFolder = {
  readonly folder: string
  readonly resumed: boolean
  readonly freedBytes: number
}

/**
 * The folder to rehearse in: `into` if given, else below `home`. One that was cut off with the same recipe is gone on with; of those that are over,
 * the simulated AWS and the synthetic archive are removed (both made by Firn), the evidence stays.
 */
export function rehearsalFolder(home: string, into: string | undefined, wanted: Recipe): RehearsalFolder {
  if (into !== undefined) {
    const folder = resolve(into)
    const there = readRecipe(folder)
    if (there === undefined && existsSync(folder) && readdirSync(folder).length > 0) throw new Fault('migration-exists')
    if (there !== undefined && (!sameRecipe(there, wanted) || isOver(folder))) throw new Fault('migration-exists')
    if (there === undefined) begin(folder, wanted)
    return { folder, resumed: there !== undefined, freedBytes: 0 }
  }
  mkdirSync(home, { recursive: true })
  const names = rehearsalsIn(home)
  const cutOff = names.find((name) => {
    const there = readRecipe(join(home, name))
    return there !== undefined && !isOver(join(home, name)) && sameRecipe(there, wanted)
  })
  if (cutOff !== undefined) return { folder: join(home, cutOff), resumed: true, freedBytes: 0 }
  let freedBytes = 0
  for (const name of names) if (isOver(join(home, name))) freedBytes += free(join(home, name))
  const folder = nextFolder(home)
  begin(folder, wanted)
  return { folder, resumed: false, freedBytes }
}

/** A folder of its own for a rehearsal that is begun anew; earlier ones stay as they are. `faultPlan`: what shall go wrong, kept in the folder. */
export function newRehearsalFolder(home: string, wanted: Omit<Recipe, 'faultPlan'>, faultPlan: object | undefined): string {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const folder = nextFolder(home)
  const file = join(folder, faultPlanFile)
  begin(folder, { ...wanted, faultPlan: faultPlan === undefined ? null : file })
  if (faultPlan !== undefined) writeWhole(file, faultPlan)
  return folder
}

function nextFolder(home: string): string {
  const numbers = rehearsalsIn(home).map((name) => Number(name.slice('rehearsal-'.length)))
  return join(home, `rehearsal-${Math.max(0, ...numbers) + 1}`)
}

function rehearsalsIn(home: string): readonly string[] {
  return readdirSync(home).filter((name) => /^rehearsal-\d+$/.test(name))
}

export function markOver(folder: string, result: object): void {
  writeWhole(join(folder, finishedFile), result)
}

export function readPlanted(folder: string): Planted | undefined {
  const file = join(folder, plantedFile)
  return existsSync(file) ? planted.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined
}

export function writePlanted(folder: string, items: Planted): void {
  writeWhole(join(folder, plantedFile), items)
}

/** The migration itself lies one level below, so that its folder holds nothing else. */
export function migrationIn(folder: string): string {
  return join(folder, 'migration')
}

function begin(folder: string, wanted: Recipe): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeWhole(join(folder, recipeFile), wanted)
}

export function readRecipe(folder: string): Recipe | undefined {
  const file = join(folder, recipeFile)
  return existsSync(file) ? recipe.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined
}

function sameRecipe(a: Recipe, b: Recipe): boolean {
  const hash = (one: Recipe): string =>
    createHash('sha256')
      .update(JSON.stringify(recipe.parse(one)))
      .digest('hex')
  return hash(a) === hash(b)
}

function isOver(folder: string): boolean {
  return existsSync(join(folder, finishedFile))
}

/** Removes what can be made again. Returns how many bytes that were. */
function free(folder: string): number {
  let freed = 0
  for (const part of [filesOf(migrationIn(folder)).sandbox, filesOf(folder).syntheticArchive]) {
    if (!existsSync(part)) continue
    freed += sizeOf(Buffer.from(part))
    rmSync(part, { recursive: true, force: true })
  }
  return freed
}

function sizeOf(folder: Buffer): number {
  let size = 0
  for (const entry of readdirSync(folder, { withFileTypes: true, encoding: 'buffer' })) {
    const path = Buffer.concat([folder, Buffer.from('/'), entry.name])
    if (entry.isDirectory()) size += sizeOf(path)
    else if (entry.isFile()) size += lstatSync(path).size
  }
  return size
}

/** Whole or not at all. */
function writeWhole(file: string, value: object): void {
  writeFileSync(`${file}.partial`, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(`${file}.partial`, file)
}
