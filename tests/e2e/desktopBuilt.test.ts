/** The application as it is built: out/ mirrors the sources, and the built engine moves a whole archive under plain Node.js. Nothing is stood in for. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildAll } from '../../scripts/build.mjs'
import { begunEngine } from '../kit/engineProcess.ts'
import { scratch } from '../kit/firn.ts'

const root = resolve(import.meta.dirname, '../..')
const out = join(root, 'out')
const place = scratch('desktop-built')
afterAll(() => place.remove())
beforeAll(async () => {
  await buildAll({ quiet: true })
}, 300_000)

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(out, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(out, join(entry.parentPath, entry.name)))

test('every process and every thread is built beside the module that starts it', () => {
  const built = filesBelow('main')
  const addressed = built.flatMap((file) =>
    [...readFileSync(join(out, file), 'utf8').matchAll(/new URL\(["']([\w./-]+)["'],\s*import\.meta\.url\)/g)].map(([, to]) =>
      relative(out, resolve(join(out, file), '..', to ?? '')),
    ),
  )
  expect(addressed.length).toBeGreaterThanOrEqual(6)
  expect(addressed.filter((file) => !existsSync(join(out, file)))).toEqual([])
  expect(built).toEqual(
    expect.arrayContaining(['main/app/start.js', 'main/engine/entry.js', 'main/wallboard/entry.js', 'main/preload/bridge.cjs']),
  )
})

test('nothing that is built looks for a source', () => {
  const looking = filesBelow('main').filter((file) =>
    /(?:from|import\(|URL\()\s*["'][^"']+\.tsx?["']/.test(readFileSync(join(out, file), 'utf8')),
  )
  expect(looking).toEqual([])
})

test('what is there and was made of the same sources is not built again', async () => {
  expect(await buildAll({ quiet: true })).toBe(false)
})

test('the built engine rehearses a whole migration: no item is wrong, missing or unknown', async () => {
  const engine = await begunEngine(join(place.folder, 'home'), null, {}, join(out, 'main/engine/entry.js'))
  await engine.ask('migrations.rehearse', { instances: 30, speed: 1_000_000 })
  expect(await engine.over('prepare')).toMatchObject({ state: 'done' })
  expect(await engine.work({ kind: 'rehearsal' })).toMatchObject({ state: 'done', fault: null })
  const { counts } = await engine.ask('verification.summary', {})
  expect(counts).toMatchObject({ mismatch: 0, missing: 0, unknown: 0 })
  expect(counts.verified).toBeGreaterThanOrEqual(30)
  expect(await engine.end()).toBe(0)
}, 300_000)
