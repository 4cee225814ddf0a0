/** Studies: what travels whole. A DICOM study by its UID; files that are not DICOM form a group per folder. */
import type { Bytes } from '../units/bytes.ts'
import type { ArchiveId, StudyId } from './item.ts'

export type StudyKind = 'dicom' | 'folder'

/** A study with what the planner must know of it. */
export type StudyLoad = {
  readonly id: StudyId
  readonly archiveId: ArchiveId
  readonly kind: StudyKind
  readonly modality: string | undefined
  /** YYYYMMDD */
  readonly studyDate: string | undefined
  /** Items that some lane may take; those that no lane takes are not counted here. */
  readonly items: number
  readonly bytes: Bytes
  /** Items under the batch limit, and their bytes. */
  readonly smallItems: number
  readonly smallBytes: Bytes
  /** An item of it cannot travel on a device. */
  readonly barredFromDevice: boolean
  /** An item of it cannot go through a share. */
  readonly barredFromShare: boolean
}
