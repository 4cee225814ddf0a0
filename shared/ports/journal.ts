/**
 * Journal: the truth about intent. What is recorded here has survived a power cut when the call returns; of a running scan, which can be
 * repeated, that holds from finishScan on.
 * Calls are synchronous: the journal is a local file, and a promise would cost more than the work (see docs/decisions).
 * Split by who needs what; main/journal implements all of it. Iterables read keyset pages, so they may be walked while the journal is written.
 */
import type { AnomalyCode, FoundAnomaly } from '../domain/anomaly.ts'
import type { Archive, ClutterPolicy } from '../domain/archive.ts'
import type { CustodyJournal } from './custodyJournal.ts'
import type { FreeJournal } from './freeJournal.ts'
import type { PostureJournal } from './postureJournal.ts'
import type { ReachJournal } from './reachJournal.ts'
import type { ShareMountJournal } from './shareMountJournal.ts'
import type { ReplanJournal } from './replanJournal.ts'
import type { RuleJournal } from './ruleJournal.ts'
import type { WorkOrderJournal } from './workOrderJournal.ts'
import type { NameJournal } from './nameJournal.ts'
import type { KeptJobLog } from '../domain/jobLog.ts'
import type { JobState } from '../domain/device.ts'
import type { Inspection } from '../domain/inspection.ts'
import type { ArchiveId, Item, ItemId, StudyId } from '../domain/item.ts'
import type { Route } from '../domain/route.ts'
import type { StudyLoad } from '../domain/study.ts'
import type { StudyRule } from '../domain/studyRule.ts'
import type { BatchId, BatchRecord, DeviceId, LeftBehindReason, Transfer, TransferState } from '../domain/transfer.ts'
import type { ItemVerdict, repairedVerdicts, Verdict, VerdictCounts } from '../domain/verification.ts'
import type { Facts } from '../faults/fault.ts'
import type { Bytes } from '../units/bytes.ts'
import type { ItemPath } from '../units/itemPath.ts'
import type { FolderPart, ItemDigests, KnownItem } from './source.ts'

// ── events ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

export type LoggedEvent = {
  readonly sequence: number
  readonly at: number
  readonly kind: string
  /** Canonical JSON of the facts, as hashed. */
  readonly body: string
  /** SHA-256 of the entry before; 32 zero bytes for the first. */
  readonly previous: Uint8Array
  /** SHA-256 over `sequence \n at \n kind \n body \n hex(previous)`. */
  readonly hash: Uint8Array
}

export type ChainCheck =
  { readonly whole: true; readonly entries: number } | { readonly whole: false; readonly entries: number; readonly brokenAt: number }

export interface EventLog {
  /** Append-only; the database itself refuses updates and deletes. Facts as in a Fault: no paths, no DICOM values, no secrets. */
  append(kind: string, facts: Facts): void
  events(): Iterable<LoggedEvent>
  checkChain(): ChainCheck
}

// ── migration and archives ──────────────────────────────────────────────────────────────────────────────────────────────

export type MigrationKind = 'rehearsal' | 'real'
export type Migration = { readonly id: string; readonly name: string; readonly kind: MigrationKind; readonly createdAt: number }

export interface MigrationJournal {
  migration(): Migration
  archives(): readonly Archive[]
  /** Policy of the scans to come. */
  setClutter(archive: ArchiveId, clutter: ClutterPolicy): void
  /** When the archive was last scanned whole; `undefined`: never. */
  lastScan(archive: ArchiveId): { readonly finishedAt: number } | undefined
  addArchive(archive: { root: string; bucket: string; prefix: string; clutter: ClutterPolicy }): Archive
}

// ── inventory ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export type ScanId = number
export type ScanCounts = {
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  readonly vanished: number
  readonly ignored: number
}

/** `ignored`: entries of this folder passed over by the clutter policy. */
export type ReadFolder = { readonly folder: ItemPath; readonly ignored: number }

