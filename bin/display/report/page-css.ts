/** The CSS of the report page, for screens and paper. Below its full width, 1400 px, a row of figures becomes a card. */
export const STYLE = `
@page { size: A4 landscape; margin: 12mm }
:root { --up: #3fa66b; --degraded: #e0a526; --down: #c8372d; --unwatched: #b9c0ca; --blank: #eef0f3; --ink: #1b1f24; --soft: #5b6470; --line: #dfe3e8 }
* { box-sizing: border-box; print-color-adjust: exact; -webkit-print-color-adjust: exact }
body { font: 10.5pt/1.45 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; margin: 2em auto; padding: 0 2em; max-width: 100em; color: var(--ink); overflow-wrap: break-word }
header { border-bottom: 3px solid var(--ink); padding-bottom: .6em }
h1 { font-size: 1.9em; font-weight: 650; margin: 0; letter-spacing: -.01em; line-height: 1.2 }
header p, .key { color: var(--soft); margin: .3em 0 0; max-width: 70em }
h2 { font-size: 1.1em; font-weight: 650; margin: 2em 0 .5em; break-after: avoid }
.totals { display: grid; grid-template-columns: repeat(auto-fit, minmax(10em, 1fr)); gap: 1em; margin: 1.4em 0 0 }
.totals div { border: 1px solid var(--line); border-radius: 6px; padding: .7em 1em }
.totals dt, .totals .note { color: var(--soft); font-size: .85em; font-weight: 400 }
.totals dd { margin: .1em 0 0; font-size: 1.45em; font-weight: 650; font-variant-numeric: tabular-nums }
.totals .bad { color: var(--down) }
table { border-collapse: collapse; width: 100% }
tr { break-inside: avoid }
th, td { text-align: left; padding: .42em .6em; border-bottom: 1px solid var(--line); vertical-align: middle; font-variant-numeric: tabular-nums }
thead { display: table-header-group }
thead th { color: var(--soft); font-weight: 600; font-size: .85em; border-bottom: 2px solid var(--line); vertical-align: bottom }
.days th { width: 14em; font-weight: 600 }
.days .share { width: 9em; text-align: right; font-weight: 600; white-space: nowrap }
.share small { display: block; font-weight: 400; color: var(--soft) }
.days svg { display: block; width: 100%; height: 2.1em }
.tag { font-size: .78em; font-weight: 400; color: var(--soft); border: 1px solid var(--line); border-radius: 3px; padding: 0 .4em; white-space: nowrap }
.figures { font-size: .9em }
.figures th, .figures td { padding: .42em .5em }
.figures td:first-child { font-weight: 600; overflow-wrap: anywhere; min-width: 9em }
.days th, .outages td { overflow-wrap: anywhere }
.figures .figure { text-align: right; white-space: nowrap }
.figures td[data-title="Worst hours"] { white-space: nowrap }
tr.missed .share, .figures tr.missed td[data-title="Uptime"] { color: var(--down); font-weight: 650 }
.outages td:nth-child(-n+3) { white-space: nowrap }
rect.up { fill: var(--up) } rect.degraded { fill: var(--degraded) } rect.down { fill: var(--down) } rect.unwatched { fill: var(--unwatched) } rect.blank { fill: var(--blank) }
.key { font-size: .85em } .key span { margin-right: 1.6em; white-space: nowrap }
.key span::before { content: ""; display: inline-block; width: .8em; height: .8em; margin-right: .45em; border-radius: 2px; vertical-align: -.05em; background: var(--up) }
.key .degraded::before { background: var(--degraded) } .key .down::before { background: var(--down) } .key .unwatched::before { background: var(--unwatched) } .key .blank::before { background: var(--blank) }
@media screen and (max-width: 1400px) {
  .figures thead, .outages thead { display: none }
  .figures tr, .outages tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5em, 1fr)); gap: .3em 1.2em; padding: .8em 0; border-bottom: 1px solid var(--line) }
  .figures td, .figures .figure, .outages td { display: block; border: 0; padding: 0; text-align: left }
  .figures td:empty, .outages td:empty { display: none }
  .figures td[data-title]::before, .outages td[data-title]::before { content: attr(data-title); display: block; color: var(--soft); font-size: .85em; font-weight: 400 }
  .figures td:first-child { grid-column: 1 / -1; font-size: 1.1em } .figures td:first-child::before { content: none }
  .figures td[data-title="Worst hours"], .outages td:last-child { grid-column: 1 / -1; white-space: normal }
}
@media screen and (max-width: 700px) {
  body { margin: 1em auto; padding: 0 1em }
  h1 { font-size: 1.5em }
  .totals { grid-template-columns: repeat(2, 1fr); gap: .6em } .totals dd { font-size: 1.2em }
  .days tr { display: grid; grid-template-columns: 1fr auto; padding: .5em 0; border-bottom: 1px solid var(--line) }
  .days th, .days td, .days .share { border: 0; padding: .1em 0; width: auto }
  .days .strip { grid-column: 1 / -1; grid-row: 2 }
}
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 8pt } th, td { padding: .3em .4em } }
`;
