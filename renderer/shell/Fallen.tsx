/** Catches a screen that fell over: says so with a code that can be copied, and offers to load the window again. Bar, menu and status line go on. */
import { Component, type ReactNode } from 'react'
import { asFault, Fault, isFault } from '../../shared/faults/fault.ts'
import { FaultBox } from '../parts/FaultBox.tsx'
import type { ScreenName } from '../screen.ts'

type Props = { readonly screen: ScreenName; readonly children: ReactNode }
type State = { readonly fault: Fault | undefined }

export class Fallen extends Component<Props, State> {
  override state: State = { fault: undefined }

  static getDerivedStateFromError(error: unknown): State {
    return {
      fault: isFault(error)
        ? error
        : new Fault('unforeseen', { kind: error instanceof Error ? error.name : typeof error }, { cause: error }),
    }
  }

  override render(): ReactNode {
    const { fault } = this.state
    if (fault === undefined) return this.props.children
    const told = new Fault(fault.code, { ...fault.facts, screen: this.props.screen }, { cause: asFault(fault).cause })
    return <FaultBox fault={told} onRetry={() => window.location.reload()} />
  }
}