export interface InventoryJournal {
  /** Begins a scan, or goes on with the one that was cut off (its folders not yet read whole are pending again). */
  beginScan(archiveId: ArchiveId, at: number): { readonly id: ScanId; readonly resumed: boolean }
  /** Folders not yet read whole, deepest-first so that few are ever pending. Does not mark them. */
  pendingFolders(scan: ScanId, limit: number): readonly ItemPath[]
  /** How many are pending in all. A folder that was cut off and is read again may find its folders twice: a count that follows is close, not exact. */
  countPendingFolders(scan: ScanId): number
  known(archiveId: ArchiveId, paths: readonly ItemPath[]): readonly (KnownItem | undefined)[]
  /** One transaction. Replayed parts (after a crash) change nothing. */
  recordPart(scan: ScanId, archiveId: ArchiveId, part: FolderPart): void
  /** One transaction: these folders have been read whole and are pending no more. */
  foldersDone(scan: ScanId, folders: readonly ReadFolder[]): void
  /**
   * Marks what this scan did not see as vanished (not what lies below a folder that could not be read: that is unknown), finds name
   * collisions (case, NFC/NFD), and forgets the duplicates of earlier scans, which are found anew. In bounded transactions.
   */
  settle(scan: ScanId, archiveId: ArchiveId): void
  /** Items that share a SOP Instance UID, grouped; only groups of two or more present. */
  duplicates(archiveId: ArchiveId): Iterable<{ readonly sopUid: string; readonly items: readonly Item[] }>
  recordDigests(item: ItemId, digests: ItemDigests): void
  recordAnomaly(item: ItemId, anomaly: FoundAnomaly): void
  finishScan(scan: ScanId, at: number): ScanCounts
}

// ── plan ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export type PlanId = number
export type PlannedDevice = {
  readonly ordinal: number
  readonly wave: number
  readonly snowballType: string
  readonly capacity: string
  readonly usable: Bytes
}
export type Placement = {
  readonly item: Item
  readonly route: Route
  readonly key: string
  readonly deviceId: DeviceId | undefined
  readonly batchId: BatchId | undefined
}

export type PlanRecord = {
  readonly id: PlanId
  readonly answers: string
  readonly estimate: string
  readonly rule: StudyRule
  readonly begunAt: number
  readonly approvedBy: string | undefined
  readonly approvedAt: number | undefined
  /** As given to finishPlan. */
  readonly summary: string | undefined
}

export interface PlanJournal extends NameJournal {
  /**
   * Studies that still have something to travel: not sent by an earlier plan, no anomaly that bars every lane. In order of id.
   * @param rule takes only the studies for which it holds; none: all. @param today ISO day from which a rule counts years back.
   */
  studies(smallBelow: Bytes, rule?: StudyRule, today?: string): Iterable<StudyLoad>
  /** The travelling items of a study, in byte order of path. */
  itemsOf(study: StudyId): Iterable<Item>
  /** Replaces an earlier plan's transfers that are still merely planned. Answers and estimate as JSON. */
  beginPlan(answers: string, estimate: string, at: number, rule?: StudyRule): PlanId
  addDevice(plan: PlanId, device: PlannedDevice): DeviceId
  addBatch(plan: PlanId, deviceId: DeviceId, key: string): BatchId
  place(plan: PlanId, placements: readonly Placement[]): void
  /** For when nothing is left to place: a plan that was cut off no longer stands in front of the last whole one. */
  dropUnfinishedPlan(): void
  /** The plan is whole from here on; one that was cut off is replaced by the next. `summary`: its counts, as JSON. */
  finishPlan(plan: PlanId, summary?: string): void
  approve(plan: PlanId, person: string, at: number): void
  currentPlan(): PlanRecord | undefined
}

// ── devices and custody ─────────────────────────────────────────────────────────────────────────────────────────────────

export type DeviceRecord = {
  readonly id: DeviceId
  readonly planId: PlanId
  readonly ordinal: number
  readonly wave: number
  readonly snowballType: string
  readonly capacity: string
  readonly usable: Bytes
  /** Journalled before CreateJob, so that a timeout never orders twice. */
  readonly marker: string
  readonly jobId: string | undefined
  readonly state: JobState
  /** Declared dead by a person: nothing on it counts, and nothing more goes onto it. */
  readonly givenUp: boolean
  readonly planned: { readonly items: number; readonly bytes: Bytes }
  readonly sent: { readonly items: number; readonly bytes: Bytes }
}

/** A device without the amounts that have to be counted. */
export type FleetRecord = Omit<DeviceRecord, 'planned' | 'sent'>

export interface DeviceJournal {
  devices(): readonly DeviceRecord[]
  /** The same devices, at once: for whoever looks often. */
  fleet(): readonly FleetRecord[]
  deviceOrdered(device: DeviceId, jobId: string): void
  deviceState(device: DeviceId, state: JobState): void
  /** Logs of its import job that are kept, in the order they were fetched. */
  jobLogs(device: DeviceId): readonly KeptJobLog[]
  addJobLog(device: DeviceId, log: KeptJobLog): void
  /** What a person saw of the device before it was read from does not count any more: every tick of its checklist is taken back. */
  addInspection(inspection: Inspection): void
  /** The last one, unless something was to be loaded after it. */
  inspection(device: DeviceId): Inspection | undefined
  /** By the last inspection, void or not: something else lies on the device than was sent. */
  foundDiffering(device: DeviceId): boolean
  /** What is loaded from now on was not looked at. */
  voidInspections(device: DeviceId): void
  /** How each line of the ship checklist stands by its last tick; lines that nobody has touched are not there. */
  checklist(device: DeviceId): readonly ChecklistTick[]
  /** Append-only, as custody is: taking a tick back is a new entry. */
  tick(device: DeviceId, code: string, person: string, done: boolean, at: number): void
}

