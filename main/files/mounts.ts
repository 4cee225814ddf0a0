/** What this machine has mounted: /proc/self/mountinfo on Linux, mount(8) on macOS, Get-SmbMapping on Windows. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Mount } from '../../shared/domain/gateway.ts'

const askWithin = 10_000
const mostText = 4 * 1024 * 1024

/**
 * All mounts in the order in which they were made, local ones too; on Windows the mapped network drives alone.
 * @throws what the system's own program or file could not do: then no mount is known, which is not that there is none.
 */
export async function mountsOf(signal: AbortSignal, platform: NodeJS.Platform = process.platform): Promise<Mount[]> {
  if (platform === 'linux') return readMountInfo(await readFile('/proc/self/mountinfo', 'utf8'))
  if (platform === 'darwin') return readMacMounts(await told('/sbin/mount', [], signal))
  const list = 'Get-SmbMapping | Select-Object LocalPath,RemotePath | ConvertTo-Json -Compress'
  return readSmbMappings(await told('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', list], signal))
}

/** proc_pid_mountinfo(5): `36 35 0:52 / /mnt/pacs rw,noatime master:1 - nfs4 10.1.2.3:/pacs rw,hard`; any number of fields before the dash. */
export function readMountInfo(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ')
    const dash = fields.indexOf('-', 6)
    const [, , numbers = '', , folder, own = ''] = fields
    const [type, from, ofAll = ''] = dash < 0 ? [] : fields.slice(dash + 1)
    if (folder === undefined || type === undefined || from === undefined) return []
    return [
      {
        from: unescaped(from).replaceAll('\\', '/'),
        folder: unescaped(folder),
        type,
        options: [...new Set([...own.split(','), ...ofAll.split(',')])],
        device: deviceOf(numbers),
      },
    ]
  })
}

/** `major:minor` as makedev(3) puts them together, without the upper bits that no file system has. */
function deviceOf(numbers: string): number {
  const [major = 0, minor = 0] = numbers.split(':').map(Number)
  return (minor & 0xff) + major * 0x100 + Math.floor(minor / 0x100) * 0x100000
}

/** Blank, tab, line end, backslash and # stand as their octal number. */
function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8)))
}

/** `//ada@server/name on /Volumes/name (smbfs, nodev, mounted by ada)` */
export function readMacMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const found = /^(.+) on (\/.*) \(([a-z0-9]+)(?:, (.*))?\)$/.exec(line)
    if (found === null) return []
    const [, from = '', folder = '', type = '', options] = found
    return [{ from: decoded(from), folder, type, options: options?.split(', ') ?? [] }]
  })
}

/** mount(8) of macOS writes blanks of a share's name as %20. */
function decoded(from: string): string {
  try {
    return decodeURIComponent(from)
  } catch {
    return from
  }
}

/** One mapping comes as an object, several as a list, none as nothing. */
export function readSmbMappings(text: string): Mount[] {
  if (text.trim() === '') return []
  const read: unknown = JSON.parse(text)
  return (Array.isArray(read) ? read : [read]).flatMap((one: { LocalPath?: unknown; RemotePath?: unknown }) => {
    if (typeof one.RemotePath !== 'string') return []
    // Without a drive letter the share is reached by its own name.
    const folder = typeof one.LocalPath === 'string' && one.LocalPath !== '' ? `${one.LocalPath}\\` : one.RemotePath
    return [{ from: one.RemotePath.replaceAll('\\', '/'), folder, type: 'cifs', options: [] }]
  })
}

function told(program: string, list: readonly string[], signal: AbortSignal): Promise<string> {
  return new Promise((done, fail) => {
    const options = { timeout: askWithin, maxBuffer: mostText, signal, windowsHide: true, killSignal: 'SIGKILL' as const }
    execFile(program, list, options, (error, out) => (error === null ? done(out) : fail(error)))
  })
}
