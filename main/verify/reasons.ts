/** Reasons: why an item's verdict is what it is, as short codes that screen, log and report share. docs/verification.md lists them. */
export const reasons = {
  size: 'The object has another size than the item.',
  digest: 'The object has the right size and other bytes.',
  'not-sent': 'The item has not been confirmed as sent.',
  'batch-left-unextracted': 'The tar that holds the item lies in S3 as it is: the import did not extract it.',
  dropped: 'The item was sent and no object is there.',
  'deleted-meanwhile': 'The object was in the listing and gone a moment later.',
  'changed-meanwhile': 'The object was replaced while it was being checked.',
  'multipart-etag-only': 'The object has no checksum; its ETag agrees as an MD5 of the MD5s of its parts.',
  'no-version': 'The digests agree, but the bucket keeps no versions: the object may be replaced without trace.',
  'no-comparable-digest': 'S3 holds nothing that can be compared with the source; only the size agrees.',
  'customer-key': "The object is encrypted with a key of the customer's own (SSE-C), which Firn does not have.",
  archived: 'The object would have to be restored from its archive class to be read.',
  'parts-not-told': 'S3 does not tell the sizes of the parts that its checksum is made of.',
  denied: 'The account may not look at the object.',
  refused: 'S3 refused to answer for this object.',
  unreachable: 'S3 did not answer for this object.',
  'source-changed': 'The source item has changed since it was sent.',
  'source-vanished': 'The source item is no longer there.',
  'source-unreadable': 'The source item cannot be read.',
} as const

export type Reason = keyof typeof reasons
