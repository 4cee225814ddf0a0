import type { CatalogueEntry } from './entry.ts'

export const awsFaults = {
  'bucket-without-versions': {
    retry: 'after-human',
    happened: 'The bucket keeps no versions, so nothing in it could ever be verified.',
    safe: 'Nothing was sent.',
    todo: 'Switch on versioning of the bucket and run the same command again.',
  },
  'setting-changed': {
    retry: 'after-human',
    happened: 'A setting of the bucket is no longer what it was when the change was shown.',
    safe: 'This setting was not changed. Settings that were changed before it are in the file of what was there before, if there is one.',
    todo: 'Look at the bucket again with `firn posture`, and decide anew.',
  },
  'setting-not-kept': {
    retry: 'after-human',
    happened: 'A setting of the bucket reads other than it was just written.',
    safe: 'What was there before is in the file named below; images are not touched by this.',
    todo: 'Look at the bucket in the AWS console: somebody else, or a rule of the organization, may have changed it. `firn posture --undo` puts back what was there.',
  },
  'setting-stays': {
    retry: 'never',
    happened: 'S3 knows no way to make this setting as if it had never been made.',
    safe: 'Nothing was changed.',
    todo: 'Leave it. Versions, once kept, can only be suspended, and that would make later objects unverifiable.',
  },
  'aws-unreachable': {
    retry: 'later',
    happened: 'The service did not answer.',
    safe: 'What was sent and confirmed is in the journal; the rest stays planned.',
    todo: 'Check network and proxy, then run the same command again.',
  },
  'aws-throttled': {
    retry: 'later',
    happened: 'The service asked to slow down.',
    safe: 'Nothing is lost; Firn waits and tries again.',
    todo: 'Nothing, unless it lasts: then lower the number of parallel transfers.',
  },
  'aws-wrong-secret': {
    retry: 'after-human',
    happened: 'The service refused the signature: access key or secret are wrong.',
    safe: 'Nothing was written.',
    todo: 'Check the AWS profile or the keys, then run the same command again.',
  },
  'aws-clock-skew': {
    retry: 'after-human',
    happened: "This machine's clock differs too much from that of AWS.",
    safe: 'Nothing was written.',
    todo: 'Set the clock by NTP and run the command again.',
  },
  'aws-denied': {
    retry: 'after-human',
    happened: 'The account is not allowed to make this call.',
    safe: 'Nothing was written.',
    todo: 'Add the permission named below to the role or user.',
  },
  'aws-refused': {
    retry: 'after-human',
    happened: 'The service refused the request.',
    safe: 'Nothing was written by this request.',
    todo: "Read the service's own message below.",
  },
  'aws-bad-digest': {
    retry: 'now',
    happened: 'The bytes that arrived were not the bytes that were sent.',
    safe: 'The service threw them away; the item is sent again.',
    todo: 'Nothing, unless it repeats: then suspect memory, cable or network card.',
  },
  'upload-gone': {
    retry: 'later',
    happened: 'A multipart upload that was begun is no longer open.',
    safe: 'The item is looked up under its key and, if it is not there, sent again.',
    todo: 'Nothing. If it repeats, look for a lifecycle rule that aborts uploads within hours.',
  },
  'object-missing': {
    retry: 'after-human',
    happened: 'An object that should be there is not.',
    safe: 'The source is as it was.',
    todo: 'Load or push again what is missing.',
  },
  'object-conflict': {
    retry: 'after-human',
    happened: 'Another object lies in the bucket under the name of an item.',
    safe: 'It was not touched, and the item was not sent.',
    todo: 'Find out whose object it is. Give the archive another prefix, or move the object away, and run the command again.',
  },
  'bucket-missing': {
    retry: 'after-human',
    happened: 'The bucket does not exist or belongs to somebody else.',
    safe: 'Nothing was written.',
    todo: 'Create the bucket, or correct its name in the migration.',
  },
} as const satisfies Record<string, CatalogueEntry>
