/** What the gateway is and what it is made of: the facts its calls tell, and the parts they ask. */
import { randomBytes } from 'node:crypto'
import type { FastClock } from '../contract.ts'
import type { ControlState } from '../control/state.ts'
import type { Share } from './share.ts'

export type GatewayIdentity = {
  readonly gatewayArn: string
  readonly gatewayId: string
  readonly gatewayName: string
  readonly shareArn: string
  readonly shareId: string
}

export type GatewayFacts = GatewayIdentity & {
  readonly protocol: 'NFS' | 'SMB'
  readonly region: string
  /** arn:aws:s3:::bucket or arn:aws:s3:::bucket/prefix/ */
  readonly locationArn: string
  readonly role: string
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
