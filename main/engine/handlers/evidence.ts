/** Evidence bundles as they lie on disk: what each says, and whether its files still are what it says. */
import type { Dirent } from 'node:fs'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Handlers } from '../../../shared/contract/bridge.ts'
import type { BundleRow } from '../../../shared/contract/calls/evidence.ts'
import { evidenceSummary } from '../../../shared/contract/report.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { payloadFolder, tagManifest } from '../../evidence/bag.ts'
import { verifyEvidence } from '../../evidence/verify-evidence.mjs'
import { eventPages } from '../eventPages.ts'
import type { Engine, Opened } from './handling.ts'

/** Figures only: a summary does not grow with the archive. What is larger is none. */
const largestText = 8 * 1024 * 1024
/** The newest; all lie in the folder. */
const mostBundles = 500
const mostLogPages = 10

/** What evidence.check found since the migration was opened, by bundle. */
export type CheckedBundles = Map<string, boolean>

export function evidenceHandlers(engine: Engine, checked: CheckedBundles): Handlers<'evidence.list' | 'evidence.check'> {
  return {
    async 'evidence.list'(_input, signal) {
      const { session } = engine.opened()
      const folder = session.migration.files.evidence
      const names = (await bundlesIn(folder)).slice(0, mostBundles)
      const bundles: BundleRow[] = []
      for (const name of names) {
        signal.throwIfAborted()
        bundles.push(await rowOf(folder, name, checked.get(keyOf(session.id, name)) ?? null))
      }
      return { bundles, folder, signingKey: await signingKeyOf(engine.opened(), signal) }
    },

    async 'evidence.check'({ bundle }, signal) {
      const opened = engine.opened()
      const { evidence } = opened.session.migration.files
      if (!(await bundlesIn(evidence)).includes(bundle))
        throw new Fault('bad-input', { field: 'bundle', problem: 'there is no such bundle' })
      const differing = await differences(opened, join(evidence, bundle), bundle, signal)
      checked.set(keyOf(opened.session.id, bundle), differing.length === 0)
      opened.session.migration.journal.append('evidence-checked', { bundle, whole: differing.length === 0 })
      return { whole: differing.length === 0, differing }
    },
  }
}

function keyOf(migration: string, bundle: string): string {
  return `${migration} ${bundle}`
}

/** Newest first: a bundle is named by the time it was made. What a killed run left is none. */
async function bundlesIn(folder: string): Promise<readonly string[]> {
  let entries: readonly Dirent[]
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch {
    // No bundle was made yet.
    return []
  }
  return entries
    .filter((entry) => entry.isDirectory() && /^\d[\w-]*$/.test(entry.name))
    .map(({ name }) => name)
    .toSorted()
    .toReversed()
}

async function rowOf(folder: string, bundle: string, whole: boolean | null): Promise<BundleRow> {
  const files = await filesIn(join(folder, bundle))
  const shared = { bundle, files: [...files], withPaths: files.some(({ name }) => name === `${payloadFolder}/items-with-paths.csv`) }
  try {
    const summary = evidenceSummary.parse(JSON.parse(await smallText(join(folder, bundle, payloadFolder, 'summary.json'))))
    return {
      ...shared,
      madeAt: Date.parse(summary.madeAt),
      sentence: summary.sentence,
      tone: summary.tone,
      items: summary.items,
      bytes: summary.bytes,
      fingerprints: [summary.contentFingerprint],
      signedBy: summary.signedBy,
      whole,
    }
  } catch {
    const { mtimeMs } = await lstat(join(folder, bundle))
    const sentence = 'The summary of this bundle cannot be read.'
    return { ...shared, madeAt: mtimeMs, sentence, tone: 'red', items: 0, bytes: 0, fingerprints: [], signedBy: null, whole: false }
  }
}

/** A bundle that somebody took apart has no payload. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch {
    return []
  }
}

async function filesIn(folder: string): Promise<readonly { readonly name: string; readonly bytes: number }[]> {
  const files: { name: string; bytes: number }[] = []
  for (const below of ['', payloadFolder]) {
    for (const name of (await namesIn(join(folder, below))).toSorted()) {
      const stats = await lstat(join(folder, below, name))
      if (stats.isFile()) files.push({ name: below === '' ? name : `${below}/${name}`, bytes: stats.size })
    }
  }
  return files
}

/** Names of files that are not what the manifests say, are missing, or were put there; and the tag manifest itself, if it is not the one in the event log. */
async function differences(opened: Opened, folder: string, bundle: string, signal: AbortSignal): Promise<string[]> {
  const { findings, rootSha256 } = await verifyEvidence(folder, { filesOnly: true, signal })
  const differing = new Set(findings.map(({ where }) => where))
  if (rootSha256 === undefined || !(await isTheOneLogged(opened, bundle, rootSha256, signal))) differing.add(tagManifest)
  return [...differing]
}

/** As the event log names it: the newest, where a lost one was replaced. */
async function signingKeyOf({ session }: Opened, signal: AbortSignal): Promise<string | null> {
  for await (const rows of eventPages(session.views, ['signing-key-made'], 1, signal)) {
    const fingerprint = rows[0]?.facts['fingerprint']
    return typeof fingerprint === 'string' ? fingerprint : null
  }
  return null
}

/** The log holds the hash of each manifest: a bundle that was made anew around its files shows. */
async function isTheOneLogged({ session }: Opened, bundle: string, hash: string, signal: AbortSignal): Promise<boolean> {
  for await (const rows of eventPages(session.views, ['evidence-written'], mostLogPages, signal)) {
    const logged = rows.find(({ facts }) => facts['bundle'] === bundle)
    if (logged !== undefined) return logged.facts['manifest'] === hash
  }
  return false
}

async function smallText(file: string): Promise<string> {
  const stats = await lstat(file)
  if (!stats.isFile() || stats.size > largestText) throw new Error('not a small file')
  return readFile(file, 'utf8')
}
