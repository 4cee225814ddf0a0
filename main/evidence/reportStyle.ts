/** The report's looks: one style sheet for screen and paper, light and dark. No fonts, pictures or scripts from anywhere. */
export const reportStyle = `
:root { color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #16191f; --quiet: #545b66; --line: #d9dde3; --stripe: #f6f7f9;
  --green: #1d6f42; --green-soft: #e6f4ec; --amber: #8a5300; --amber-soft: #fdf1dc; --red: #b3261e; --red-soft: #fdeceb; }
@media (prefers-color-scheme: dark) { :root {
  --page: #0f1319; --card: #171c24; --ink: #e6e9ee; --quiet: #a2abb8; --line: #303844; --stripe: #1c222c;
  --green: #7fd6a4; --green-soft: #14301f; --amber: #f3bf6b; --amber-soft: #35270f; --red: #ff9c94; --red-soft: #3b1a18; } }
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100% }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif }
main, header, footer { max-width: 66rem; margin: 0 auto; padding: 0 1.5rem }
header { padding-top: 2.5rem }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; letter-spacing: -.01em; overflow-wrap: anywhere }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 0 0 .25rem }
p { margin: 0 0 .75rem; max-width: 46rem }
.quiet, .none { color: var(--quiet) }
.sub { color: var(--quiet); margin: 0; font-size: .94rem }
.tag { display: inline-block; border: 1px solid currentColor; border-radius: 4px; padding: 0 .45rem; font-size: .8rem; font-weight: 600; margin-left: .4rem; color: var(--quiet); vertical-align: .15em }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.25rem 1.5rem; margin: 1rem 0 }
section > :last-child { margin-bottom: 0 }
.standing { border-left: 6px solid; margin-top: 1.5rem }
.standing.green { border-left-color: var(--green); background: var(--green-soft) }
.standing.amber { border-left-color: var(--amber); background: var(--amber-soft) }
.standing.red { border-left-color: var(--red); background: var(--red-soft) }
.standing .verdict { font-weight: 700; font-size: .94rem; margin: 0 0 .25rem }
.green .verdict { color: var(--green) } .amber .verdict { color: var(--amber) } .red .verdict { color: var(--red) }
.passed-over { border-top: 1px solid var(--line); margin-top: 1rem; padding-top: .85rem; font-size: .94rem }
.standing .passed-over { border-top-color: color-mix(in srgb, currentColor 18%, transparent) }
.passed-over > * { max-width: 56rem } .passed-over > :last-child { margin-bottom: 0 }
.standing .sentence { font-size: 1.35rem; line-height: 1.35; font-weight: 600; margin: 0 0 .5rem; max-width: none }
.part { display: inline-block; max-width: 100% }
dl.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(9.5rem, 40%), 1fr)); gap: 1rem 1.5rem; margin: 0 }
dl.figures dt { color: var(--quiet); font-size: .87rem }
dl.figures dd { margin: 0; font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums }
dl.words { margin: 0; display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .35rem 1.25rem }
dl.words dt { font-weight: 600 } dl.words dd { margin: 0; max-width: 46rem }
.scroll { overflow-x: auto; margin: .75rem 0 }
table { border-collapse: collapse; width: 100%; font-size: .9rem }
caption { text-align: left; color: var(--quiet); font-size: .87rem; padding-bottom: .4rem }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line) }
thead th { font-size: .8rem; color: var(--quiet); font-weight: 600; vertical-align: bottom }
tbody th { font-weight: 600 } tbody th .quiet, tbody th code { font-weight: 400 }
.whole { white-space: nowrap }
tbody tr:last-child > * { border-bottom: 0 }
.number { text-align: right; padding-right: 1.25rem; font-variant-numeric: tabular-nums; white-space: nowrap }
thead .number { white-space: normal }
tr > :last-child { padding-right: 0 }
.groups tr > :first-child { width: 32%; min-width: 9rem } .groups .number { padding-right: .9rem } .groups tr > :last-child { padding-right: 0 }
.scroll:focus-visible { outline: 2px solid currentColor; outline-offset: 4px }
.bad { color: var(--red); font-weight: 600 } .warn { color: var(--amber); font-weight: 600 } .good { color: var(--green); font-weight: 600 }
code { font: .86em ui-monospace, SFMono-Regular, Menlo, "Liberation Mono", monospace; overflow-wrap: anywhere }
ul { margin: 0 0 .75rem; padding-left: 1.2rem } li { margin: .15rem 0; max-width: 46rem }
footer { padding-top: .5rem; padding-bottom: 2.5rem; color: var(--quiet); font-size: .87rem }
@media (max-width: 40rem) { main, header, footer { padding-left: 1rem; padding-right: 1rem } section { padding: 1rem } table { min-width: 40rem } dl.words { grid-template-columns: 1fr; gap: 0 } dl.words dd { margin-bottom: .6rem } }
@media print {
  :root { color-scheme: light; --page: #fff; --card: #fff; --ink: #000; --quiet: #444; --line: #bbb; --green: #14522f; --green-soft: #fff; --amber: #6b4000; --amber-soft: #fff; --red: #8f1a14; --red-soft: #fff }
  @page { size: A4; margin: 16mm 15mm }
  html { font-size: 10pt } body { font-size: 1rem }
  main, header, footer { max-width: none; padding: 0 }
  section { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 8pt 0 0; margin: 10pt 0 }
  section.standing { border: 1px solid; border-left: 6px solid; padding: 8pt 10pt; -webkit-print-color-adjust: exact; print-color-adjust: exact }
  dl.figures { grid-template-columns: repeat(5, auto); gap: 0 1rem } dl.figures dd { font-size: 1.1rem } .groups .number { padding-right: .7rem }
  h2 { break-after: avoid } caption { break-after: avoid } tr { break-inside: avoid } thead { display: table-header-group } .scroll { overflow: visible }
}
`
