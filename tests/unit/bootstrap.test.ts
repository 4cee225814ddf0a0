/** The first command after a clone: what is installed when, by whom, and what is said when it cannot be done. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { holdingLock } from '../../scripts/bootstrap/lock.mjs'
import { findNpm } from '../../scripts/bootstrap/npm.mjs'
import { agrees } from '../../scripts/bootstrap/packages.mjs'
import { isNewEnough, pinnedRuntime, wantedVersion } from '../../scripts/bootstrap/runtime.mjs'
import { npmTrouble, tellTrouble } from '../../scripts/bootstrap/trouble.mjs'
import { missingNatives } from '../../scripts/lockfile.mjs'

const root = join(import.meta.dirname, '..', '..')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firn-bootstrap-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** A clone in which npm is a program of ours that counts its calls and installs nothing. */
function cloneWith(npm: string): {
  run: (file: string, ...args: string[]) => ReturnType<typeof spawnSync>
  calls: () => number
  env: NodeJS.ProcessEnv
} {
  cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true })
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'clone', engines: { node: '>=20.0' }, dependencies: { one: '1.0.0' } }),
  )
  writeFileSync(
    join(folder, 'package-lock.json'),
    JSON.stringify({ packages: { '': {}, 'node_modules/one': { version: '1.0.0', integrity: 'sha512-1' } } }),
  )
  mkdirSync(join(folder, 'npm'))
  writeFileSync(
    join(folder, 'npm', 'npm-cli.js'),
    `const fs = require('node:fs'); fs.appendFileSync(${JSON.stringify(join(folder, 'calls'))}, process.argv.slice(2).join(' ') + '\\n'); ${npm}`,
  )
  const env = { ...process.env, npm_execpath: join(folder, 'npm', 'npm-cli.js') }
  return {
    env,
    run: (file, ...args) =>
      spawnSync(process.execPath, [join(folder, 'scripts', 'bootstrap.mjs'), file, ...args], { encoding: 'utf8', env, cwd: tmpdir() }),
    calls: () => (existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n').length : 0),
  }
}

const install = `fs.mkdirSync('node_modules', { recursive: true })`

describe('npm start on a clone', () => {
  test('installs once, quietly, without install scripts; then only when the lockfile has changed', () => {
    const { run, calls } = cloneWith(install)
    writeFileSync(join(folder, 'say.mjs'), `console.log(process.argv.slice(2).join('+'))`)
    expect(run('say.mjs', 'a', 'b c')).toMatchObject({ status: 0, stdout: 'a+b c\n', stderr: 'Installing 1 packages …\n' })
    expect(run('say.mjs')).toMatchObject({ status: 0, stdout: '\n', stderr: '' })
    expect(calls()).toBe(1)
    expect(readFileSync(join(folder, 'calls'), 'utf8')).toMatch(/^ci --ignore-scripts /)
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {} } }))
    run('say.mjs')
    expect(calls()).toBe(2)
  })
  test('takes what was installed by hand as it is when it is what the lockfile wants', () => {
    const { run, calls } = cloneWith(install)
    mkdirSync(join(folder, 'node_modules'))
    writeFileSync(
      join(folder, 'node_modules', '.package-lock.json'),
      JSON.stringify({ packages: { 'node_modules/one': { version: '1.0.0', integrity: 'sha512-1' } } }),
    )
    writeFileSync(join(folder, 'say.mjs'), '')
    expect(run('say.mjs')).toMatchObject({ status: 0, stderr: '' })
    expect(calls()).toBe(0)
  })
  test('ends as the program ends, by its code or by its signal, with its Node.js first in PATH', () => {
    const { run } = cloneWith(install)
    writeFileSync(
      join(folder, 'end.mjs'),
      `process.argv[2] === 'kill' ? process.kill(process.pid, 'SIGKILL') : process.exit(process.env.PATH.startsWith(${JSON.stringify(dirname(process.execPath) + delimiter)}) ? 7 : 8)`,
    )
    expect(run('end.mjs')).toMatchObject({ status: 7 })
    expect(run('end.mjs', 'kill')).toMatchObject({ status: null, signal: 'SIGKILL' })
  })
  test('hands a signal on to the program once, though it comes twice in a row', async () => {
    const { run, env } = cloneWith(install)
    writeFileSync(
      join(folder, 'wait.mjs'),
      `let n = 0; process.on('SIGTERM', () => { n += 1; setTimeout(() => process.exit(10 + n), 150) }); setInterval(() => {}, 1000); console.log('ready')`,
    )
    writeFileSync(join(folder, 'say.mjs'), '')
    run('say.mjs')
    const child = spawn(process.execPath, [join(folder, 'scripts', 'bootstrap.mjs'), 'wait.mjs'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    child.kill('SIGTERM')
    const [code] = (await once(child, 'exit')) as unknown[]
    expect(code).toBe(11)
  })
  test('says what to do when npm has no network, and starts from a clean state the next time', () => {
    const { run, calls } = cloneWith(
      `console.error('npm error code ENOTFOUND\\nnpm error network request to registry failed'); process.exit(1)`,
    )
    writeFileSync(join(folder, 'say.mjs'), '')
    const { status, stdout, stderr } = run('say.mjs')
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain('could not be reached over the network')
    expect(stderr).not.toContain('    at ')
    expect(existsSync(join(folder, '.runtime', 'installing'))).toBe(false)
    run('say.mjs')
    expect(calls()).toBe(2)
  })
  test('installs once when two are started at the same time', async () => {
    const { env, calls } = cloneWith(`${install}; setTimeout(() => {}, 700)`)
    writeFileSync(join(folder, 'say.mjs'), '')
    const ends = await Promise.all(
      [1, 2].map(async () => {
        const [code] = (await once(
          spawn(process.execPath, [join(folder, 'scripts', 'bootstrap.mjs'), 'say.mjs'], { env, stdio: 'ignore' }),
          'exit',
        )) as unknown[]
        return code
      }),
    )
    expect(ends).toEqual([0, 0])
    expect(calls()).toBe(1)
  })
  test('names a file that is not there, and how it is used', () => {
    const { run } = cloneWith(install)
    expect(run('none.mjs').stderr).toContain('there is no none.mjs here')
    expect(spawnSync(process.execPath, [join(folder, 'scripts', 'bootstrap.mjs')], { encoding: 'utf8' }).stderr).toContain(
      'Use: node scripts/bootstrap.mjs FILE',
    )
  })
})

