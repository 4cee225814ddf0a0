import type { CatalogueEntry } from './entry.ts'

export const shareFaults = {
  'share-missing': {
    retry: 'after-human',
    happened: 'The folder given as the share is not the share.',
    safe: 'Not one byte was written there.',
    todo: 'Mount the share and run the command again. A folder on a disk of this machine is never taken for the share.',
  },
  'share-mount-changed': {
    retry: 'after-human',
    happened: 'The folder of the share is mounted from another place than at the first push.',
    safe: 'Not one byte was written there.',
    todo: 'Mount the share that the push began with. If the other place is meant, a named person says so: firn push --accept-mount NAME.',
  },
  'share-not-found': {
    retry: 'after-human',
    happened: 'It is not clear which file share of the gateway is meant.',
    safe: 'Nothing was written.',
    todo: 'Set share.shareArn in migration.json to the ARN of the share that is mounted here.',
  },
  'share-not-behind': {
    retry: 'after-human',
    happened: 'What was written to this folder did not appear in the bucket of the share.',
    safe: 'Only a probe of Firn’s own was written, and removed again. No item was sent.',
    todo: 'Check that the folder is the mount of just this share, and that the gateway uploads.',
  },
  'share-unfit': {
    retry: 'after-human',
    happened: 'The share is set up so that what is pushed to it could be lost.',
    safe: 'Nothing was pushed.',
    todo: 'Run firn gateways, or look at the Share screen: it names the setting and what to do.',
  },
  'share-refused': {
    retry: 'later',
    happened: 'The gateway refuses new files: its cache waits for upload.',
    safe: 'What was written whole is recorded; nothing was cut short.',
    todo: 'Wait until the cache has drained; Firn goes on by itself.',
  },
  'share-write-failed': {
    retry: 'later',
    happened: 'Writing to the share failed.',
    safe: 'The item is not counted as sent and is written again.',
    todo: 'Check the gateway and the mount.',
  },
  'share-conflict': {
    retry: 'after-human',
    happened: 'The share already holds a different file under this name.',
    safe: 'Neither file was changed.',
    todo: 'Decide which one is right; Firn never overwrites one it did not write.',
  },
  'gateway-upload-failing': {
    retry: 'after-human',
    happened: 'The gateway reports files that it cannot upload to S3.',
    safe: "They lie in the gateway's cache; the source is untouched.",
    todo: "Read the gateway's health log for the cause, and do not reset its cache.",
  },
  'gateway-metrics-denied': {
    retry: 'after-human',
    happened: 'CloudWatch may not be asked about the gateway, so files that the gateway cannot upload are not heard of now.',
    safe: 'The push goes on by the fill of the cache, which the gateway tells itself. The verification finds whatever did not arrive.',
    todo: 'Give the role or user the permission named below to hear of failing files at once.',
  },
} as const satisfies Record<string, CatalogueEntry>
