/** The list of migrations of this machine. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseMigrationConfig } from '../../shared/contract/migrationConfig.ts'
import { createMigration } from '../../main/engine/migrationFolder.ts'
import { openRegistry } from '../../main/engine/registry.ts'
import { scratch } from '../kit/firn.ts'
import { testWorld } from '../kit/world.ts'

let place: ReturnType<typeof scratch>
let home: string
beforeEach(() => {
  place = scratch('registry')
  home = join(place.folder, 'home')
})
afterEach(() => place.remove())

function migrationAt(folder: string, name: string) {
  const root = join(place.folder, 'archive')
  mkdirSync(root, { recursive: true })
  mkdirSync(join(folder, '..'), { recursive: true })
  return createMigration(
    folder,
    {
      name,
      kind: 'real',
      config: parseMigrationConfig({ format: 1, region: 'eu-central-1' }),
      archives: [{ root, bucket: 'archive', prefix: '' }],
    },
    {},
  )
}

describe('the list of migrations', () => {
  test('keeps what was opened, the last one first, over a restart', () => {
    const registry = openRegistry(home, testWorld())
    const known = { name: 'Radiology', kind: 'real', folder: join(place.folder, 'one') } as const
    registry.remember({ id: 'a', openedAt: 1, ...known })
    registry.remember({ id: 'b', openedAt: 2, ...known })
    registry.remember({ id: 'a', openedAt: 3, ...known, name: 'Radiology 2009' })
    const again = openRegistry(home, testWorld())
    expect(again.list(undefined).map(({ id, name }) => `${id} ${name}`)).toEqual(['a Radiology 2009', 'b Radiology'])
    again.forget('a')
    expect(openRegistry(home, testWorld()).find('a')).toBeUndefined()
  })

  test('says whether each is open, closed, held by another Firn, or gone', () => {
    const folder = join(place.folder, 'there')
    const migration = migrationAt(folder, 'There')
    const registry = openRegistry(home, testWorld())
    const state = (open?: string) => registry.list(open)[0]?.state
    registry.remember({ id: 'x', name: 'There', kind: 'real', folder, openedAt: 1 })
    // Open here means: this process holds it, and is not the one that asks about its own.
    expect(openRegistry(home, migration.world).list(undefined)[0]?.state).toBe('held')
    migration.close()
    expect(openRegistry(home, migration.world).list(undefined)[0]?.state).toBe('closed')
    expect(state('x')).toBe('open')
    rmSync(folder, { recursive: true })
    expect(state()).toBe('gone')
  })

  test('that cannot be read is put aside, and what lies in the home is found again', () => {
    const migration = migrationAt(join(home, 'migrations', 'migration-1'), 'Cardiology')
    const { id } = migration.journal.migration()
    migration.close()
    mkdirSync(join(home, 'migrations', 'not-one'))
    writeFileSync(join(home, 'migrations.json'), '{"format":1,"migrations":[{"id":')
    const world = testWorld()
    const registry = openRegistry(home, world)
    expect(registry.list(undefined)).toMatchObject([{ id, name: 'Cardiology', kind: 'real', state: 'closed', openedAt: null }])
    expect(readFileSync(join(home, 'migrations.json.unreadable'), 'utf8')).toContain('"id":')
    expect(existsSync(join(home, 'migrations.json'))).toBe(true)
    expect(world.lines.map(({ code }) => code)).toEqual(['list-unreadable', 'folder-passed-over'])
    expect(JSON.stringify(world.lines)).not.toContain(place.folder)
  })
})