describe('the lock against two installs', () => {
  const say = () => undefined
  test('is taken over from a process that has died', async () => {
    const path = join(folder, 'installing')
    const dead = spawnSync(process.execPath, ['--version']).pid
    writeFileSync(path, JSON.stringify({ pid: dead, host: hostname(), since: 'then' }))
    await expect(holdingLock(path, say, () => Promise.resolve('mine'))).resolves.toBe('mine')
    expect(existsSync(path)).toBe(false)
  })
  test('is taken over from another machine only when that has been silent for a minute', async () => {
    const path = join(folder, 'installing')
    writeFileSync(path, JSON.stringify({ pid: 1, host: 'elsewhere', since: 'then' }))
    const quickly = { waitAtMost: 50, pollEvery: 10 }
    await expect(holdingLock(path, say, () => Promise.resolve(1), quickly)).rejects.toThrow('process 1 on elsewhere')
    const before = new Date(Date.now() - 90_000)
    utimesSync(path, before, before)
    await expect(holdingLock(path, say, () => Promise.resolve(2), quickly)).resolves.toBe(2)
  })
  test('holds while an npm is at work whose master has died', async () => {
    const path = join(folder, 'installing')
    const dead = spawnSync(process.execPath, ['--version']).pid
    writeFileSync(path, JSON.stringify({ pid: dead, host: hostname(), since: 'then', worker: process.pid }))
    await expect(holdingLock(path, say, () => Promise.resolve(1), { waitAtMost: 50, pollEvery: 10 })).rejects.toThrow('not finished')
  })
  test('is given back when the install fails', async () => {
    const path = join(folder, 'installing')
    await expect(holdingLock(path, say, () => Promise.reject(new Error('disk')))).rejects.toThrow('disk')
    expect(existsSync(path)).toBe(false)
  })
})

