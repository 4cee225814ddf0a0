/** Works: the long things that Firn does for a migration, and the states each goes through. */
export const workKinds = [
  'prepare',
  'scan',
  'plan',
  'load',
  'inspect',
  'link',
  'push',
  'land',
  'verify',
  'evidence',
  'track',
  'rehearsal',
] as const
export type WorkKind = (typeof workKinds)[number]

/** waiting: in the queue. stopping: a pause or cancel was asked for, and what is in flight ends first. */
export const workConditions = ['waiting', 'running', 'stopping', 'paused', 'done', 'failed', 'cancelled'] as const
export type WorkCondition = (typeof workConditions)[number]

/** Why a work is paused or stopping, or waits again after the engine was restarted. */
export const workReasons = ['person', 'pause-all', 'engine-restarted', 'limit'] as const
export type WorkReason = (typeof workReasons)[number]

/**
 * What a work waits for, besides codes of its stage (`cache-dirty`, `gateway-upload`). other-work: its turn comes when what it contradicts has ended.
 * retry: a fault that passes by itself. limit: the bandwidth limit lets nothing through. next-look: the next time AWS is asked where devices are.
 */
export const workWaits = ['other-work', 'retry', 'limit', 'next-look'] as const
export type WorkWait = (typeof workWaits)[number]
