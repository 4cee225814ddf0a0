/** What crosses between the engine and a thread that answers reading calls. */
import type { FaultOnWire } from '../../../shared/contract/wire.ts'

export type ViewSetting = { readonly journal: string }

export type ViewAsk =
  | { readonly kind: 'ask'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'close' }

export type ViewReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly fault: FaultOnWire }
