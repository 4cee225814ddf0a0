/** Finds the report of a made bundle: by a name that must be among those that are there, so that no input becomes part of a path. */
import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { reportFile } from '../evidence/bag.ts'
import { Fault } from '../../shared/faults/fault.ts'

const mostBundles = 10_000

/** @throws Fault no-migration-open, bad-input. */
export async function bundleReport(migrationFolder: string | null, bundle: string): Promise<string> {
  if (migrationFolder === null) throw new Fault('no-migration-open')
  const evidence = join(migrationFolder, 'evidence')
  const name = await nameAmong(evidence, bundle)
  const file = name === undefined ? undefined : join(evidence, name, reportFile)
  if (file === undefined || !(await isFile(file))) throw new Fault('bad-input', { field: 'bundle', problem: 'is not there' })
  return file
}

async function nameAmong(folder: string, wanted: string): Promise<string | undefined> {
  let seen = 0
  try {
    for await (const entry of await opendir(folder)) {
      if (entry.isDirectory() && entry.name === wanted) return entry.name
      seen += 1
      if (seen >= mostBundles) return undefined
    }
  } catch {
    // No evidence yet.
  }
  return undefined
}

/** A link is none: it could lead out of the migration. */
async function isFile(file: string): Promise<boolean> {
  try {
    return (await lstat(file)).isFile()
  } catch {
    return false
  }
}
