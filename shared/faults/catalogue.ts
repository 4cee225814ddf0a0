/** Every fault Firn can report: what happened, is my data safe, what to do. A test demands that codes and entries agree. */
import { applicationFaults } from './catalogue/application.ts'
import { awsFaults } from './catalogue/aws.ts'
import { deviceFaults } from './catalogue/device.ts'
import { generalFaults } from './catalogue/general.ts'
import { journalFaults } from './catalogue/journal.ts'
import { sandboxFaults } from './catalogue/sandbox.ts'
import { shareFaults } from './catalogue/share.ts'
import { sourceFaults } from './catalogue/source.ts'
import { verifyFaults } from './catalogue/verify.ts'

export const catalogue = {
  ...generalFaults,
  ...sourceFaults,
  ...journalFaults,
  ...awsFaults,
  ...deviceFaults,
  ...shareFaults,
  ...verifyFaults,
  ...sandboxFaults,
  ...applicationFaults,
} as const

export type FaultCode = keyof typeof catalogue
export type { CatalogueEntry } from './catalogue/entry.ts'
