/** The tools that guard the code: each is shown a breach and has to see it. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { unread } from '../../scripts/check/floors.mjs'
import { runChecks } from '../../scripts/check/run.mjs'
import { addUp } from '../../scripts/test/addUp.mjs'

const root = join(import.meta.dirname, '..', '..')
const clean = { skipped: [], broken: [] }

/** A small tree that keeps all rules. */
const tree: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'planted', type: 'module', dependencies: { zod: '4', 'tar-stream': '3' } }),
  'shared/units/bytes.ts': 'export type Bytes = number\n',
  'shared/domain/item.ts': "import type { Bytes } from '../units/bytes.ts'\nexport type Item = { size: Bytes }\n",
  'shared/ports/source.ts': "import type { Item } from '../domain/item.ts'\nexport type Source = { read(): Item }\n",
  'shared/flow/stage.ts': "import type { Source } from '../ports/source.ts'\nexport type Stage = (source: Source) => void\n",
  'main/load/load.ts':
    "import { Readable } from 'node:stream'\nimport type { Stage } from '../../shared/flow/stage.ts'\nexport const load: Stage = () => void Readable\n",
  'main/aws/target.ts': "import type { Source } from '../../shared/ports/source.ts'\nexport const target = (source: Source) => source\n",
  'main/sandbox/start.ts': "import type { Bytes } from '../../shared/units/bytes.ts'\nexport const start = (size: Bytes) => size\n",
  'main/engine/compose.ts':
    "import { target } from '../aws/target.ts'\nimport { load } from '../load/load.ts'\nimport { start } from '../sandbox/start.ts'\nexport const all = [load, target, start]\n",
}

/** Each breach by the rule that has to name it. */
const breaches: readonly (readonly [rule: string, file: string, imports: string])[] = [
  ['floor-0-never-looks-up', 'shared/units/wrong.ts', '../domain/item.ts'],
  ['floor-1-never-looks-up', 'shared/domain/wrong.ts', '../ports/source.ts'],
  ['floor-2-never-looks-up', 'shared/ports/wrong.ts', '../flow/stage.ts'],
  ['floor-4-never-looks-up', 'main/load/wrong.ts', '../aws/target.ts'],
  ['floor-6-never-looks-up', 'main/aws/wrong.ts', '../engine/compose.ts'],
  ['main-verify-stands-alone', 'main/verify/wrong.ts', '../load/load.ts'],
  ['main-sandbox-stands-alone', 'main/sandbox/wrong.ts', '../aws/target.ts'],
  ['main-aws-stands-alone', 'main/aws/wrong2.ts', '../sandbox/start.ts'],
  ['shared-is-pure', 'shared/domain/disk.ts', 'node:fs'],
  ['stages-touch-no-platform', 'main/push/wrong.ts', '@aws-sdk/client-s3'],
  ['electron-at-the-rim', 'main/engine/wrong.ts', 'electron'],
  ['renderer-sees-shared-only', 'renderer/wrong.ts', '../main/engine/compose.ts'],
  ['product-knows-no-tests', 'main/cli/wrong.ts', '../../tests/kit.ts'],
  ['resolvable', 'main/plan/wrong.ts', './nowhere.ts'],
]

let folder: string
function plant(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}
const boundaries = (script = join(root, 'scripts', 'check', 'boundaries.mjs')) =>
  spawnSync(process.execPath, [script, folder], { encoding: 'utf8' })

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'firn-tooling-'))
  plant(tree)
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('boundaries', () => {
  test('a tree that keeps the rules passes, and every breach is named by its rule', () => {
    expect(boundaries()).toMatchObject({ status: 0 })
    plant(Object.fromEntries(breaches.map(([, file, imports]) => [file, `import '${imports}'\nexport const wrong = 1\n`])))
    plant({
      'tests/kit.ts': "import '../shared/units/bytes.ts'\n",
      'main/plan/one.ts': "import './two.ts'\n",
      'main/plan/two.ts': "import './one.ts'\n",
      'main/plan/alone.ts': 'export const alone = 1\n',
    })
    const { status, stdout } = boundaries()
    expect(status).not.toBe(0)
    const missed = breaches.filter(([rule, file]) => !stdout.includes(`${rule}: ${file}`))
    expect(missed).toEqual([])
    expect(stdout).toContain('no-cycles: main/plan/')
    expect(stdout).toContain('no-orphans: main/plan/alone.ts')
  })
  test('a run that did not see every module fails, though it found no violation', () => {
    const copy = mkdtempSync(join(tmpdir(), 'firn-tooling-blind-'))
    try {
      cpSync(join(root, 'scripts'), join(copy, 'scripts'), { recursive: true })
      symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
      writeFileSync(join(copy, '.dependency-cruiser.mjs'), "export default { forbidden: [], options: { exclude: { path: '^main/' } } }")
      const { status, stdout } = boundaries(join(copy, 'scripts', 'check', 'boundaries.mjs'))
      expect(status).toBe(1)
      expect(stdout).toMatch(/saw \d+ modules below shared\/ and main\/, but there are \d+/)
    } finally {
      rmSync(copy, { recursive: true, force: true })
    }
  })
})

