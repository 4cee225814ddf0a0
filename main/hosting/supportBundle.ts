/** The support bundle: what the engine would put into it and what the host knows itself; saved exactly as it was shown. */
import { mkdir, writeFile } from 'node:fs/promises'
import { arch, platform, release } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import type { Answer } from '../../shared/contract/bridge.ts'
import type { HostState } from '../../shared/contract/hostState.ts'
import { Fault } from '../../shared/faults/fault.ts'

export type BundleFiles = Answer<'diagnostics.supportBundle'>['files']

/** How engine and host fare. Of the wallboard only its state: addresses and names of screens stay here. */
export function hostFile(state: HostState, at: number): BundleFiles[number] {
  const { engine, wallboard } = state
  const value = {
    at: new Date(at).toISOString(),
    host: state.host,
    version: state.version,
    system: { platform: platform(), release: release(), arch: arch(), node: process.versions.node },
    engine: { ...engine, lastEnd: engine.lastEnd },
    wallboard: { state: wallboard.state, https: wallboard.https, fault: wallboard.fault, viewers: wallboard.viewers },
    secretStore: state.secretStore,
    settingsRefused: state.settingsRefused,
    update: state.update,
  }
  const text = `${JSON.stringify(value, undefined, 2)}\n`
  return { name: 'host.json', bytes: Buffer.byteLength(text), text }
}

export function bundleName(at: number): string {
  return `firn-support-${new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')}Z`
}

/** Into a new folder of its own. @throws Fault disk-full, bad-input. */
export async function writeBundle(folder: string, name: string, files: BundleFiles): Promise<string> {
  const into = join(folder, name)
  try {
    await mkdir(into, { mode: 0o700 })
    for (const file of files) await writeFile(join(into, plainName(file.name)), file.text, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new Fault('disk-full', {}, { cause: error })
    throw new Fault(
      'bad-input',
      { field: 'folder', problem: `cannot be written${typeof code === 'string' ? ` (${code})` : ''}` },
      { cause: error },
    )
  }
  return into
}

export async function tarOf(name: string, files: BundleFiles): Promise<Uint8Array> {
  const tar = pack()
  for (const file of files) tar.entry({ name: `${name}/${plainName(file.name)}`, mode: 0o600 }, file.text)
  tar.finalize()
  return buffer(tar)
}

function plainName(name: string): string {
  if (!/^[A-Za-z0-9][\w.-]{0,100}$/.test(name)) throw new Fault('unforeseen', { file: 'support bundle' })
  return name
}
