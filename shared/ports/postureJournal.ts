/** PostureJournal: how buckets were found set up, and when. A part of the journal; see journal.ts for what holds of all its parts. */
import type { PostureFinding, ProfileName } from '../domain/posture.ts'

/** What was about to happen: a person asked, devices were planned, one was to leave or be ordered, or all was verified. */
export const postureMoments = ['asked', 'plan', 'device', 'verify'] as const
export type PostureMoment = (typeof postureMoments)[number]

export type PostureRecord = {
  readonly bucket: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly moment: PostureMoment
  readonly profile: ProfileName
  readonly findings: readonly PostureFinding[]
}

export interface PostureJournal {
  addPosture(record: PostureRecord): void
  /** Oldest first. */
  postures(): readonly PostureRecord[]
}