describe('the type check', () => {
  test('names sources that no floor has given to the compiler', () => {
    const record = JSON.stringify({ fileNames: ['../../shared/units/bytes.ts'] })
    plant({ '.tsbuild/shared/tsconfig.tsbuildinfo': record })
    const missed = unread(folder)
    expect(missed).toContain(join('shared', 'domain', 'item.ts'))
    expect(missed).not.toContain(join('shared', 'units', 'bytes.ts'))
    expect(missed).toContain('main/ as a whole: tsconfig.json does not refer to it')
  })
})

describe('lint', () => {
  const lint = (file: string, text: string) => {
    plant({ [file]: text })
    const args = [join(root, 'node_modules', 'oxlint', 'bin', 'oxlint'), '-c', join(folder, '.oxlintrc.json'), '-f', 'json', file]
    return spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder }).stdout
  }
  beforeAll(() => {
    cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  })
  test.each([
    ['the clock below the engine', 'main/load/clock.ts', 'export const at = Date.now()\n', 'Time comes in through the Clock'],
    ['chance below the engine', 'shared/units/chance.ts', 'export const x = Math.random()\n', 'Randomness comes in'],
    ['node: in shared/', 'shared/units/disk.ts', "import 'node:fs'\n", 'pure TypeScript only'],
    [
      'an adapter in a stage',
      'main/verify/adapter.ts',
      "import { a } from '../aws/target.ts'\nexport const b = a\n",
      'A stage imports shared/ only',
    ],
    ['the console', 'main/engine/shout.ts', "console.log('x')\n", 'no-console'],
    ['any', 'main/engine/any.ts', 'export const x: any = 1\n', 'no-explicit-any'],
    ['the non-null mark', 'main/engine/bang.ts', 'export const f = (x?: number): number => x!\n', 'no-non-null-assertion'],
    ['a default export', 'main/engine/default.ts', 'export default 1\n', 'no-default-export'],
    ['a file that is too long', 'main/engine/long.ts', 'export {}\n'.repeat(401), 'max-lines'],
  ])('sees %s', (_what, file, text, words) => {
    expect(lint(file, text)).toContain(words)
  })
  test('lets the command line write, and the engine read the clock', () => {
    expect(lint('main/cli/output.ts', "console.log('x')\n")).not.toContain('no-console')
    expect(lint('main/engine/world.ts', 'export const at = Date.now()\n')).not.toContain('Clock')
  })
})

describe('the checks', () => {
  test('all run, and the failing one is named with its output', async () => {
    let text = ''
    const write = (part: string) => {
      text += part
      return true
    }
    const check = (name: string, code: string) => ({ name, args: ['-e', code] })
    const result = await runChecks(
      [
        check('good', ''),
        check('bad', "console.log('line 7 is wrong'); process.exit(3)"),
        check('killed', 'process.abort()'),
        check('late', ''),
      ],
      write,
    )
    expect(result).toEqual({ passed: 2, failed: 2 })
    expect(text).toMatch(/✗ bad .* failed with 3:\nline 7 is wrong/)
    expect(text).toMatch(/✗ killed .* failed with SIGABRT/)
    expect(text).toContain('✓ late')
  })
})

describe('the last line of a test run', () => {
  const checks = { passed: 5, failed: 0 }
  test('adds checks and tests, and names what was skipped and why', () => {
    const tally = { ...clean, passed: 10, failed: 0, skipped: [{ name: 'a > b', why: 'needs a Mac' }] }
    expect(addUp(checks, tally, 0)).toEqual({ text: '\nSKIPPED a > b: needs a Mac\n\n', line: '15 passed, 0 failed, 1 skipped', ok: true })
  })
  test.each([
    ['a failing test', { passed: 4, failed: 1 }, { ...clean, passed: 9, failed: 0 }, 0, '13 passed, 1 failed, 0 skipped'],
    ['a failing check', checks, { ...clean, passed: 9, failed: 2 }, 1, '14 passed, 2 failed, 0 skipped'],
    ['a file that cannot be loaded', checks, { ...clean, passed: 9, failed: 0, broken: ['x'] }, 1, '14 passed, 1 failed, 0 skipped'],
    ['a run without a test', checks, { ...clean, passed: 0, failed: 0 }, 0, '5 passed, 1 failed, 0 skipped'],
    ['a crash of vitest', checks, undefined, 'SIGSEGV', '5 passed, 1 failed, 0 skipped'],
    ['a bad end though all passed', checks, { ...clean, passed: 9, failed: 0 }, 1, '14 passed, 1 failed, 0 skipped'],
  ])('counts %s as a failure', (_what, ran, tally, end, line) => {
    expect(addUp(ran, tally, end)).toMatchObject({ line, ok: false })
  })
})

describe('the desktop package', () => {
  test('sets every fuse of Electron, none left to its default', () => {
    const { electronFuses, asar, nsis, mac } = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8')) as Record<string, unknown>
    expect(electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    })
    expect({ asar, nsis, mac }).toMatchObject({ asar: true, nsis: { perMachine: true }, mac: { hardenedRuntime: true } })
  })
})