export type ChecklistTick = { readonly code: string; readonly done: boolean; readonly person: string; readonly at: number }

// ── transfers ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Lane = { readonly route: 'device'; readonly deviceId: DeviceId } | { readonly route: 'share' } | { readonly route: 'link' }
/** source: the state of the source it was begun from (size and mtime), empty where the journal itself says what is in it. */
export type OpenUpload = { readonly key: string; readonly uploadId: string; readonly partSize: Bytes; readonly source: string }
export type SentItem = { readonly itemId: ItemId; readonly etag: string | undefined; readonly versionId: string | undefined } & ItemDigests
/** An item that the device holds, as the journal says, and where in its batch. */
/** Size, time and digests are those of the bytes that were sent. `changedSince`: the source has others now, which travel when the device is imported. */
export type LoadedItem = Transfer &
  ItemDigests & { readonly batchKey: string | undefined; readonly offset: number | undefined; readonly changedSince: boolean }
export type LeftItem = Transfer & { readonly reason: string }
/** Where a member's header begins in the tar. */
export type PackedMember = { readonly itemId: ItemId; readonly offset: number } & ItemDigests

export interface TransferJournal {
  /** Bytes and items of a lane that are planned or sending, and all of it. */
  laneTotals(lane: Lane): { readonly items: number; readonly bytes: number; readonly doneItems: number; readonly doneBytes: number }
  /** Items travelling alone that are not sent yet, in byte order of key. */
  waiting(lane: Lane): Iterable<Transfer>
  /** Durable before the effect. Of items already 'sending' nothing changes. */
  intend(items: readonly ItemId[]): void
  sent(items: readonly SentItem[]): void
  leaveBehind(item: ItemId, reason: LeftBehindReason): void
  /** Adds an anomaly found on the way (changed-while-read, vanished, not-readable) and leaves the item behind, in one transaction. */
  leaveBehindAs(item: ItemId, anomaly: AnomalyCode): void
  /**
   * Makes items that were left behind wait on their lane again, where another attempt can help (shared/domain/retry.ts says for which causes); the
   * others, and those whose batch or device has gone its way, stay left behind. In bounded transactions. @param codes `null`: every cause.
   * @returns how many items wait again.
   */
  retryLeftBehind(codes: readonly string[] | null): number

  /** Everything that was sent to the device: batches in order of key with their members, then what travels alone, in order of key. */
  onDevice(device: DeviceId): Iterable<LoadedItem>
  /** What was planned for the device and left behind, by reason. */
  leftBehindOf(device: DeviceId): Iterable<LeftItem>
  /** What did not come back as it was sent waits again on its lane, and so does the whole batch that it travels in. One transaction. */
  sendAgain(items: readonly { readonly itemId: ItemId; readonly batchId: BatchId | undefined }[]): void

  waitingBatches(device: DeviceId): Iterable<BatchRecord>
  /** All members that are not left behind, in order of packing (byte order of key), with the offset of those packed before a crash. */
  members(batch: BatchId): readonly (Transfer & { readonly offset: number | undefined })[]
  intendBatch(batch: BatchId): void
  /** Durable before the part that holds them is sent. */
  packed(batch: BatchId, members: readonly PackedMember[]): void
  /** Forgets offsets: the batch is packed anew. */
  unpack(batch: BatchId): void
  /**
   * The batch and all its members are sent, in one transaction. Of the tar itself no digest is kept: S3 will hold its members, each with its own.
   * A batch in which nothing was left is ended with 0 bytes.
   */
  batchSent(batch: BatchId, tar: { readonly bytes: Bytes; readonly etag: string | undefined }): void

  uploadBegun(upload: OpenUpload): void
  openUpload(key: string): OpenUpload | undefined
  uploadEnded(key: string): void
}

// ── verification ────────────────────────────────────────────────────────────────────────────────────────────────────────

export type VerificationId = number
/** `anomalies`: codes of the item; lets a verdict's reason name what was known before. */
export type ToVerify = Transfer & { readonly batchKey: string | undefined; readonly leftBehindFor: LeftBehindReason | undefined }

