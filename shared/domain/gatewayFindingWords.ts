/** What a finding says and what to do, in English; the screens have German beside it. */
import { formatBytes } from '../units/bytes.ts'
import { formatDuration } from '../units/duration.ts'
import type { FindingCode, GatewayFinding } from './gatewayFindings.ts'

export type FindingWords = { readonly what: string; readonly todo: string }
type Facts = GatewayFinding['facts']
type Say = (facts: Facts) => FindingWords

const text = (facts: Facts, name: string): string => String(facts[name] ?? '')
const figure = (facts: Facts, name: string): number => Number(facts[name] ?? 0)

export const englishFindings = {
  'lifecycle-archives': (facts) => ({
    what: `The bucket moves objects of this share to ${text(facts, 'storageClass')}${facts['days'] === undefined ? '' : ` after ${text(facts, 'days')} days`} (rule “${text(facts, 'rule')}”).`,
    todo: 'Switch the rule off while the share is in use: the gateway can neither read nor write over archived objects, and stops uploading those files.',
  }),
  'prefix-shared': (facts) => ({
    what: `Another share, ${text(facts, 'other')}, writes to the same part of the bucket.`,
    todo: 'Give each share a prefix of its own, or make one of them read-only: two caches overwrite each other without knowing.',
  }),
  'acl-public': (facts) => ({
    what: `Objects are written with the access list ${text(facts, 'acl')}: people outside of the account may read them.`,
    todo: 'Set the share to private or bucket-owner-full-control, and check what was written so far.',
  }),
  'clients-anyone': (facts) => ({
    what: `Every address may mount the share (${text(facts, 'clients')}).`,
    todo: 'List the addresses of the machines that need it.',
  }),
  'guest-access': () => ({
    what: 'The share lets anybody in who knows the guest password.',
    todo: 'Join the gateway to Active Directory and let named people in.',
  }),
  'clock-skewed': (facts) => ({
    what: `The gateway’s clock is off by ${formatDuration(Math.abs(figure(facts, 'aheadMs')))}.`,
    todo: 'Set its time server. From five minutes on S3 refuses what it uploads.',
  }),
  'gateway-not-running': (facts) => ({
    what: `AWS says that the gateway is ${text(facts, 'state')}.`,
    todo: 'Start it, or look at its network and activation.',
  }),
  'share-not-available': (facts) => ({
    what: `AWS says that the share is ${text(facts, 'status')}.`,
    todo: 'Push nothing until it is AVAILABLE; its role and bucket are the usual causes.',
  }),
  'no-squash': () => ({
    what: 'Root of any client is root on the share.',
    todo: 'Set RootSquash, unless the copying account needs it.',
  }),
  'no-kms': () => ({
    what: 'The share encrypts with S3’s own key, though a key of KMS is asked for.',
    todo: 'Set the share’s encryption to SSE-KMS with the key of the migration before anything is pushed.',
  }),
  'read-only': () => ({ what: 'The share is read-only.', todo: 'Allow writing while the archive is pushed, and set it back afterwards.' }),
  'mount-read-only': () => ({
    what: 'The share is mounted read-only on this machine.',
    todo: 'Mount it with write permission for the account that runs Firn.',
  }),
  'mount-soft': () => ({
    what: 'The share is mounted “soft”: after a while without an answer a write fails although the gateway may have taken it.',
    todo: 'Mount it with the option hard.',
  }),
  'cache-small': (facts) => ({
    what: `The cache holds ${formatBytes(figure(facts, 'cacheBytes'))}, and ${formatBytes(figure(facts, 'dayBytes'))} are to be pushed.`,
    todo: 'Add a cache disk (never enlarge one), or let the push wait for the upload again and again.',
  }),
  'support-ended': (facts) => ({
    what: `AWS ended support of the gateway’s software on ${new Date(figure(facts, 'ended')).toISOString().slice(0, 10)}.`,
    todo: 'Update it before the migration begins.',
  }),
  'smb-unsigned': () => ({
    what: 'Clients of SMB choose whether they sign and encrypt.',
    todo: 'Set the gateway’s SMB security to MandatoryEncryption.',
  }),
  'no-audit-log': () => ({
    what: 'Nothing records who reads, writes and removes files of the share.',
    todo: 'Name a log group for its audit log. File names will stand in it.',
  }),
  'no-health-log': () => ({
    what: 'The gateway writes no health log: the cause of a failed upload would not be known.',
    todo: 'Name a log group in the gateway’s settings.',
  }),
  'archive-not-checked': (facts) => ({
    what: `Whether the bucket archives objects of this share is not known${facts['code'] === undefined ? '' : ` (${text(facts, 'code')})`}.`,
    todo: 'Give the account s3:GetLifecycleConfiguration and s3:GetIntelligentTieringConfiguration, or look by hand.',
  }),
  'not-asked': (facts) => ({
    what: `${text(facts, 'call')} was not answered (${text(facts, 'code')}): what it tells is not known.`,
    todo: 'Give the account this permission, then look again.',
  }),
  'not-verifiable': (facts) => ({
    what: `A gateway of type ${text(facts, 'type')}: what is written to it is not visible as objects of a bucket of yours.`,
    todo: 'Firn cannot verify behind it. Use an S3 File Gateway.',
  }),
} as const satisfies Record<FindingCode, Say>

export function findingInEnglish({ code, facts }: GatewayFinding): FindingWords {
  const say: Say = englishFindings[code]
  return say(facts)
}
