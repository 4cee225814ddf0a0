/** firn init: makes a migration's folder. */
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { parseMigrationConfig } from '../../../shared/contract/migrationConfig.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { createMigration, type ArchiveToAdd } from '../../engine/migrationFolder.ts'
import { rehearsalSettings } from '../../engine/rehearsalFolder.ts'
import { action } from '../session.ts'

type Options = {
  readonly archive: readonly string[]
  readonly bucket: string
  readonly prefix: string
  readonly name: string
  readonly region: string
  readonly profile?: string
  readonly shareFolder?: string
  readonly rehearsal: boolean
}

export function initCommand(program: Command): void {
  const command = program
    .command('init')
    .description('make a migration: which archives, which bucket')
    .argument('<folder>', 'new or empty folder for the journal, the settings and the evidence')
    .requiredOption('--archive <root...>', 'root folder of an archive (may be given several times); it is only ever read')
    .requiredOption('--bucket <name>', 'S3 bucket that receives it')
    .option('--prefix <prefix>', 'prefix of all keys; with several archives each gets archive-1/, archive-2/ … below it', '')
    .option('--name <name>', 'a name for people; reports and wallboard show it, so no patient names', 'Migration')
    .option('--region <region>', 'AWS Region of bucket and devices', 'us-east-1')
    .option('--profile <profile>', 'profile of the AWS credentials; default: the usual chain')
    .option('--share-folder <folder>', 'where the Storage Gateway file share is mounted')
    .option('--rehearsal', 'a rehearsal against the simulated AWS', false)
  action(command, async ({ output }) => {
    const options = command.opts<Options>()
    const folder = resolve(command.args[0] ?? '')
    const config = parseMigrationConfig({
      format: 1,
      region: options.region,
      ...(options.profile === undefined ? {} : { profile: options.profile }),
      ...(options.shareFolder === undefined ? {} : { share: { folder: resolve(options.shareFolder) } }),
      ...(options.rehearsal ? rehearsalSettings({}) : {}),
    })
    const archives = archivesOf(options)
    const migration = createMigration(
      folder,
      { name: options.name, kind: options.rehearsal ? 'rehearsal' : 'real', config, archives },
      process.env,
    )
    const { id } = migration.journal.migration()
    migration.close()
    output.line(`Made the ${options.rehearsal ? 'rehearsal' : 'migration'} "${options.name}" in ${folder}`)
    output.line(`Edit ${folder}/migration.json for addresses, roles and what scans pass over. Next: firn scan --migration ${folder}`)
    return { summary: { migration: id, folder, archives: archives.length } }
  })
}

function archivesOf(options: Options): ArchiveToAdd[] {
  const prefix = options.prefix === '' || options.prefix.endsWith('/') ? options.prefix : `${options.prefix}/`
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(options.bucket))
    throw new Fault('bad-input', { field: '--bucket', problem: 'is not a bucket name' })
  return options.archive.map((root, at) => {
    const full = resolve(root)
    if (!existsSync(full) || !statSync(full).isDirectory()) throw new Fault('archive-missing')
    return { root: full, bucket: options.bucket, prefix: options.archive.length === 1 ? prefix : `${prefix}archive-${at + 1}/` }
  })
}
