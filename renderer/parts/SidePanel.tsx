/** The split panel below the content: the thing that is selected above. Shown as long as this is rendered. */
import { use, useEffect, useRef, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { PanelsContext } from './panels.ts'

type Props = { readonly title: string; readonly onClose: () => void; readonly children: ReactNode }

export function SidePanel({ title, onClose, children }: Props) {
  const { panel, place } = use(PanelsContext)
  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  }, [onClose])
  useEffect(() => {
    panel({ title, onClose: () => close.current() })
  }, [panel, title])
  useEffect(() => () => panel(undefined), [panel])
  return place === null ? null : createPortal(children, place)
}
