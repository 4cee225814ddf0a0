/** Ground for what a screen draws itself: the components' colours as custom properties, for light and dark. */
import type { CSSProperties, ReactNode } from 'react'
import * as tokens from '@cloudscape-design/design-tokens'
import './drawn.css'

const colours = {
  '--text': tokens.colorTextBodyDefault,
  '--quiet': tokens.colorTextBodySecondary,
  '--line': tokens.colorBorderDividerDefault,
  '--axis': tokens.colorBorderControlDefault,
  '--surface': tokens.colorBackgroundContainerContent,
  '--head': tokens.colorBackgroundContainerHeader,
  '--track': tokens.colorBackgroundCellShaded,
  '--hover': tokens.colorBackgroundDropdownItemHover,
  '--chosen': tokens.colorBackgroundItemSelected,
  '--focus': tokens.colorBorderItemFocused,
  '--mark': tokens.colorTextAccent,
  '--mono': tokens.fontFamilyMonospace,
  '--route-device': tokens.colorChartsBlue11000,
  '--route-share': tokens.colorChartsOrange700,
  '--route-link': tokens.colorChartsPurple700,
} as CSSProperties

export function Drawn({ children }: { readonly children: ReactNode }) {
  return (
    <div className="drawn" style={colours}>
      {children}
    </div>
  )
}
