import { INCIDENT_STYLE } from './style/incident.ts';

/** The style of all pages, as `page.css`. */
export const PAGE_STYLE = `:root {
  --ink: #1c2430;
  --soft: #596579;
  --line: #dfe4ea;
  --ground: #f6f7f9;
  --card: #fff;
  --up: #2f8f5b;
  --degraded: #b7791f;
  --down: #c53030;
  --unknown: #6b7280;
  --unwatched: #d5dae1;
  --link: #1f5fae;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6eaf0;
    --soft: #9aa6b8;
    --line: #2b3442;
    --ground: #12161d;
    --card: #1a202a;
    --up: #4cb380;
    --degraded: #e0a948;
    --down: #ef6b6b;
    --unknown: #9ca3af;
    --unwatched: #39424f;
    --link: #7db2f0;
  }
}
* {
  box-sizing: border-box;
}
body {
  margin: 0 auto;
  padding: 1.5rem 1rem 3rem;
  max-width: 62rem;
  background: var(--ground);
  color: var(--ink);
  font:
    1rem / 1.5 system-ui,
    sans-serif;
  overflow-wrap: anywhere;
}
a {
  color: var(--link);
}
a:focus-visible,
summary:focus-visible,
g:focus-visible {
  outline: 2px solid var(--link);
  outline-offset: 2px;
}
body > header {
  margin-bottom: 1.5rem;
}
.home {
  color: var(--ink);
  font-weight: 600;
  text-decoration: none;
}
h1 {
  font-size: 1.6rem;
  line-height: 1.25;
  margin: 0 0 1.5rem;
}
h2 {
  font-size: 1.05rem;
  margin: 2rem 0 0.75rem;
  display: inline-block;
}
section > h2 {
  display: block;
}
h3 {
  font-size: 1rem;
  margin: 0;
}
.headline {
  padding: 1.1rem 1.25rem;
  border-radius: 0.6rem;
  background: var(--card);
  border-left: 0.4rem solid var(--unknown);
}
.headline.up {
  border-color: var(--up);
}
.headline.degraded {
  border-color: var(--degraded);
}
.headline.down {
  border-color: var(--down);
}
.targets {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 27rem), 1fr));
  gap: 1rem;
}
.target,
.evidence {
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 0.6rem;
  padding: 1rem 1.1rem;
}
.evidence {
  margin-bottom: 1rem;
}
.target > header {
  display: flex;
  justify-content: space-between;
  gap: 1rem;
}
.verdict {
  font-weight: 600;
  white-space: nowrap;
  color: var(--unknown);
}
.verdict.up {
  color: var(--up);
}
.verdict.degraded {
  color: var(--degraded);
}
.verdict.down {
  color: var(--down);
}
.note {
  color: var(--soft);
  font-size: 0.875rem;
}
.target p {
  margin: 0.15rem 0 0.6rem;
}
.days {
  display: block;
  width: 100%;
  height: 2.2rem;
}
.days .up {
  fill: var(--up);
}
.days .degraded {
  fill: var(--degraded);
}
.days .down {
  fill: var(--down);
}
.days .unwatched {
  fill: var(--unwatched);
}
.days .notch {
  fill: var(--ink);
}
.scale {
  display: flex;
  justify-content: space-between;
  font-size: 0.8rem;
  color: var(--soft);
}
.scale strong {
  color: var(--ink);
}
.now {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem 1.5rem;
  align-items: end;
  justify-content: space-between;
}
.now ul,
.incidents,
.vantages,
.timeline,
.transcript {
  list-style: none;
  margin: 0;
  padding: 0;
}
.now li {
  font-size: 0.9rem;
}
.pass > span:first-child {
  color: var(--up);
}
.warn > span:first-child {
  color: var(--degraded);
}
.fail > span:first-child {
  color: var(--down);
}
.unable > span:first-child {
  color: var(--unknown);
}
.latency {
  margin: 0;
  text-align: right;
  font-size: 0.75rem;
  color: var(--soft);
}
.latency svg {
  display: block;
  width: 12rem;
  max-width: 100%;
  height: 2.2rem;
}
.line {
  fill: none;
  stroke: var(--link);
  stroke-width: 1.5;
  vector-effect: non-scaling-stroke;
}
.line1 {
  stroke: var(--degraded);
}
.line2 {
  stroke: var(--up);
}
.line3 {
  stroke: var(--unknown);
}
.line4 {
  stroke: var(--down);
}
.target h3 a{color:inherit;text-decoration:none}.target h3 a:hover{text-decoration:underline}
table{border-collapse:collapse}th{text-align:left;font-weight:400;color:var(--soft);padding:.1rem .75rem .1rem 0;white-space:nowrap}.number{text-align:right;white-space:nowrap;padding-left:.75rem;font-variant-numeric:tabular-nums}
.waterfall{width:100%;font-size:.875rem}.waterfall td:nth-child(2){width:70%}.bar{display:block;width:100%;height:.7rem}.bar .pass{fill:var(--link)}.bar .warn{fill:var(--degraded)}.bar .fail{fill:var(--down)}.bar .unable{fill:var(--unknown)}
.scroll{overflow-x:auto}.heat .pass{fill:var(--up)}.heat .warn{fill:var(--degraded)}.heat .fail{fill:var(--down)}.heat .unable{fill:var(--unknown)}
.figures{margin-bottom:1rem}.figures th[scope=col]{text-align:right;padding:0 0 0 .75rem}.plain{list-style:none;padding:0}
.incidents li,
.timeline li {
  padding: 0.6rem 0;
  border-top: 1px solid var(--line);
}
.transcript {
  font-size: 0.85rem;
}
#stale {
  padding: 0.8rem 1rem;
  border-radius: 0.6rem;
  background: var(--down);
  color: #fff;
  font-weight: 600;
}
body.stale main {
  filter: grayscale(1);
  opacity: 0.6;
}
footer {
  margin-top: 3rem;
  border-top: 1px solid var(--line);
  padding-top: 0.75rem;
  color: var(--soft);
  font-size: 0.875rem;
}
footer a {
  margin-right: 1rem;
}
${INCIDENT_STYLE}@media (prefers-reduced-motion: no-preference) {
  main {
    transition: opacity 0.3s;
  }
}
@media print {
  body {
    background: #fff;
  }
  .target {
    break-inside: avoid;
  }
}
`;