describe('the runtime', () => {
  test("is the machine's own when that is new enough", () => {
    const wanted = wantedVersion('>=24.15')
    expect(['24.15.0', '24.21.0', '26.0.0'].every((version) => isNewEnough(version, wanted))).toBe(true)
    expect(['20.20.2', '24.14.9', '22.99.0'].some((version) => isNewEnough(version, wanted))).toBe(false)
    expect(() => wantedVersion('^24')).toThrow('cannot read')
  })
  test('is pinned with an integrity and without the address of a registry, for each platform that has one', () => {
    for (const name of ['linux-x64', 'linux-arm64', 'win-x64']) {
      const text = readFileSync(join(root, 'runtime', name, 'package-lock.json'), 'utf8')
      expect(text).toMatch(/"version": "24\.\d+\.\d+"/)
      expect(text).toMatch(/"integrity": "sha512-/)
      expect(text).not.toMatch(/https?:/)
    }
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved"/)
  })
  test('is asked of the person where there is none: macOS, and a Linux with musl', () => {
    expect(() => pinnedRuntime(root, { platform: 'darwin', arch: 'arm64' })).toThrow('no ready-made one for darwin-arm64')
    cpSync(join(root, 'runtime'), join(folder, 'runtime'), { recursive: true })
    expect(() => pinnedRuntime(folder, { platform: 'linux', arch: 'x64', musl: () => true })).toThrow('musl')
    expect(pinnedRuntime(folder, { platform: 'win32', arch: 'x64' }).node).toMatch(/node\.exe$/)
  })
})

describe('npm', () => {
  test('is the one that started us, or the one beside Node.js, or the one in PATH; otherwise a person is told', () => {
    const cli = join(folder, 'npm-cli.js')
    writeFileSync(cli, '')
    expect(findNpm({ npm_execpath: cli }, '/nowhere/bin/node')).toBe(cli)
    mkdirSync(join(folder, 'node_modules', 'npm', 'bin'), { recursive: true })
    const inPath = join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js')
    writeFileSync(inPath, '')
    expect(findNpm({ PATH: folder, npm_execpath: '/usr/bin/yarn.js' }, '/nowhere/bin/node')).toBe(inPath)
    chmodSync(folder, 0o755)
    expect(() => findNpm({ PATH: '' }, '/nowhere/bin/node')).toThrow('npm was not found')
  })
  test.each([
    ['ENOTFOUND', 'network'],
    ['ENOSPC', 'disk is full'],
    ['EINTEGRITY', 'not the one that was recorded'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate'],
    ['EBADENGINE', 'another version of Node.js'],
    ['EACCES', 'may not write'],
    ['E404', 'does not hold'],
    ['ESURPRISE', 'could not be installed'],
  ])('failing with %s is told in words, with what to do', (code, words) => {
    const trouble = npmTrouble(
      'the packages',
      `npm error code ${code}\nnpm error more\nnpm error A complete log of this run can be found in: /x`,
    )
    const text = tellTrouble(trouble)
    expect(text).toContain(words)
    expect(text).toContain(`npm error code ${code}`)
    expect(text).toContain('run the same command again')
    expect(text).not.toContain('complete log')
  })
})

describe('a lockfile', () => {
  const wanted = {
    '': { dependencies: { a: '1', 'a-win': '1', 'a-any': '1' } },
    'node_modules/a': { version: '1.0.0', integrity: 'x' },
    'node_modules/a-win': { version: '1.0.0', optional: true, os: ['win32'] },
    'node_modules/a-any': { version: '1.0.0', optional: true },
    'node_modules/of-a-win': { version: '1.0.0', optional: true },
  }
  const linux = { platform: 'linux', arch: 'x64' } as const
  const found = { 'node_modules/a': { version: '1.0.0', integrity: 'x' }, 'node_modules/a-any': { version: '1.0.0' } }
  test('agrees with an install that lacks only what other platforms need', () => {
    expect(agrees(wanted, found, linux)).toBe(true)
    expect(agrees(wanted, found, { platform: 'win32', arch: 'x64' })).toBe(false)
  })
  test('does not agree with another version, another integrity, a missing or a surplus package', () => {
    for (const other of [
      { ...found, 'node_modules/a': { version: '1.0.1', integrity: 'x' } },
      { ...found, 'node_modules/a': { version: '1.0.0', integrity: 'y' } },
      { 'node_modules/a': found['node_modules/a'] },
      { ...found, 'node_modules/b': { version: '1.0.0' } },
    ]) {
      expect(agrees(wanted, other, linux)).toBe(false)
    }
  })
  test('holds the native packages of every platform, so that npm ci takes it where a registry lacks some', () => {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, object> }
    expect(missingNatives(lock.packages)).toEqual({})
    expect(
      missingNatives({
        'node_modules/x': {
          dev: true,
          license: 'MIT',
          optionalDependencies: { '@x/b-darwin-arm64': '1.2.3', '@x/b-linux-arm-gnueabihf': '1.2.3' },
        },
      }),
    ).toEqual({
      'node_modules/@x/b-darwin-arm64': { version: '1.2.3', cpu: ['arm64'], dev: true, license: 'MIT', optional: true, os: ['darwin'] },
      'node_modules/@x/b-linux-arm-gnueabihf': {
        version: '1.2.3',
        cpu: ['arm'],
        dev: true,
        license: 'MIT',
        optional: true,
        os: ['linux'],
        libc: ['glibc'],
      },
    })
  })
})
