/** The screens there are, and how one leads to another. */
import { createContext, use } from 'react'

export type Screen =
  | { readonly at: 'start' }
  | { readonly at: 'overview' }
  | { readonly at: 'archives'; readonly show?: 'inventory' | 'explorer' | 'anomalies'; readonly anomaly?: string }
  | { readonly at: 'plan' }
  | { readonly at: 'devices'; readonly deviceId?: number }
  | { readonly at: 'share' }
  | { readonly at: 'transfers' }
  | { readonly at: 'verification'; readonly itemId?: number }
  | { readonly at: 'evidence' }
  | { readonly at: 'settings' }
  | { readonly at: 'diagnostics' }

export type ScreenName = Screen['at']

/** Goes there; the shell keeps the way back (Alt+Left). */
export const GoContext = createContext<(screen: Screen) => void>(() => undefined)

export function useGo(): (screen: Screen) => void {
  return use(GoContext)
}
