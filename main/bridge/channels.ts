/** Names of the channels between the preload script and the main process. Both are built from this one list. */
export const channels = {
  /** Text of a request of shared/contract/wire.ts; answered with a reply. */
  call: 'firn:call',
  cancel: 'firn:cancel',
  /** A nonce: tell me everything from now on. */
  watch: 'firn:watch',
  /** The path of a dropped folder; answered with a chosen path. */
  dropped: 'firn:dropped',
  /** To the window: a topic of shared/contract/wire.ts. */
  told: 'firn:told',
  /** To the window: the nonce, and with it the port on which the engine tells its snapshots. */
  port: 'firn:port',
} as const
