/** What tests of the evidence share: a migration that was moved over the link lane, and bundles made of it. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { signingKey } from '../../main/engine/signingKey.ts'
import { payloadFolder } from '../../main/evidence/bag.ts'
import type { Signer } from '../../main/evidence/signer.ts'
import { buildEvidence, type EvidenceInput, type EvidenceOutcome } from '../../main/evidence/buildEvidence.ts'
import { makePlan } from '../../main/plan/makePlan.ts'
import { parsePlanAnswers } from '../../shared/contract/planAnswers.ts'
import type { ItemVerdict, Verdict } from '../../shared/domain/verification.ts'
import { pathText } from '../../shared/units/itemPath.ts'
import { outcomeOfStage, scanInto, testMigration, type Planted, type TestMigration } from './planKit.ts'

export const never: AbortSignal = new AbortController().signal
export const patient = 'DOE^JANE'
export const hashKey = createHash('sha256').update('the key of this migration').digest()

export const archive: readonly Planted[] = [
  { path: `${patient}/one.dcm`, size: 1000, study: '1.1', studyDate: '20120101', modality: 'CT' },
  { path: `${patient}/two.dcm`, size: 2000, study: '1.1', studyDate: '20120101', modality: 'CT' },
  { path: `${patient}/three.dcm`, size: 3000, study: '1.2', modality: patient },
  { path: `${patient}/gone.dcm`, size: 0, anomalies: ['empty'] },
  { path: new Uint8Array([0x44, 0x4f, 0x45, 0xff]), size: 5, anomalies: ['name-not-utf8'] },
]

/** Of the test that runs. */
export let migration: TestMigration
beforeEach(() => {
  migration = testMigration()
})
afterEach(() => migration.close())

/** Another one, in place of that. */
export function startAnew(): void {
  migration.close()
  migration = testMigration()
}

/** The key of this migration, made with the first bundle. */
export function signer(): Signer {
  return signingKey({ file: join(migration.folder, 'signing.key'), passphrase: undefined, journal: migration.journal })
}

export async function evidence(of: Partial<EvidenceInput> = {}, signal = never): Promise<EvidenceOutcome> {
  const { journal, world, folder } = migration
  return outcomeOfStage(
    buildEvidence({ journal, world, folder: join(folder, 'evidence'), includePaths: false, hashKey, signer: signer(), ...of }, signal),
  )
}

export function read(outcome: EvidenceOutcome, name: string): string {
  const payload = join(outcome.folder, payloadFolder, name)
  return readFileSync(existsSync(payload) ? payload : join(outcome.folder, name), 'utf8')
}

/** The section of the report that a reader sees first. */
export function firstSection(outcome: EvidenceOutcome): string {
  const html = read(outcome, 'report.html')
  return html.slice(html.indexOf('<section'), html.indexOf('</section>'))
}

/** Plans everything for the link lane, sends it, and verifies it with the verdict that `verdictOf` gives each path. */
export async function moved(
  items: readonly Planted[],
  verdictOf: (path: string) => Verdict | 'left-behind' = () => 'verified',
): Promise<void> {
  const { journal, world } = migration
  scanInto(migration, items)
  const answers = parsePlanAnswers({ today: '2026-11-24', division: { kind: 'one-lane', route: 'link' } })
  await outcomeOfStage(makePlan({ journal, archives: journal.archives(), answers, world }, never))
  const run = journal.beginVerification(world.clock.now())
  const verdicts: ItemVerdict[] = []
  for (const { itemId, key, path, size } of journal.waiting({ route: 'link' })) {
    const verdict = verdictOf(pathText(path) ?? '')
    journal.intend([itemId])
    if (verdict === 'left-behind') {
      journal.leaveBehindAs(itemId, 'changed-while-read')
      continue
    }
    const sha256 = createHash('sha256').update(key).digest()
    journal.sent([{ itemId, etag: undefined, versionId: `v1-${itemId}`, sha256, crc64nvme: sha256.subarray(0, 8) }])
    const digest = sha256.toString('base64')
    verdicts.push({
      itemId,
      verdict,
      method: 'head-full-object',
      reason: verdict === 'verified' ? undefined : 'digest',
      bucket: 'hospital-images',
      key,
      versionId: `v1-${itemId}`,
      size,
      algorithm: 'SHA256',
      checksumType: 'FULL_OBJECT',
      expected: digest,
      actual: digest,
      storageClass: 'STANDARD',
      at: world.clock.now(),
    })
  }
  journal.recordVerdicts(run, verdicts)
  journal.recordExtra(run, { archiveId: 1, key: `pacs/${patient}/stray.dcm`, size: 7 })
  journal.finishVerification(run, world.clock.now())
}
