/** What cannot be used is refused before anything is done: options, folders, keys, journals. Each time with words, JSON and the exit code. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firn, scratch, summaryOf } from '../kit/firn.ts'
import { contentsOf, copyOf, done, refused, smallArchive } from './failuresKit.ts'

const place = scratch('refused')
afterAll(() => place.remove())
const archive = join(place.folder, 'archive')
const migration = join(place.folder, 'migration')

beforeAll(async () => {
  await smallArchive(archive, 20)
  await done('init', migration, '--archive', archive, '--bucket', 'imaging-archive', '--rehearsal')
  await done('scan', '-m', migration)
})

const nowhere = join(place.folder, 'nowhere')
const new_ = join(place.folder, 'new')

test('options that cannot be used: exit code 2, the option named, nothing changed', async () => {
  const before = contentsOf(migration)
  const wrong: readonly (readonly [string, ...string[]])[] = [
    ['--port', 'scan', '--port', 'abc'],
    ['--port', 'scan', '--port', '0'],
    ['--port', 'scan', '--port', '70000'],
    ['link.megabitsPerSecond', 'plan', '--link-mbit', 'fast'],
    ['link.share', 'plan', '--link-share', '3'],
    ['link.hoursPerDay', 'plan', '--hours', '40'],
    ['snowball', 'plan', '--snowball', 'perhaps'],
    ['gateway.size', 'plan', '--gateway', 'huge'],
    ['deadline', 'plan', '--deadline', '2026-02-31'],
    ['division.route', 'plan', '--route', 'carrier'],
    ['--device-before', 'plan', '--device-before', '2015-04-01'],
    ['--device-before', 'plan', '--device-before', '20151340'],
    ['--answers', 'plan', '--answers', nowhere],
    ['name', 'plan', '--approve', ' '],
    ['name', 'order', '--person', ''],
    ['--person', 'order'],
    ['--device', 'load', '--device', 'first'],
    ['--device', 'ship', '--person', 'Ada Lovelace', '--device', '0'],
  ]
  for (const [field, ...command] of wrong) {
    expect(await refused('bad-input', 2, [...command, '-m', migration]), command.join(' ')).toMatchObject({ field })
  }
  const changed = [...contentsOf(migration)].filter(([file, hash]) => before.get(file) !== hash).map(([file]) => file)
  expect(changed.filter((file) => !/journal\.db|firn\.log|sandbox/.test(file))).toEqual([])
})

test('init and rehearse refuse what cannot be used, and make nothing', async () => {
  const init = (...more: string[]): string[] => ['init', new_, ...more]
  expect(await refused('bad-input', 2, init('--archive', archive, '--bucket', 'Not_A_Bucket'))).toMatchObject({ field: '--bucket' })
  expect(await refused('bad-input', 2, init('--archive', archive, '--bucket', 'imaging-archive', '--region', ''))).toMatchObject({
    field: 'region',
  })
  await refused('archive-missing', 5, init('--archive', nowhere, '--bucket', 'imaging-archive'))
  await refused('archive-missing', 5, ['rehearse', nowhere, '--into', new_])
  expect(await refused('bad-input', 2, ['rehearse', '--instances', '0', '--into', new_])).toMatchObject({ field: '--instances' })
  expect(await refused('bad-input', 2, ['rehearse', '--seed', 'x', '--into', new_])).toMatchObject({ field: '--seed' })
  expect(await refused('bad-input', 2, ['rehearse', '--fault-plan', nowhere, '--into', new_])).toMatchObject({ field: '--fault-plan' })
  expect(existsSync(new_)).toBe(false)
  await refused('migration-exists', 5, ['init', migration, '--archive', archive, '--bucket', 'imaging-archive'])
  await refused('journal-not-writable', 5, [
    'init',
    join(archive, '../migration/migration.json/x'),
    '--archive',
    archive,
    '--bucket',
    'imaging-archive',
  ])
})

test('an option, a command or an argument that does not exist or is missing: exit code 2 and where help is', async () => {
  for (const args of [['scan', '--nonsense'], ['nonsense'], ['inspect'], ['init'], ['init', new_], ['ship']]) {
    const ended = await firn([...args, '--json'])
    expect(ended.exitCode, args.join(' ')).toBe(2)
    expect(ended.stderr).toContain('--help')
    expect(summaryOf(ended)).toMatchObject({ ok: false, exitCode: 2, fault: { code: 'bad-input' } })
  }
})

test('a folder that is no migration', async () => {
  for (const command of [['scan'], ['status']]) {
    await refused('not-a-migration', 5, [...command, '-m', nowhere])
    await refused('not-a-migration', 5, [...command, '-m', archive])
  }
  expect(existsSync(nowhere)).toBe(false)
})

describe('a migration that somebody has damaged', () => {
  const damaged = (name: string, damage: (folder: string) => void): string => {
    const folder = copyOf(migration, join(place.folder, name))
    damage(folder)
    return folder
  }
  const journal = (folder: string): string => join(folder, 'journal.db')
  const works = [['scan'], ['report']]
  const looks = [['scan'], ['status']]

  test.each([
    [
      'journal replaced by rubbish',
      'journal-damaged',
      5,
      looks,
      (folder: string) => writeFileSync(journal(folder), 'rubbish '.repeat(2000)),
    ],
    [
      'journal of a newer Firn',
      'journal-newer',
      5,
      looks,
      (folder: string) => {
        const database = new DatabaseSync(journal(folder))
        database.exec('PRAGMA user_version = 999')
        database.close()
      },
    ],
    ['migration.json cut off', 'bad-input', 2, looks, (folder: string) => writeFileSync(join(folder, 'migration.json'), '{ "format": 1,')],
    [
      'migration.json with a member that does not exist',
      'bad-input',
      2,
      looks,
      (folder: string) => {
        const file = join(folder, 'migration.json')
        writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), surprise: true }))
      },
    ],
    ['key file cut off', 'key-missing', 5, works, (folder: string) => writeFileSync(join(folder, 'patient.key'), '{')],
  ] as const)('%s: %s', async (name, code, exitCode, commands, damage) => {
    const folder = damaged(name.replaceAll(/\W/g, '-'), damage)
    const before = contentsOf(folder)
    for (const command of commands) await refused(code, exitCode, [...command, '-m', folder])
    expect(contentsOf(folder)).toEqual(before)
    for (const file of ['migration.json', 'patient.key', 'journal.db']) copyFileSync(join(migration, file), join(folder, file))
    await done('scan', '-m', folder)
  })

  test('a change to the event log is found by doctor', async () => {
    const folder = damaged('chain', (one) => {
      const database = new DatabaseSync(journal(one))
      database.exec('DROP TRIGGER events_are_never_changed')
      database.exec("UPDATE events SET body = replace(body, 'rehearsal', 'real') WHERE sequence = 1")
      database.close()
    })
    const ended = await firn(['doctor', '-m', folder, '--json'])
    expect(ended.exitCode).toBe(5)
    expect(summaryOf(ended)['steps']).toContainEqual(expect.objectContaining({ step: 'event log', state: 'bad' }))
  })
})

test('a key under a passphrase: without it and with a wrong one the migration stays closed, status still looks', async () => {
  const folder = join(place.folder, 'sealed')
  mkdirSync(folder)
  const init = ['init', folder, '--archive', archive, '--bucket', 'imaging-archive', '--rehearsal', '--json']
  expect((await firn(init, { env: { FIRN_KEY_PASSPHRASE: 'right horse' } })).exitCode).toBe(0)
  expect(readFileSync(join(folder, 'patient.key'), 'utf8')).not.toContain('"none"')
  const before = contentsOf(folder)
  expect(await refused('key-missing', 5, ['scan', '-m', folder])).toMatchObject({ passphrase: 'needed' })
  await refused('key-missing', 5, ['scan', '-m', folder], { FIRN_KEY_PASSPHRASE: 'wrong horse' })
  expect(contentsOf(folder)).toEqual(before)
  await done('status', '-m', folder)
  expect((await firn(['scan', '-m', folder, '--json'], { env: { FIRN_KEY_PASSPHRASE: 'right horse' } })).exitCode).toBe(0)
})
