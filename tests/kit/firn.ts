/** Runs the real command line as a child process, as an administrator would. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const entry = resolve(import.meta.dirname, '../../main/cli/firn.ts')

export type Ended = {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}
export type Running = { readonly child: ChildProcess; readonly ended: Promise<Ended> }

export function startFirn(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Running {
  const child = spawn(process.execPath, [entry, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<Ended>((done, fail) => {
    child.once('error', fail)
    child.once('close', (exitCode, signal) => done({ exitCode, signal, stdout, stderr }))
  })
  return { child, ended }
}

export function firn(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Ended> {
  return startFirn(args, options).ended
}

/** Resolves when the text shows on standard error; rejects when the command ends without. */
export async function shows({ child, ended }: Running, text: string): Promise<void> {
  let seen = ''
  const shown = new Promise<void>((resolve) => {
    child.stderr?.on('data', (more: string) => {
      seen += more
      if (seen.includes(text)) resolve()
    })
  })
  const over = ended.then(({ exitCode, stderr }) => {
    throw new Error(`it ended with ${exitCode} before "${text}"\n${stderr}`)
  })
  over.catch(() => undefined)
  await Promise.race([shown, over])
}

/** The object that --json printed. */
export function summaryOf(ended: Ended): Record<string, unknown> {
  const line = ended.stdout.trim().split('\n').at(-1) ?? ''
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    throw new Error(`no JSON summary was printed; exit code ${ended.exitCode}\n${ended.stdout}\n${ended.stderr}`)
  }
}

export function scratch(name: string): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), `firn-${name}-`))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** SHA-256 over every path, kind, size, mode, mtime and byte below a folder, in byte order. */
export function treeHash(root: string): string {
  const hash = createHash('sha256')
  const visit = (folder: Buffer): void => {
    const names = readdirSync(folder, { encoding: 'buffer' }).sort((a, b) => Buffer.compare(a, b))
    for (const name of names) {
      const path = Buffer.concat([folder, Buffer.from('/'), name])
      const stat = lstatSync(path, { bigint: true })
      hash.update(path).update(` ${stat.mode} ${stat.size} ${stat.mtimeNs} ${stat.ino}\n`)
      if (stat.isDirectory()) visit(path)
      else if (stat.isSymbolicLink()) hash.update(readlinkSync(path, { encoding: 'buffer' }))
      else if (stat.isFile()) hash.update(readFileSync(path))
    }
  }
  visit(Buffer.from(root))
  return hash.digest('hex')
}
