/** What the gateway is and what it is made of: the facts its calls tell, and the parts they ask. */
import { randomBytes } from 'node:crypto'
import type { FastClock } from '../contract.ts'
import type { Json } from '../control/jsonService.ts'
import type { ControlState } from '../control/state.ts'
import type { Share } from './share.ts'

export type GatewayIdentity = {
  readonly gatewayArn: string
  readonly gatewayId: string
  readonly gatewayName: string
  readonly shareArn: string
  readonly shareId: string
}

/** What a rehearsal or test gives the gateway in place of what a well set up one has, by AWS's own names of the members. */
export type GatewayTraits = {
  readonly gateway?: Json
  readonly share?: Json
  readonly smb?: Json
  /** Gateways of other types in the same account. */
  readonly others?: readonly ('CACHED' | 'STORED' | 'VTL' | 'FILE_FSX_SMB')[]
  /** Where a second share of the same gateway writes: a prefix ending with '/', or '' for the whole bucket. */
  readonly secondPrefix?: string
}

export type GatewayFacts = GatewayIdentity & {
  readonly traits: GatewayTraits
  readonly protocol: 'NFS' | 'SMB'
  readonly region: string
  /** arn:aws:s3:::bucket or arn:aws:s3:::bucket/prefix/ */
  readonly locationArn: string
  readonly role: string
  /** What every log group's ARN begins with. */
  readonly logs: string
}

export type GatewayParts = {
  readonly state: ControlState
  readonly clock: FastClock
  readonly share: Share
  readonly facts: GatewayFacts
  /** Writes a report of cache contents to a bucket. */
  readonly writeReport: (bucket: string, key: string, text: string) => Promise<void>
}

/** The gateway keeps its ids for the life of the sandbox. */
export function gatewayIdentity(state: ControlState, region: string, account: string, gatewayName: string): GatewayIdentity {
  const kept = (name: string): string => {
    const id = state.note(name) ?? randomBytes(4).toString('hex').toUpperCase()
    state.setNote(name, id)
    return id
  }
  const gatewayId = `sgw-${kept('gateway-id')}`
  const shareId = `share-${kept('share-id')}`
  const arn = `arn:aws:storagegateway:${region}:${account}:`
  return { gatewayId, shareId, gatewayName, gatewayArn: `${arn}gateway/${gatewayId}`, shareArn: `${arn}share/${shareId}` }
}
