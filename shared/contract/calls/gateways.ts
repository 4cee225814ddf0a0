/** Gateways of the account: what there is, what is wrong with it, where it is mounted on this machine, and the proof of a mount. */
import { z } from 'zod'
import { gatewayFound, mountFound } from '../../domain/gateway.ts'
import { gatewayFinding } from '../../domain/gatewayFindings.ts'
import { call, count, nothing, time } from './call.ts'

export const shareProbe = z.strictObject({ landedMs: count, removed: z.boolean(), skewMs: z.number() })

export const gatewayCalls = {
  'gateways.survey': call(
    nothing,
    z.strictObject({
      gateways: z.array(gatewayFound),
      findings: z.array(gatewayFinding),
      mounts: z.array(mountFound),
      /** This machine could not be asked what it has mounted. */
      mountsUnknown: z.boolean(),
      at: time,
    }),
  ),
  /** Writes through the mount, waits for the object, removes it again. Minutes, with a gateway that is busy. */
  'gateways.probe': call(z.strictObject({ shareArn: z.string().min(1).max(500) }), shareProbe),
} as const
