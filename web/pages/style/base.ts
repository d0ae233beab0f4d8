/** Text, links, headings and focus. */
export const BASE_STYLE = `* {
  box-sizing: border-box;
}
[hidden] {
  display: none !important;
}
.unseen {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
html {
  -webkit-text-size-adjust: 100%;
}
body {
  margin: 0;
  min-height: 100vh;
  display: flex;
  flex-direction: column;
  background: var(--ground);
  color: var(--ink);
  font:
    var(--body) / 1.5 system-ui,
    -apple-system,
    "Segoe UI",
    Roboto,
    "DejaVu Sans",
    sans-serif;
  overflow-wrap: break-word;
}
main,
.wide {
  width: 100%;
  max-width: 72rem;
  margin: 0 auto;
  padding: 0 var(--s5);
}
main {
  flex: 1;
  padding-top: var(--s5);
}
main:focus {
  outline: none;
}
a {
  color: var(--link);
  text-underline-offset: 0.15em;
}
:focus-visible {
  outline: 2px solid var(--link);
  outline-offset: 2px;
  border-radius: 2px;
}
h1,
h2,
h3 {
  line-height: 1.25;
  text-wrap: balance;
}
h1 {
  font-size: var(--display);
  font-weight: 650;
  letter-spacing: -0.01em;
  margin: 0 0 var(--s4);
}
h2 {
  font-size: var(--lead);
  font-weight: 650;
  margin: var(--s6) 0 var(--s3);
}
h3 {
  font-size: var(--body);
  font-weight: 600;
  margin: 0;
}
p {
  margin: 0 0 var(--s3);
}
code,
.transcript {
  font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: 0.9em;
  overflow-wrap: anywhere;
}
q {
  quotes: "“" "”";
}
.note {
  color: var(--soft);
  font-size: var(--note);
}
.card,
.target,
.evidence {
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: var(--round);
  padding: var(--s4) var(--s5);
}
.evidence {
  margin-bottom: var(--s4);
}
.card > :last-child,
.evidence > :last-child {
  margin-bottom: 0;
}
summary {
  cursor: pointer;
}
ul.plain,
.incidents,
.timeline,
.transcript,
.steps {
  list-style: none;
  margin: 0;
  padding: 0;
}
table {
  border-collapse: collapse;
}
th {
  text-align: left;
  font-weight: 500;
}
.number {
  text-align: right;
  white-space: nowrap;
  font-variant-numeric: tabular-nums;
}
.scroll {
  overflow-x: auto;
}
@media (max-width: 40rem) {
  main,
  .wide {
    padding-left: var(--s4);
    padding-right: var(--s4);
  }
  .card,
  .target,
  .evidence {
    padding: var(--s4);
  }
  h1 {
    font-size: var(--title);
  }
}
@media (prefers-reduced-motion: no-preference) {
  main {
    transition: filter 0.3s;
  }
}
`;
