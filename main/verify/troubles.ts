/** Troubles: which faults concern one object, and what an item's verdict says of them. */
import { isFault } from '../../shared/faults/fault.ts'
import type { Reason } from './reasons.ts'

/** `undefined`: the fault concerns the whole run (wrong secret, clock, bucket, a fault of the program's own). */
export function reasonOf(error: unknown): Reason | undefined {
  if (!isFault(error)) return undefined
  switch (error.code) {
    case 'aws-denied':
      return 'denied'
    case 'aws-unreachable':
    case 'aws-throttled':
      return 'unreachable'
    case 'aws-refused':
      if (error.retry === 'later') return 'unreachable'
      if (error.facts['code'] === 'InvalidObjectState') return 'archived'
      if (error.facts['reason'] === 'customer-key') return 'customer-key'
      return error.facts['status'] === 412 || error.facts['status'] === 404 ? 'changed-meanwhile' : 'refused'
    case 'archive-missing':
    case 'source-unreadable':
      return 'source-unreadable'
    case 'source-changed':
      return 'source-changed'
    default:
      return undefined
  }
}
