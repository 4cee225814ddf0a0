import type { CatalogueEntry } from './entry.ts'

export const deviceFaults = {
  'order-unfit': {
    retry: 'after-human',
    happened: 'The settings of the order are such that AWS would refuse it, or ship the device where it may not be used.',
    safe: 'Nothing was ordered.',
    todo: 'Correct what is named below under `snowball` in migration.json, and order again.',
  },
  'policy-blocks-import': {
    retry: 'after-human',
    happened: 'The policy of the bucket would turn AWS’s import away: a device would travel and come back with nothing imported.',
    safe: 'Nothing was ordered or handed over; what is on a device stays on it.',
    todo: 'Except the import role from the statements named below (`firn posture BUCKET` says how), or let whoever owns the bucket do it. Then try again.',
  },
  'address-refused': {
    retry: 'after-human',
    happened: 'AWS does not take the delivery address.',
    safe: 'Nothing was ordered.',
    todo: 'Read what AWS says of it below, correct `snowball.address` in migration.json, and order again.',
  },
  'device-lent': {
    retry: 'after-human',
    happened: 'Another workstation fills this device by a work order.',
    safe: 'Nothing was changed. What is on the device is recorded there.',
    todo: 'Bring its folder back (`firn work-order --return FOLDER`). If it is lost, `firn work-order --device N --recall` takes the device back.',
  },
  'only-a-work-order': {
    retry: 'never',
    happened: 'This folder was made from a work order: it knows one device, and nothing of the rest of the migration.',
    safe: 'Nothing was changed.',
    todo: 'Load and inspect the device here, then bring the folder back to the migration and go on there.',
  },
  'work-order-unfit': {
    retry: 'after-human',
    happened: 'The work order, or the folder that came back from it, cannot be taken.',
    safe: 'Nothing was changed, neither here nor there.',
    todo: 'See the problem below. Copy the folder again as a whole, with no Firn running in it. If the order is spoilt, recall it and load the device here.',
  },
  'device-full': {
    retry: 'after-human',
    happened: 'The device has reached its safe level.',
    safe: 'What was confirmed is safe on the device; the rest stays planned.',
    todo: 'Plan the rest anew with `firn replan --device`, then ship this device.',
  },
  'device-not-here': {
    retry: 'after-human',
    happened: 'The device is not in the state this step needs.',
    safe: 'Nothing was changed.',
    todo: 'See `firn status` for where the device is.',
  },
  'uploads-open': {
    retry: 'after-human',
    happened: 'The device holds uploads that were begun and never completed.',
    safe: 'Nothing is counted as loaded that was not confirmed.',
    todo: 'Run `firn load` once more: it completes or drops its own. Others are ended with `aws s3api abort-multipart-upload` against the device.',
  },
  'device-differs': {
    retry: 'after-human',
    happened: 'An item did not come back from the device as it was sent.',
    safe: 'The source is as it was. The item is no longer counted as loaded, and with it the batch that it travels in.',
    todo: 'Load again, then inspect the whole device (`firn inspect --items all`). If it happens again, do not ship this device.',
  },
  'bill-missing': {
    retry: 'never',
    happened: 'The bill of materials of this device is no longer in the migration’s folder.',
    safe: 'The journal still holds every item with its digests; the verification does not need the bill.',
    todo: 'Restore the folder `devices` from a copy of the migration. Its SHA-256 is in custody.',
  },
  'log-unreadable': {
    retry: 'never',
    happened: 'A log of the import job has no column that names an object.',
    safe: 'The log is kept as AWS gave it. Nothing was concluded from it.',
    todo: 'Look at the log in the folder `devices` of the migration, and tell Firn’s developers the names of its columns.',
  },
  'snowball-not-available': {
    retry: 'never',
    happened: 'This account cannot order a Snowball.',
    safe: 'Nothing was ordered.',
    todo: 'Plan again for the share or the link lane.',
  },
  'item-too-large': {
    retry: 'never',
    happened: 'An item is larger than the lane takes.',
    safe: 'It was left behind and listed.',
    todo: 'Send it by another lane.',
  },
  'attachment-unfit': {
    retry: 'after-human',
    happened: 'A file cannot be attached to custody.',
    safe: 'Nothing was recorded; the file is as it was.',
    todo: 'Attach a photo (JPEG, PNG, WebP, HEIC, TIFF) or a PDF of at most 50 MB that this account may read, at most 10 to an entry.',
  },
} as const satisfies Record<string, CatalogueEntry>
