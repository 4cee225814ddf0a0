/** Migrations: which this machine knows, opening and closing one, making one for real or as a rehearsal. */
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Handlers } from '../../../shared/contract/bridge.ts'
import type { AwsAccess } from '../../../shared/contract/calls/migrations.ts'
import { parseMigrationConfig } from '../../../shared/contract/migrationConfig.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { probeAccess } from '../../aws/accessProbe.ts'
import type { AwsCredentials } from '../../aws/clients.ts'
import { accessSteps } from '../accessSteps.ts'
import { requireApart } from '../apart.ts'
import { profileNames } from '../awsProfiles.ts'
import { createMigration } from '../migrationFolder.ts'
import { makeRehearsalMigration } from '../prepareRehearsal.ts'
import { migrationIn, newRehearsalFolder, readRecipe } from '../rehearsalFolder.ts'
import { foldersOf } from '../registry.ts'
import { archiveRoot, requirePrefixesApart } from './archives.ts'
import { withinLimit, type Engine, type Given } from './handling.ts'
import { someFaults } from './someFaults.ts'

type MigrationNames =
  | 'migrations.list'
  | 'migrations.open'
  | 'migrations.openFolder'
  | 'migrations.close'
  | 'migrations.forget'
  | 'migrations.rehearse'
  | 'migrations.create'
  | 'migrations.summary'
  | 'aws.test'

/** All steps of a test together. */
const testLimit = 60_000

export function migrationHandlers(engine: Engine, given: Given): Handlers<MigrationNames> {
  const { registry, environment, world } = engine
  return {
    'migrations.list': () => ({ migrations: [...registry.list(engine.openId())], profiles: [...profileNames(environment)] }),

    async 'migrations.open'({ id }) {
      const known = registry.find(id)
      if (known === undefined) throw new Fault('not-a-migration')
      return engine.open(known.folder)
    },

    async 'migrations.openFolder'({ folder }) {
      const chosen = resolve(given.path(folder))
      // People choose the folder that they see: that of the rehearsal, with the migration in it.
      return engine.open(readRecipe(chosen) === undefined ? chosen : migrationIn(chosen))
    },

    async 'migrations.close'() {
      await engine.close()
      return {}
    },

    async 'migrations.forget'({ id }) {
      if (engine.openId() === id) {
        if (engine.opened().works.busy()) throw new Fault('work-running')
        await engine.close()
      }
      registry.forget(id)
      return {}
    },

    async 'migrations.rehearse'({ archive, instances, seed, faults, speed }) {
      requireNothingRuns(engine)
      const home = foldersOf(engine.home).rehearsals
      const root = archive === null ? null : archiveRoot(given.path(archive))
      if (root !== null) requireApart('archive', home, [root])
      const folder = newRehearsalFolder(home, { archive: root, instances, seed, speed }, faults === 'some' ? someFaults : undefined)
      const recipe = readRecipe(folder)
      if (recipe === undefined) throw new Fault('not-a-migration')
      makeRehearsalMigration(folder, recipe)
      return engine.open(migrationIn(folder))
    },

    async 'migrations.create'({ name, folder, region, access, bucket, archives, share }) {
      requireNothingRuns(engine)
      const keys = keysFor(access, given)
      const place = folder === null ? nextFolder(foldersOf(engine.home).migrations) : resolve(given.path(folder))
      const shareFolder = share === null ? undefined : resolve(given.path(share))
      const wanted = archives.map((one) => ({ root: archiveRoot(given.path(one.folder)), bucket, prefix: one.prefix }))
      requirePrefixesApart(wanted)
      for (const [at, one] of wanted.entries()) {
        requireApart(
          'archive',
          one.root,
          wanted.slice(at + 1).map(({ root }) => root),
        )
      }
      if (shareFolder !== undefined)
        requireApart(
          'share.folder',
          shareFolder,
          wanted.map(({ root }) => root),
        )
      const config = parseMigrationConfig({
        format: 1,
        region,
        ...(access.kind === 'profile' ? { profile: access.profile } : {}),
        ...(access.kind === 'keys' ? { keptKeys: access.name } : {}),
        ...(shareFolder === undefined ? {} : { share: { folder: shareFolder } }),
      })
      createMigration(place, { name, kind: 'real', config, archives: wanted }, environment).close()
      return engine.open(place, keys)
    },

    'migrations.summary'() {
      const { session } = engine.opened()
      const { journal, config, files } = session.migration
      const { id, name, kind, createdAt } = journal.migration()
      const archives = journal.archives()
      return {
        id,
        name,
        kind,
        createdAt,
        region: config.region,
        bucket: archives[0]?.bucket ?? '',
        awsAt: session.wiring.awsAt,
        archives: archives.length,
        journalBytes: sizeOf(files.journal) + sizeOf(`${files.journal}-wal`),
      }
    },

    async 'aws.test'({ region, access, bucket }, signal) {
      const keys = keysFor(access, given)
      const probe = probeAccess(
        {
          region,
          ...(keys === undefined ? {} : { credentials: keys }),
          ...(access.kind === 'profile' ? { profile: access.profile } : {}),
        },
        world,
      )
      try {
        return { steps: [...(await accessSteps(probe, bucket, withinLimit(signal, testLimit)))] }
      } finally {
        probe.close()
      }
    },
  }
}

function requireNothingRuns(engine: Engine): void {
  if (engine.openId() !== undefined && engine.opened().works.busy()) throw new Fault('work-running')
}

function keysFor(access: AwsAccess, given: Given): AwsCredentials | undefined {
  return access.kind === 'keys' ? given.keys(access.name) : undefined
}

function nextFolder(home: string): string {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const numbers = readdirSync(home).flatMap((name) => (/^migration-\d+$/.test(name) ? [Number(name.slice('migration-'.length))] : []))
  return join(home, `migration-${Math.max(0, ...numbers) + 1}`)
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0
}
