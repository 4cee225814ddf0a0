import type { CatalogueEntry } from './entry.ts'

export const generalFaults = {
  unforeseen: {
    retry: 'after-human',
    happened: 'Something failed that Firn has no words for yet.',
    safe: 'The source was only read. What was done before is in the journal.',
    todo: 'Run the command again. If it fails again, send the log and the code to whoever supports Firn.',
  },
  stopped: {
    retry: 'later',
    happened: 'The work was stopped on request.',
    safe: 'Nothing is lost: what was done is in the journal, and nothing was written after the stop.',
    todo: 'Run the same command again to go on from here.',
  },
  'not-a-migration': {
    retry: 'after-human',
    happened: 'There is no migration in this folder.',
    safe: 'Nothing was read or changed.',
    todo: 'Give the folder that `firn init` made with --migration, or run `firn init` first.',
  },
  'migration-exists': {
    retry: 'never',
    happened: 'There is already a migration in this folder.',
    safe: 'It was not touched.',
    todo: 'Choose an empty folder, or go on with the migration that is there.',
  },
  'bad-input': {
    retry: 'after-human',
    happened: 'A value that was given cannot be used.',
    safe: 'Nothing was changed.',
    todo: 'Correct the value named below and try again.',
  },
  'wrong-order': {
    retry: 'after-human',
    happened: 'An earlier step must be finished first.',
    safe: 'Nothing was changed.',
    todo: 'Run `firn status` to see which step is next.',
  },
  'not-ready-to-ship': {
    retry: 'after-human',
    happened: 'The device may not leave yet: lines of its ship checklist are open.',
    safe: 'Nothing was handed over. What a person ticked stays ticked.',
    todo: 'Finish every line named below: load (`all-sent`), inspect (`inspected`), and look at the device yourself for the others. Then hand it over.',
  },
  'mapped-name-taken': {
    retry: 'after-human',
    happened:
      'An item would be stored under a key that another item has: one of them travels under a mapped name, and the other is called so.',
    safe: 'Nothing was sent. The plan was not made, so that neither item can lie over the other.',
    todo: 'Rename the item named below at the source, or leave it out by a rule, scan again, and plan again. `firn names` lists mapped names.',
  },
  'no-route': {
    retry: 'after-human',
    happened: 'No lane can carry this archive as the answers stand.',
    safe: 'Nothing was planned; an earlier plan still stands.',
    todo: 'Read why beside each lane, then change the deadline, the link or the lanes, and plan again.',
  },
  'archives-overlap': {
    retry: 'after-human',
    happened: 'Two archives would write under the same prefix of the same bucket, where one could overwrite the other.',
    safe: 'Nothing was planned.',
    todo: 'Give each archive a prefix of its own that is not part of the other, or a bucket of its own.',
  },
  'disk-full': {
    retry: 'after-human',
    happened: 'A disk is full.',
    safe: 'The source was only read, and the journal holds all that was done so far.',
    todo: 'Free space on the disk named below and run the same command again.',
  },
  'key-missing': {
    retry: 'after-human',
    happened:
      'A key of this migration is missing or cannot be opened: the one that hashes patient identifiers or the one that signs evidence.',
    safe: 'Nothing was changed. Images and digests do not depend on these keys.',
    todo: 'Restore patient.key and signing.key of this migration, or give the right FIRN_KEY_PASSPHRASE.',
  },
  'signing-key-missing': {
    retry: 'after-human',
    happened: 'The key that signs the evidence of this migration is not there, or is not the one that the event log names.',
    safe: 'Nothing was written. Images, digests and earlier evidence do not depend on it.',
    todo: 'Restore signing.key from a copy of the migration folder. If it is lost, `firn report --new-signing-key` makes another, and the event log says so.',
  },
} as const satisfies Record<string, CatalogueEntry>
