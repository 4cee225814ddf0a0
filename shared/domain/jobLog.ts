/**
 * The logs of an import job. AWS documents that there are two, of what was imported and of what was not, and not what their columns are called:
 * they are read by their header, and a log without a column for the object's key is said to be unreadable rather than guessed at.
 */
export const jobLogKinds = ['success', 'failure', 'report'] as const
export type JobLogKind = (typeof jobLogKinds)[number]

export type KeptJobLog = {
  readonly kind: JobLogKind
  /** Milliseconds since 1970. */
  readonly at: number
  readonly bytes: number
  /** Hex, of the file as AWS gave it. */
  readonly sha256: string
}

/** Places of the columns. */
export type JobLogColumns = { readonly key: number; readonly archive: number | undefined; readonly reason: number | undefined }

const names = {
  key: /^(object[ _-]?)?key([ _-]?name)?$|^object([ _-]?name)?$|^file([ _-]?(name|path))?$|^path$/i,
  archive: /archive|source[ _-]?object|^batch|tar/i,
  reason: /reason|error|message|cause/i,
} as const

/** `undefined`: no column is the key's. */
export function jobLogColumns(header: readonly string[]): JobLogColumns | undefined {
  const find = (name: RegExp): number | undefined => {
    const at = header.findIndex((cell) => name.test(cell.trim()))
    return at < 0 ? undefined : at
  }
  const key = find(names.key)
  return key === undefined ? undefined : { key, archive: find(names.archive), reason: find(names.reason) }
}

/** What the four sources say of one device's items together. `billed`: lines of its bill of materials. */
export type Reconciliation = {
  readonly deviceId: number
  readonly billed: number
  /** Of the bill's items: AWS's logs name them, or the batch they travelled in, as imported; as not imported; or not at all. */
  readonly imported: number
  readonly failed: number
  readonly notMentioned: number
  /** Of the bill's items, by the last verification: verified; anything else; not judged. */
  readonly verified: number
  readonly notVerified: number
  readonly notJudged: number
  /** AWS says imported, and the verification found it missing or different: the one that must not be. */
  readonly contradicted: number
  /** Objects in AWS's logs that are on no line of the bill. */
  readonly unknown: number
  /** Whether the bill is the one whose digest custody holds. */
  readonly billIntact: boolean
  readonly logs: readonly JobLogKind[]
  /** Some that were not imported, with AWS's reason. */
  readonly failures: readonly { readonly itemId: number; readonly reason: string }[]
}

/** Everything that left the house is in S3, and all four sources say so. */
export function isReconciled(of: Reconciliation): boolean {
  return of.billIntact && of.billed > 0 && of.verified === of.billed && of.contradicted === 0
}
