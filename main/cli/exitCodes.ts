/** What a script may rely on. Documented in docs/command-line.md; a test keeps the two together. */
import type { Fault } from '../../shared/faults/fault.ts'

export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  /** The work ended, and not every item is verified or sent. */
  notAllVerified: 3,
  /** The same command may work later without anybody doing anything. */
  tryLater: 4,
  /** A person has to do something first. */
  needsPerson: 5,
  /** Another Firn works on this migration. */
  held: 6,
  stopped: 130,
} as const

export function exitCodeFor(fault: Fault): number {
  switch (fault.code) {
    case 'stopped':
      return exitCodes.stopped
    case 'journal-held':
      return exitCodes.held
    case 'bad-input':
      return exitCodes.usage
    case 'nothing-checked':
    case 'not-all-verified':
      return exitCodes.notAllVerified
    case 'unforeseen':
      return exitCodes.failed
    default:
      return fault.retry === 'now' || fault.retry === 'later' ? exitCodes.tryLater : exitCodes.needsPerson
  }
}
