/** The head of each screen: its name, one sentence, its buttons. The name takes the focus when the screen is entered. */
import Header from '@cloudscape-design/components/header'
import { use, useEffect, useRef, type ReactNode } from 'react'
import { PanelsContext, useHelp, type Help } from './panels.ts'

type Props = {
  readonly title: string
  readonly description?: ReactNode
  readonly actions?: ReactNode
  readonly help?: Help
  readonly children: ReactNode
}

/** Which element the shell gives the focus to. */
export const screenTitleId = 'screen-title'

export function ScreenFrame({ title, description, actions, help, children }: Props) {
  useHelp(help)
  const { arrive } = use(PanelsContext)
  const name = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    if (arrive()) name.current?.focus()
  }, [arrive])
  return (
    <div className="firn-stack">
      <Header variant="h1" description={description} actions={actions}>
        <span ref={name} id={screenTitleId} tabIndex={-1} className="firn-title">
          {title}
        </span>
      </Header>
      {children}
    </div>
  )
}
