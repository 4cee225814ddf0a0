/** Adding an archive to an open migration, and approving its plan. */
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Handlers } from '../../../shared/contract/bridge.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { requireApart } from '../apart.ts'
import { approvePlan } from '../steps.ts'
import { requireRest, type Engine, type Given } from './handling.ts'

export function archiveHandlers(engine: Engine, given: Given): Handlers<'archives.add' | 'plan.approve'> {
  return {
    'archives.add'({ folder, prefix }) {
      const opened = engine.opened()
      const { journal, config, folder: own } = opened.session.migration
      const root = archiveRoot(given.path(folder))
      requireRest(opened)
      const archives = journal.archives()
      const [first] = archives
      if (first === undefined) throw new Fault('bad-input', { field: 'archive', problem: 'the migration has no archive' })
      requireApart('archive', own, [root])
      if (config.share !== undefined) requireApart('share.folder', config.share.folder, [root])
      requireApart(
        'archive',
        root,
        archives.map((archive) => archive.root),
      )
      requirePrefixesApart([...archives, { prefix }])
      const added = journal.addArchive({ root, bucket: first.bucket, prefix, clutter: { ignore: config.ignore } })
      journal.append('archive-added', { archive: added.id })
      return {
        id: added.id,
        label: added.root,
        bucket: added.bucket,
        prefix: added.prefix,
        kind: 'folder',
        scannedAt: null,
        scanOpen: false,
        items: 0,
        bytes: 0,
        studies: 0,
        dicomItems: 0,
        vanished: 0,
        ignored: 0,
        anomalies: 0,
      }
    },

    'plan.approve'({ planId, person }) {
      const { migration } = engine.opened().session
      const plan = migration.journal.currentPlan()
      if (plan !== undefined && plan.id !== planId) throw new Fault('wrong-order', { plan: planId, stands: plan.id })
      approvePlan(migration, person)
      return {}
    },
  }
}

/** @throws Fault archive-missing. */
export function archiveRoot(path: string): string {
  const root = resolve(path)
  if (!existsSync(root) || !statSync(root).isDirectory()) throw new Fault('archive-missing')
  return root
}

/** Keys are prefix and path: under one prefix, or one within another, two archives could write over each other. @throws Fault archives-overlap. */
export function requirePrefixesApart(archives: readonly { readonly prefix: string }[]): void {
  for (const [at, one] of archives.entries()) {
    for (const other of archives.slice(at + 1)) {
      if (one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix)) throw new Fault('archives-overlap')
    }
  }
}