export interface VerificationJournal {
  beginVerification(at: number): VerificationId
  /** Every item that a plan placed and that is not left behind, in byte order of key. */
  toVerify(archiveId: ArchiveId): Iterable<ToVerify>
  /** Keys of batches: known objects that are neither items nor extra. */
  batchByKey(key: string): BatchRecord | undefined
  recordVerdicts(run: VerificationId, verdicts: readonly ItemVerdict[]): void
  recordExtra(run: VerificationId, extra: { readonly archiveId: ArchiveId; readonly key: string; readonly size: number }): void
  finishVerification(run: VerificationId, at: number): VerdictCounts
  /** The verdict that speaks for the item now; `undefined`: none does. */
  verdictOf(item: ItemId): Verdict | undefined
}

export interface RepairJournal {
  /**
   * Some of what the last verification found missing or different waits on the link lane from now on, in one transaction; `last` begins the next call,
   * and `undefined` is the end. Left alone is what went through a share, what a device that is not imported yet may still bring, and what is no longer in the archive.
   */
  repairSome(
    verdict: (typeof repairedVerdicts)[number],
    after: number,
  ): { readonly items: number; readonly bytes: number; readonly last: number | undefined }
}

// ── evidence (reading only) ─────────────────────────────────────────────────────────────────────────────────────────────

/** One item with all that is known of it, for the evidence. */
export type ItemEvidence = Item & {
  readonly present: boolean
  readonly modality: string | undefined
  readonly studyDate: string | undefined
  readonly anomalies: readonly AnomalyCode[]
  readonly route: Route | undefined
  readonly transferState: TransferState | undefined
  readonly leftBehindFor: LeftBehindReason | undefined
  readonly key: string | undefined
  readonly deviceId: DeviceId | undefined
  readonly batchKey: string | undefined
  readonly verdict: ItemVerdict | undefined
}

export type AnomalyCount = { readonly code: AnomalyCode; readonly items: number; readonly bytes: number }
export type LaneCount = { readonly route: Route; readonly state: TransferState; readonly items: number; readonly bytes: number }
export type VerdictByGroup = { readonly group: string; readonly counts: VerdictCounts; readonly items: number; readonly bytes: number }
export type InventoryCount = {
  readonly items: number
  readonly bytes: number
  readonly studies: number
  readonly dicomItems: number
  readonly vanished: number
  /** Entries that the last whole scan passed over by the clutter policy; a folder counts as one. */
  readonly ignored: number
}

export interface EvidenceJournal {
  inventory(archiveId: ArchiveId): InventoryCount
  /**
   * Files that are there, may travel, and are not verified: not planned, not sent, not checked, not right, changed since, or left behind on the way. Only
   * what a scan itself found to be barred from every lane is not counted.
   */
  unverified(): { readonly items: number; readonly bytes: number }
  anomalyCounts(): readonly AnomalyCount[]
  itemsWithAnomaly(code: AnomalyCode): Iterable<ItemId>
  laneCounts(): readonly LaneCount[]
  lastVerification():
    | {
        readonly id: VerificationId
        readonly startedAt: number
        readonly finishedAt: number | undefined
        readonly counts: VerdictCounts
        readonly extras: number
      }
    | undefined
  /** Every item of the migration with its last verdict, in byte order of path, archive by archive. */
  evidence(): Iterable<ItemEvidence>
  extras(): Iterable<{ readonly key: string; readonly size: number }>
  /** Study by study (in order of id): the counts of verdicts of its items. `group` is the study's number, never its UID. */
  verdictsByStudy(): Iterable<VerdictByGroup>
  /** The same by series: `group` is the study's number, a stroke, and the place of the series in it. */
  verdictsBySeries(): Iterable<VerdictByGroup>
  verdictsByModality(): readonly VerdictByGroup[]
  worst(run: VerificationId, verdict: Verdict): Iterable<ItemId>
}

/** What the CLI and the wallboard need to say where a migration stands. */
export interface Journal
  extends
    EventLog,
    MigrationJournal,
    InventoryJournal,
    PlanJournal,
    DeviceJournal,
    PostureJournal,
    ShareMountJournal,
    FreeJournal,
    RuleJournal,
    CustodyJournal,
    TransferJournal,
    ReplanJournal,
    VerificationJournal,
    RepairJournal,
    ReachJournal,
    WorkOrderJournal,
    EvidenceJournal {
  /** One durable transaction around several calls: all of them are recorded, or none. */
  together<Result>(work: () => Result): Result
  /** Ends the lease and closes the file. Safe to call again. */
  close(): void
}
